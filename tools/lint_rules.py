"""The linter's settings: sizes, words, and who may include whom."""
import re

CODE = (".cpp", ".hpp", ".c", ".h")
ASSEMBLY = (".S",)
COLUMNS = 100
FILE_LINES = 500
FUNCTION_LINES = 70
PUBLIC_HEADER_LINES = 150
PUBLIC_HEADERS = ("port/include/twinsock/", "host_sim/include/")

# Folders of code that also runs on a microcontroller.
PORTABLE = ("port/core/", "port/native/", "port/include/", "port/lwip/", "port/coop/", "exchanges/",
            "conformance/")
PORTABLE_EXCEPTIONS = ("port/coop/host/",)

# Where the platform may be asked for.
PLATFORM_FOLDERS = ("port/posix/", "port/lwip/", "port/coop/", "firmware/", "tests/firmware/",
                    "bench/")
PLATFORM_MACRO = re.compile(
    r"\b(_WIN32|_MSC_VER|__linux__|__APPLE__|__unix__|__FreeBSD__|__ZEPHYR__|ESP_PLATFORM|"
    r"__x86_64__|__i386__|__aarch64__|__arm__|__riscv|__thumb__|__ARM_\w+|__CORTEX_\w+)\b")

# Word, why or instead, and the folders it is banned in ("portable", or a tuple) and allowed in.
EVERYWHERE = ("",)
BANNED = [
    (r"\bnew\b(?!\s*\()", "no heap here: the caller owns the storage", "portable", ()),
    (r"(?<!= )\bdelete\b", "no heap here: the caller owns the storage", "portable", ()),
    (r"\b(malloc|calloc|realloc|free)\s*\(", "no heap here: the caller owns the storage",
     "portable", ()),
    (r"\bthrow\b", "return a Result", "portable", ()),
    (r"\b(try|catch)\b\s*[({]", "return a Result", "portable", ()),
    (r"\bdynamic_cast\b", "there is no RTTI: use a virtual function or an enum", "portable", ()),
    (r"\btypeid\b", "there is no RTTI: use an enum", "portable", ()),
    (r"\bstd::function\b", "take a function pointer and a context, or a template", "portable", ()),
    (r"\bstd::(string|wstring|ostringstream|stringstream)\b",
     "use std::string_view, a span or FixedText", "portable", ()),
    (r"\bstd::(vector|map|set|deque|list|unordered_map|unordered_set|shared_ptr|unique_ptr)\b",
     "no heap here: use std::array or a span", "portable", ()),
    (r"\bstd::(thread|mutex|condition_variable|jthread)\b", "use twinsock/thread.hpp", "portable",
     ()),
    (r"\bstd::chrono::(system|steady|high_resolution)_clock\b", "use twinsock/clock.hpp",
     "portable", ()),
    (r"\b(printf|fprintf|puts|sprintf)\s*\(|\bstd::(cout|cerr)\b",
     "report or log through the context", "portable", ()),
    (r"\berrno\b", "only a backend knows errno: use Errc", EVERYWHERE,
     ("port/posix/", "port/lwip/", "port/coop/", "firmware/", "host_sim/", "tests/", "bench/")),
    (r"\b(rand|srand|drand48)\s*\(", "randomness is an argument: take a seed", EVERYWHERE, ()),
    (r"\bstd::(random_device|mt19937\w*)\b", "randomness is an argument: take a seed",
     ("port/", "exchanges/", "host_sim/"), ()),
    (r"\bstd::chrono::(system|steady|high_resolution)_clock\b|\b(gettimeofday|clock_gettime)\s*\(",
     "a simulation has its own clock", ("host_sim/simulator/", "host_sim/include/"),
     ("host_sim/simulator/watchdog.cpp", "host_sim/simulator/live.cpp")),  # they time the host
    (r"\bstd::unordered_\w+\b", "hash order is no order: use a vector or std::map",
     ("host_sim/simulator/", "host_sim/include/"), ()),
    (r"\busing namespace std\s*;", "name what is meant", EVERYWHERE, ()),
]

# What an include line can reach, by the way it is spelt; the first match names the layer.
LAYER_OF_INCLUDE = [
    ("public", r"twinsock/|twinsock_backend/"),
    ("seam", r"native/"),
    ("core", r"core/"),
    ("posix-backend", r"posix/"),
    ("lwip", r"lwip/[\w/]+\.h$|lwipopts\.h$|netif/|arch/(cc|sys_arch|perf)\.h$"),
    ("lwip-backend", r"lwip/[\w/]+\.hpp$"),
    ("node-abi", r"(coop/)?host/node_abi\.hpp$"),
    ("kernel", r"coop/|kernel/"),
    ("exchanges", r"exchanges/"),
    ("conformance", r"conformance/"),
    ("simulator", r"host_sim/|simulator/"),
    ("firmware", r"firmware/"),
    ("sockets", r"(sys/(socket|un|select|epoll)|netinet/\w+|arpa/inet|net/if|netdb|poll)\.h$"),
    ("system",
     r"(sys/(?!time\.h|types\.h)\w+|unistd|pthread|fcntl|dlfcn|signal|ucontext|termios)\.h$"),
    ("tests", r"gtest/|gmock/|benchmark/"),
]

# Who may include whom. Headers that no row of LAYER_OF_INCLUDE names (C++ and C standard headers,
# a file of the same folder, other libraries) are free. Folders that are not named may include all.
MAY_INCLUDE = [
    ("port/include/", {"public"}),
    ("port/native/", {"public", "seam"}),
    ("port/core/", {"public", "seam", "core"}),
    ("port/posix/", {"public", "seam", "posix-backend", "sockets", "system"}),
    ("port/lwip/", {"public", "seam", "lwip-backend", "lwip"}),
    ("port/coop/host/", {"public", "kernel", "lwip", "node-abi", "system"}),
    ("port/coop/", {"public", "kernel", "lwip", "node-abi"}),
    ("exchanges/", {"public", "exchanges"}),
    ("conformance/", {"public", "exchanges", "conformance"}),
    ("firmware/", {"public", "exchanges", "conformance", "kernel", "lwip", "firmware"}),
    ("host_sim/tool/", {"public", "exchanges", "simulator", "node-abi", "system", "sockets"}),
    ("host_sim/bridge/", {"simulator", "system", "sockets"}),
    ("host_sim/", {"simulator", "node-abi", "system"}),
]

# Top folders that need no README: what a tool wants to find there.
NO_README = (".ci", ".git", ".github", ".deps", ".vscode")

# A package registry's or a mirror's host, whatever its domain, and this or that machine's folders.
REGISTRY_HOST = re.compile(
    r"\b(?:deb|ftp|archive|security|packages|registry|registry-\d|index|pypi|files|static|repo1|"
    r"proxy|snapshot)\.(?:debian|ubuntu|npmjs|python|pythonhosted|pypi|crates|docker|maven|golang|"
    r"rubygems|(?:cloud\.)?google)\.(?:org|com|io|net)\b|\b(?:pypi|crates)\.(?:org|io)\b")
MACHINE_PATH = re.compile(r"(?<![\w.$~}-])/(work|farm|home|root)/\w")
PROCESS_WORDS = re.compile(
    r"\b(issue|ticket) #?\d+\b|\b(this|the|next) session\b|\bthe lead\b|\bhelper session\b", re.I)
PROCESS_WORDS_FREE = ("tools/lint_rules.py", "tests/style/")
