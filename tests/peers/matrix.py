"""Who talks with whom: each program that is not ours, as one role of an exchange in each world.

    python3 tests/peers/matrix.py          prints the table of README.md
"""
import dataclasses
import pathlib
import sys

import http_page

HERE = pathlib.Path(__file__).resolve().parent
WORLDS = ("posix", "sim", "board")
SOCKET, SELECT, SOCKETSERVER = "Python's `socket`", "Python's `select`", "Python's `socketserver`"
HTTP_SERVER, URLLIB = "Python's `http.server`", "Python's `urllib`"


@dataclasses.dataclass(frozen=True)
class Pairing:
    """One program as one role; ours is the other."""
    program: str
    exchange: str
    role: str  # theirs
    # Its words; {host} is an address, {at} the same in brackets if IPv6's, {port}, {v} 4 or 6.
    command: tuple
    typed: str = ""       # on its standard input, which ends once it has said `says`
    says: tuple = ()      # its standard output, lines; what it says beyond the last does not matter
    hears: tuple = ()     # lines of our transcript
    words: tuple = ()     # more of ours
    listens: str = r"listening on .*:(\d+)$"  # a server's line with its port
    worlds: tuple = WORLDS
    once: bool = True     # a server that ends by itself after one exchange


def script(exchange, role, *words):
    return (sys.executable, "-B", str(HERE / f"{exchange}.py"), role, "{host}", "{port}", *words)


def python(exchange, role, *words, program=SOCKET, **more):
    return Pairing(program, exchange, role, script(exchange, role, *words), **more)


def socat(exchange, role, *words, **more):
    return Pairing("socat", exchange, role, ("socat", *words), **more)


def netcat(exchange, role, *words, **more):
    return Pairing("netcat", exchange, role, ("nc", "-n", *words, "{host}", "{port}"), **more)


def served_page(path, body):
    return Pairing(HTTP_SERVER, "http_page", "server", script("http_page", "server"),
                   says=(f"GET {path} HTTP/1.0",), words=(f"path={path}",),
                   hears=("HTTP/1.0 200 OK",
                          f"body: {len(body)} bytes, sum {http_page.sum_of(body)}"))


LINES = ("--say", "olá", "--say", "###")
ANSWERS = ("you said: olá", "you said: ###")
CAPITALS = ("ONE", "TWO, WHILE ONE IS THERE", "ONE AGAIN")
REQUESTS = ("FIRST REQUEST", "SECOND REQUEST", "THIRD REQUEST")
ECHOED = ("sizes 1 to 1200: all echoed", "4 bursts of 5: all echoed")
LISTENING = r"^(?:Listening|Bound) on \S+ (\d+)$"  # netcat

CLIENTS = (
    python("tcp_chat", "client", "olá", "###", says=ANSWERS,
           hears=("received: olá", "received: ###", "client closed")),
    netcat("tcp_chat", "client", "-N", typed="olá", says=("you said: olá",),
           hears=("received: olá", "client closed")),
    netcat("udp_chat", "client", "-u", "-q", "0", typed="###", says=("you said: ###",),
           hears=("received: ###",)),
    socat("udp_chat", "client", "-t", "0", "-", "UDP{v}:{at}:{port}", typed="###",
          says=("you said: ###",), hears=("received: ###",)),
    python("udp_chat", "client", "olá", "###", says=ANSWERS,
           hears=("received: olá", "received: ###")),
    python("tcp_greeting", "client", says=("Hello client",), hears=("received: Hello server",)),
    netcat("tcp_greeting", "client", "-N", typed="Hello server", says=("Hello client",),
           hears=("received: Hello server",)),
    python("tcp_reply", "client", "¿Qué hora es en 東京?",
           says=("Olá, cliente! はい, und auf Wiederhören 🙂",),
           hears=("received: ¿Qué hora es en 東京?",)),
    socat("tcp_reply", "client", "-t", "30", "-", "TCP{v}:{at}:{port}", typed="Γειά σου",
          says=("Olá, cliente! はい, und auf Wiederhören 🙂",), hears=("received: Γειά σου",)),
    python("udp_timeout", "client", hears=("received: Hello server",)),
    python("tcp_echo", "client", says=("all echoed",), hears=("echoed 720600 bytes",)),
    socat("tcp_echo", "client", "-t", "30", "-", "TCP{v}:{at}:{port}", typed="hello node",
          says=("hello node",), hears=("echoed 10 bytes",)),
    python("udp_echo", "client", says=("all echoed",), hears=("client ended",)),
    python("tcp_refused", "client", says=("ECONNREFUSED", "0 True"), hears=("client closed",)),
    python("tcp_half_close", "client", says=("3000 b''",),
           hears=("client ended after 3000 bytes", "sent: 3000")),
    python("tcp_select_server", "client", program=SELECT, says=("all answered",),
           hears=("client A: 52 bytes echoed", "client C: 52 bytes echoed")),
    python("tcp_socketserver", "client", says=CAPITALS,
           hears=("served 2 connections at once, then shut down",)),
    python("udp_socketserver", "client", says=REQUESTS, hears=("client ended",)),
    Pairing(URLLIB, "http_page", "client", script("http_page", "client"),
            says=("200 text/plain; charset=utf-8 22 False",
                  "200 text/plain; charset=utf-8 20000 True", "404 no such page"),
            hears=("GET /", "GET /large", "GET /nowhere")),
    Pairing("curl", "http_page", "client",
            ("curl", "-sS", "--noproxy", "*", "--max-time", "50", "http://{at}:{port}/",
             "http://{at}:{port}/nowhere"),
            says=("Olá from a node: ☺", "no such page"), hears=("GET /", "GET /nowhere")),
    python("multicast_discovery", "client", says=("a twinsock server True",),
           hears=("the group was asked, answered", "left the group"), worlds=("posix",)),
)

SERVERS = (
    python("tcp_chat", "server", says=("olá", "###"), words=LINES,
           hears=("received: you said: olá", "received: you said: ###")),
    python("udp_chat", "server", says=("olá", "###"), words=LINES,
           hears=("received: you said: olá", "received: you said: ###")),
    socat("udp_chat", "server", "-d", "-d", "UDP{v}-LISTEN:{port},bind={at}", "PIPE", words=LINES,
          hears=("received: olá", "received: ###"), once=False),
    python("tcp_greeting", "server", "Welcome", says=("Hello server",),
           hears=("received: Welcome", "sent: Hello server")),
    netcat("tcp_greeting", "server", "-{v}", "-l", "-v", "-N", typed="Welcome",
           says=("Hello server",), hears=("received: Welcome",), listens=LISTENING),
    python("tcp_reply", "server", says=("Olá, servidor! Você fala 日本語? ☺",),
           hears=("received: Não sei, mas é tarde ☾",)),
    netcat("tcp_reply", "server", "-{v}", "-l", "-v", typed="はい",
           says=("Olá, servidor! Você fala 日本語? ☺",), hears=("received: はい",),
           listens=LISTENING),
    python("udp_timeout", "server", says=("received: Hello server",),
           hears=("sent: Hello server",)),
    netcat("udp_timeout", "server", "-{v}", "-l", "-u", "-v", "-q", "0", typed="Hello client",
           says=("Hello server",), hears=("sent: Hello server",), listens=LISTENING),
    python("tcp_echo", "server", says=("at least 720600 bytes",), hears=ECHOED),
    socat("tcp_echo", "server", "-d", "-d", "TCP{v}-LISTEN:{port},bind={at}", "EXEC:cat",
          hears=ECHOED),
    python("udp_echo", "server", says=("at least 1200 datagrams",), hears=ECHOED),
    python("tcp_refused", "server", says=("True b''",),
           hears=("closed port: connection_refused", "open port: connected")),
    python("tcp_half_close", "server", says=("3000 bytes",),
           hears=("received: 3000", "server ended")),
    socat("tcp_bulk", "server", "-d", "-d", "TCP{v}-LISTEN:{port},bind={at}", "EXEC:cat"),
    python("tcp_select_server", "server", program=SELECT, says=("3 at once",),
           hears=("3 connections open", "4 lines each, all answered")),
    socat("tcp_select_server", "server", "-d", "-d", "TCP{v}-LISTEN:{port},bind={at},fork",
          "EXEC:cat", hears=("4 lines each, all answered",), once=False),
    python("tcp_socketserver", "server", program=SOCKETSERVER, says=("served 2",),
           hears=("asked: one again, answer: ONE AGAIN",)),
    python("udp_socketserver", "server", program=SOCKETSERVER, says=("answered 3",),
           hears=("asked: third request, answer: THIRD REQUEST",)),
    served_page("/", http_page.GREETING),
    served_page("/large", http_page.LARGE),
    python("multicast_discovery", "server", says=("who is there?",),
           hears=("a member answered: a twinsock server",), worlds=("posix",)),
)

PAIRINGS = CLIENTS + SERVERS


def of(pairings, exchange, world):
    """Those of one exchange in one world: "posix", "sim", "board:NAME"."""
    return [each for each in pairings
            if each.exchange == exchange and world.split(":")[0] in each.worlds]


def exchanges(world):
    """Those of host_sim; `http_page` is these tests' own."""
    return list(dict.fromkeys(each.exchange for each in PAIRINGS if world in each.worlds
                              and each.exchange != "http_page"))


def cell(pairings, row):
    worlds = [each.worlds for each in pairings if (each.program, each.exchange) == row]
    return ", ".join(world for world in WORLDS if any(world in some for some in worlds)) or "–"


def table():
    rows = sorted({(each.program, each.exchange) for each in PAIRINGS})
    lines = ["| program | over | calls ours in | is called by ours in |", "|---|---|---|---|"]
    lines += [f"| {row[0]} | `{row[1]}` | {cell(CLIENTS, row)} | {cell(SERVERS, row)} |"
              for row in rows]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
