"""Rules of the linter that look at the project as a whole: files, links, scripts, privacy."""
import fnmatch
import posixpath
import re
import subprocess

import lint_rules as rules


def globs(project):
    """The patterns of every file(GLOB), as paths from the root; unknown variables are left open."""
    for path in project.select(".cmake", "CMakeLists.txt"):
        here = posixpath.dirname(path)
        for call in re.findall(r"\bfile\s*\(\s*GLOB(?:_RECURSE)?\s([^)]*)\)", project.text(path)):
            for word in call.split():
                word = re.sub(r"\$\{CMAKE_CURRENT_(LIST|SOURCE)_DIR\}/", "", word.strip('"'))
                variable, rest = re.fullmatch(r"(?:\$\{(\w+)\}/)?(.*)", word).groups()
                if "*" not in rest:
                    continue
                if variable is None:
                    yield posixpath.normpath(posixpath.join(here, rest))
                elif "/" in rest:
                    yield "*/" + rest
                else:  # some folder beside or below
                    yield posixpath.join(here, "*", rest)


def dead_files(project):
    """every source file is built by something, every header included"""
    builds = "\n".join(project.text(path) for path in project.select(".cmake", "CMakeLists.txt"))
    patterns = list(globs(project))
    linker_scripts = [project.text(path) for path in project.select(".ld")]
    for path in project.select(".cpp", ".c", ".S", ".ld"):
        name = path.rsplit("/", 1)[-1]
        stem = name.rsplit(".", 1)[0]
        # By its name, or by its stem in a list that a loop goes through.
        named = re.compile(rf"(?<![\w.-])({re.escape(name)}|{re.escape(stem)})(?![\w.])")
        if not (named.search(builds) or any(name in script for script in linker_scripts)
                or any(fnmatch.fnmatch(path, pattern) for pattern in patterns)):
            yield path, 1, "no CMake file names it: build it or remove it"
    includes = set()
    for path in project.select(*rules.CODE, *rules.ASSEMBLY, ".in", ".cmake", "CMakeLists.txt"):
        for name in re.findall(r'#\s*include\s*[<"]([^>"]+)[>"]', project.text(path)):
            includes.add(name.rsplit("/", 1)[-1])
    for path in project.select(".hpp", ".h"):
        name = path.rsplit("/", 1)[-1]
        # lwIP itself asks for its port's and its user's headers by these names.
        if name in ("lwipopts.h", "cc.h", "sys_arch.h", "perf.h", "lwip_hooks.h"):
            continue
        if name not in includes and name not in builds:
            yield path, 1, "nothing includes it: use it or remove it"


def anchors(text):
    """The anchors that a Markdown page offers, as the usual hosts make them of its headings."""
    found, fenced = set(), False
    for line in text.split("\n"):
        if line.startswith("```"):
            fenced = not fenced
        heading = re.match(r"#{1,6}\s+(.*?)\s*#*$", line)
        if heading and not fenced:
            title = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.group(1)).lower()
            slug = re.sub(r"[^\w\- ]", "", title.replace("`", "")).replace(" ", "-")
            candidate, count = slug, 0
            while candidate in found:
                count += 1
                candidate = f"{slug}-{count}"
            found.add(candidate)
    found.update(re.findall(r'<a\s+(?:id|name)="([^"]+)"', text))
    return found


LINK = r"\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)"


def links(project):
    """every link of a Markdown page leads to a file and an anchor that exist"""
    folders = {posixpath.dirname(path) for path in project.paths}
    for folder in list(folders):
        while folder:
            folder = posixpath.dirname(folder)
            folders.add(folder)
    for path in project.select(".md"):
        fenced = False
        for number, line in enumerate(project.lines(path), 1):
            if line.lstrip().startswith("```"):
                fenced = not fenced
            if fenced:
                continue
            for target in re.findall(LINK, re.sub(r"`[^`]*`", "", line)):
                if re.match(r"[a-z][a-z+.-]*:", target):
                    continue
                name, _, anchor = target.partition("#")
                full = posixpath.normpath(posixpath.join(posixpath.dirname(path), name))
                full = path if not name else "" if full == "." else full
                if full not in project.paths and full not in folders:
                    yield path, number, f"stale link: there is no {target}"
                elif anchor and full.endswith(".md") and anchor not in anchors(project.text(full)):
                    yield path, number, f"stale link: {full} has no heading #{anchor}"


def readmes(project):
    """every top folder has a README.md that begins with a heading"""
    folders = {path.split("/", 1)[0] for path in project.paths if "/" in path}
    for folder in sorted(folders - set(rules.NO_README)):
        if f"{folder}/README.md" not in project.paths:
            yield f"{folder}/README.md", 1, "is missing: say in a few lines what the folder is for"
    for path in project.select(".md"):
        if not project.text(path).startswith("# "):
            yield path, 1, "begin with a heading"


def scripts(project):
    """scripts can be executed and stop at the first error"""
    for path in project.scripts():
        first = project.lines(path)[0]
        if "bash" in first and not re.search(r"^set -euo pipefail$", project.text(path), re.M):
            yield path, 1, "a bash script begins with `set -euo pipefail`"
        if not (project.root / path).stat().st_mode & 0o100:
            yield path, 1, "is a script and cannot be executed: chmod +x"


def registry_hosts():
    """The hosts that this machine's package clients use, which have no place in the project."""
    try:
        answer = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)"],
                                capture_output=True, text=True, timeout=20, check=False).stdout
    except (OSError, subprocess.TimeoutExpired):
        return set()
    return set(re.findall(r"^[a-z+]+://([^/\s]+)", answer, re.M))


def private(project):
    """no package registry's host, no path of one machine, nothing on how the work is organised"""
    hosts = sorted(registry_hosts())
    known = re.compile("|".join(map(re.escape, hosts))) if hosts else None
    for path in project.paths:
        if project.text(path) is None or path.startswith(rules.PROCESS_WORDS_FREE):
            continue
        for number, line in enumerate(project.lines(path), 1):
            if rules.REGISTRY_HOST.search(line) or (known and known.search(line)):
                yield path, number, "names a package registry's host: ask the package client for it"
            if rules.MACHINE_PATH.search(line) and not line.startswith("#!"):
                yield path, number, "carries a path of one machine: make it relative or a variable"
            if rules.PROCESS_WORDS.search(line):
                yield path, number, "speaks of how the work is organised: speak of the product"


RULES = {
    "dead-files": dead_files,
    "links": links,
    "readmes": readmes,
    "scripts": scripts,
    "private": private,
}
