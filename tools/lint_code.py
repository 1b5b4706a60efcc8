"""Rules of the linter that look into source files."""
import re

import lint_rules as rules


def blank_out(text):
    """The text with comments and literals replaced by blanks of the same shape."""
    pattern = re.compile(
        r'//(?:\\\n|[^\n])*|/\*.*?\*/|R"([^()\s]{0,16})\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
        r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'", re.S)

    def blank(match):
        return re.sub(r"[^\n]", " ", match.group(0))
    return pattern.sub(blank, text)


def code_lines(project, path):
    return enumerate(blank_out(project.text(path)).split("\n"), 1)


def columns(project):
    """no line longer than 100 columns"""
    for path in project.select(*rules.CODE, *rules.ASSEMBLY, ".py", ".cmake", "CMakeLists.txt",
                               ".sh") + project.scripts():
        for number, line in enumerate(project.lines(path), 1):
            if len(line) > rules.COLUMNS:
                yield path, number, f"{len(line)} columns; at most {rules.COLUMNS}"


def file_length(project):
    """no file longer than 500 lines, no public header longer than 150"""
    for path in project.select(*rules.CODE, *rules.ASSEMBLY, ".py", ".cmake", "CMakeLists.txt",
                               ".sh") + project.scripts():
        limit = rules.FILE_LINES
        if path.startswith(rules.PUBLIC_HEADERS) and "/detail/" not in path:
            limit = rules.PUBLIC_HEADER_LINES
        count = project.text(path).count("\n")
        if count > limit:
            yield path, count, f"{count} lines; at most {limit}: split it by what it is about"


NOT_A_FUNCTION = re.compile(
    r"\b(namespace|class|struct|union|enum|extern|if|for|while|switch|do|else|catch)\b[^;{}()]*$")


def functions(text):
    """(first line, last line) of each outermost block that follows a parameter list."""
    code = re.sub(r"(?m)^[ \t]*#(?:\\\n|[^\n])*", lambda m: re.sub(r"[^\n]", " ", m.group(0)),
                  blank_out(text))
    stack, start, inside = [], 0, 0
    for match in re.finditer(r"[{};]", code):
        position, mark = match.start(), match.group(0)
        if mark == "{":
            head = code[start:position]
            is_function = not inside and ")" in head and not re.search(
                r"\b(namespace|class|struct|union|enum)\s+[^()]*$", head)
            first = start + len(head) - len(head.lstrip())
            stack.append((is_function, first))
            inside += is_function
        elif mark == "}" and stack:
            was_function, first = stack.pop()
            if was_function:
                inside -= 1
                yield code.count("\n", 0, first) + 1, code.count("\n", 0, position) + 1
        if not inside or mark != ";":
            start = position + 1


def function_length(project):
    """no function longer than 70 lines"""
    message = "a function of {} lines; at most {}: give a part of it a name"
    for path in project.code():
        for first, last in functions(project.text(path)):
            if last - first + 1 > rules.FUNCTION_LINES:
                yield path, first, message.format(last - first + 1, rules.FUNCTION_LINES)
    for path in project.select(".py"):
        for first, last in python_functions(project.text(path)):
            if last - first + 1 > rules.FUNCTION_LINES:
                yield path, first, message.format(last - first + 1, rules.FUNCTION_LINES)


def python_functions(text):
    import ast  # only here, and only for the few Python files
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node.lineno, node.end_lineno


def banner(project):
    """the first line of a file says why it exists"""
    for path in project.code() + project.select(*rules.ASSEMBLY):
        first = project.lines(path)[0]
        if not re.match(r"(//|/\*) ?\S.{9}", first):
            yield path, 1, "begin with one or two lines of comment that say why the file exists"
    for path in sorted(set(project.select(".py", ".cmake", "CMakeLists.txt", ".sh", ".ld")
                           + project.scripts())):
        lines = [line for line in project.lines(path) if not line.startswith("#!")]
        if not lines or not re.match(r'(#|"""|/\*) ?\S.{9}', lines[0]):
            yield path, 1, "begin with one or two lines of comment that say why the file exists"


def banned_words(project):
    """no word that has a better replacement here"""
    for path in project.code():
        portable = (path.startswith(rules.PORTABLE)
                    and not path.startswith(rules.PORTABLE_EXCEPTIONS))
        active = [(re.compile(word), instead) for word, instead, where, free in rules.BANNED
                  if not path.startswith(free or ("\0",))
                  and (portable if where == "portable" else path.startswith(where))]
        for number, line in code_lines(project, path):
            if line.lstrip().startswith("#include"):
                continue
            for word, instead in active:
                match = word.search(line)
                if match:
                    yield path, number, f"`{match.group(0).strip()}`: {instead}"


def platform(project):
    """no platform #if outside the backends, the kernel and the boards"""
    for path in project.code():
        if path.startswith(rules.PLATFORM_FOLDERS):
            continue
        for number, line in code_lines(project, path):
            match = re.match(r"\s*#\s*(if|ifdef|ifndef|elif)\b", line)
            if match and rules.PLATFORM_MACRO.search(line):
                yield path, number, "a platform #if: it belongs in a backend's folder"


def layers(project):
    """each folder includes only the layers below it"""
    table = [(name, re.compile(spelling)) for name, spelling in rules.LAYER_OF_INCLUDE]
    for path in project.code():
        allowed = next((layers for folder, layers in rules.MAY_INCLUDE if path.startswith(folder)),
                       None)
        if allowed is None:
            continue
        for number, line in enumerate(project.lines(path), 1):
            match = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
            if not match:
                continue
            layer = next((name for name, spelling in table if spelling.match(match.group(1))), None)
            if layer is not None and layer not in allowed:
                yield path, number, (f"includes {match.group(1)} ({layer}); allowed here: "
                                     + ", ".join(sorted(allowed)))


RULES = {
    "columns": columns,
    "file-length": file_length,
    "function-length": function_length,
    "banner": banner,
    "banned-words": banned_words,
    "platform": platform,
    "layers": layers,
}
