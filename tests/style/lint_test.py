#!/usr/bin/env python3
"""Every rule of tools/lint.py is seen to find a bad sample and to pass a good one."""
import os
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "tools"))
import lint  # noqa: E402

BANNER = "// Says why this file exists.\n"
LONG_FUNCTION = "void f() {\n" + "  g();\n" * 70 + "}\n"
MIRROR = "deb." + "debian.org"  # put together, so that this file is clean itself

# rule: [(path, text)] that it must object to, each by itself
BAD = {
    "columns": [("a.cpp", BANNER + "// " + "x" * 98), ("a.py", '"""Says why."""\n#' + "x" * 100),
                ("CMakeLists.txt", "#" * 101)],
    "file-length": [("a.cpp", BANNER * 501),
                    ("port/include/twinsock/a.hpp", BANNER * 151)],
    "function-length": [("a.cpp", BANNER + LONG_FUNCTION),
                        ("a.cpp", BANNER + "namespace n {\nclass C {\n" + LONG_FUNCTION + "};}"),
                        ("a.cpp", BANNER + "TEST(A, B) {\n" + "  { g(); }\n" * 70 + "}\n"),
                        ("a.py", '"""Says why."""\ndef f():\n' + "    g()\n" * 70)],
    "banner": [("a.cpp", "#include <x>\n"), ("a.hpp", "#pragma once\n"), ("a.cpp", "//\n"),
               ("a.py", "import os\n"), ("a.cmake", "set(A b)\n"), ("tool", "#!/bin/sh\nls\n")],
    "banned-words": [
        ("port/core/a.cpp", BANNER + line) for line in (
            "auto* p = new int;", "delete p;", "free(p);", "throw 1;", "try { f(); }",
            "dynamic_cast<A*>(b);", "std::function<void()> f;", "std::string s;",
            "std::vector<int> v;", "std::mutex m;", "std::chrono::steady_clock::now();",
            'printf("x");', "if (errno == 1) f();")
    ] + [("exchanges/a.cpp", BANNER + "std::random_device d;"),
         ("host_sim/simulator/a.cpp", BANNER + "std::chrono::system_clock::now();"),
         ("host_sim/simulator/a.cpp", BANNER + "std::unordered_map<int, int> m;"),
         ("tests/a.cpp", BANNER + "using namespace std;"), ("tests/a.cpp", BANNER + "rand();")],
    "platform": [("port/core/a.cpp", BANNER + "#ifdef __linux__\n#endif\n"),
                 ("host_sim/a.cpp", BANNER + "#if A && defined(__x86_64__)\n#endif\n")],
    "layers": [("port/core/a.cpp", BANNER + "#include <sys/socket.h>\n"),
               ("port/core/a.cpp", BANNER + "#include <lwip/sockets.h>\n"),
               ("port/posix/a.cpp", BANNER + "#include <lwip/sockets.h>\n"),
               ("port/lwip/a.cpp", BANNER + "#include <sys/socket.h>\n"),
               ("port/include/twinsock/a.hpp", BANNER + "#include <native/native.hpp>\n"),
               ("exchanges/a.cpp", BANNER + '#include "host_sim/simulation.hpp"\n'),
               ("firmware/a.cpp", BANNER + "#include <host_sim/simulation.hpp>\n"),
               ("host_sim/simulator/a.cpp", BANNER + "#include <twinsock/socket.hpp>\n")],
    "dead-files": [("a.cpp", BANNER), ("a.hpp", BANNER)],
    "links": [("a.md", "# A\n[b](b.md)\n"), ("a.md", "# A\n[b](#b)\n"),
              ("docs/a.md", "# A\n[up](../README.md#nowhere)\n")],
    "readmes": [("folder/a.txt", "text\n"), ("a.md", "no heading\n")],
    "scripts": [("tool", "#!/usr/bin/env bash\nls\n"),
                ("locked", "#!/usr/bin/env bash\nset -euo pipefail\n")],
    "private": [("a.md", f"# A\nfrom {MIRROR}\n"), ("a.txt", "in /" + "work/main\n"),
                ("a.cpp", "// as iss" + "ue 3 asks\n")],
}

# What no rule may object to.
GOOD = {
    "README.md": "# Product\n[code](src/a.cpp), [here](#two-words), [out](https://example.org/x)\n"
                 "```\n[no](link)\n```\n## Two words\n",
    "src/README.md": "# Sources\n[up](../README.md#product)\n",
    "src/CMakeLists.txt": "# Builds the sample.\nadd_library(a a.cpp)\n",
    "src/a.hpp": BANNER + "#pragma once\nvoid f();\n",
    "src/a.cpp": BANNER + '#include "a.hpp"\nstruct S {\n' + "  int m;\n" * 80 + "};\n"
                 + "void f() { g(); }\n" * 80,
    "port/README.md": "# Port\n",
    "port/CMakeLists.txt": "# Builds the core.\nfile(GLOB core ${DIR}/core/*.cpp)\n",
    "port/core/a.cpp": BANNER + "#include <native/native.hpp>\n#include <array>\n"
                       "// A new connection: never throw, errno is not known here.\n"
                       'const char* text = "new delete throw";\nS(const S&) = delete;\n',
    "tool": "#!/usr/bin/env bash\n# Does what a tool does.\nset -euo pipefail\n",
}


def project_of(folder, files):
    for path, text in files.items():
        full = pathlib.Path(folder) / path
        full.parent.mkdir(parents=True, exist_ok=True)
        full.write_text(text)
        os.chmod(full, 0o755 if path == "tool" else 0o644)
    return lint.Project(folder)


class LintTest(unittest.TestCase):
    def test_every_rule_finds_its_bad_samples(self):
        for rule, samples in BAD.items():
            for path, text in samples:
                with self.subTest(rule=rule, path=path, text=text[-60:]), \
                        tempfile.TemporaryDirectory() as folder:
                    found = lint.run(project_of(folder, {path: text}), [rule])
                    self.assertTrue(found, "nothing found")
                    self.assertEqual({rule}, {name for _, _, name, _ in found})

    def test_every_rule_has_a_bad_sample(self):
        self.assertEqual(set(lint.RULES), set(BAD))

    def test_a_good_project_passes(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assertEqual([], lint.run(project_of(folder, GOOD), list(lint.RULES)))

    def test_a_finding_names_the_line(self):
        with tempfile.TemporaryDirectory() as folder:
            project = project_of(folder, {"port/core/a.cpp": BANNER + "\nint* p = new int;\n"})
            self.assertEqual([3], [line for _, line, _, _ in lint.run(project, ["banned-words"])])


if __name__ == "__main__":
    unittest.main()
