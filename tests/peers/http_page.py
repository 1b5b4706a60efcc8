"""HTTP: http.server has pages, urllib gets them."""
import http.server
import sys
import threading
import urllib.error
import urllib.request

import peer

GREETING = "Olá from a server: ☺\n".encode()
LARGE = bytes(ord("a") + i % 26 for i in range(20000))


def sum_of(body):
    """FNV-1a."""
    value = 2166136261
    for byte in body:
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return f"{value:08x}"


def client(address, _):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    host = f"[{address[0]}]" if ":" in address[0] else address[0]
    for path in ("/", "/large", "/nowhere"):
        try:
            with opener.open(f"http://{host}:{address[1]}{path}", timeout=peer.TIMEOUT_S) as page:
                body = page.read()
                print(page.status, page.headers["Content-Type"], len(body), body == LARGE,
                      flush=True)
        except urllib.error.HTTPError as error:
            with error:
                print(error.code, error.read().decode().strip(), flush=True)


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = {"/": GREETING, "/large": LARGE}.get(self.path)
        self.send_response(404 if body is None else 200)
        self.send_header("Content-Type", "text/plain; charset=utf-8")
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_):
        print(self.requestline, flush=True)


class Server(http.server.ThreadingHTTPServer):
    def __init__(self, address):
        if ":" in address[0]:
            self.address_family = peer.socket.AF_INET6
        super().__init__(address, Handler)


def server(address, port, _):
    with Server((address, port)) as served:
        peer.announce(served.server_address)
        thread = threading.Thread(target=served.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        sys.stdin.read()  # whoever started it ends its input
        served.shutdown()


if __name__ == "__main__":
    peer.main(client, server)
