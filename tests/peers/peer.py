"""What every peer does: its words on the command line, and the line that says where it listens."""
import socket
import sys

TIMEOUT_S = 20  # a peer of a test never waits for ever


def open_server(kind, address, port):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    s = socket.socket(family, kind)
    s.settimeout(TIMEOUT_S)
    if kind == socket.SOCK_STREAM:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((address, port))
    if kind == socket.SOCK_STREAM:
        s.listen(5)
    announce(s.getsockname())
    return s


def announce(name):
    host, port = name[:2]
    shown = f"[{host}]" if ":" in host else host
    print(f"listening on {shown}:{port}", file=sys.stderr, flush=True)


def open_client(kind, address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    s = socket.socket(family, kind)
    s.settimeout(TIMEOUT_S)
    return s


def main(client, server):
    side, address, port, *words = sys.argv[1:]
    if side == "client":
        sys.exit(client((address, int(port)), words))
    sys.exit(server(address, int(port), words))
