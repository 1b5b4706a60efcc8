"""tcp_socketserver: a ThreadingTCPServer answers in capitals, to two connections at once."""
import socket
import socketserver
import threading

import peer


def ask(s, question):
    s.sendall(question)
    with s.makefile("rb") as stream:
        print(stream.read(len(question)).decode(), flush=True)


def client(address, _):
    with socket.create_connection(address, peer.TIMEOUT_S) as first:
        ask(first, b"one")
        with socket.create_connection(address, peer.TIMEOUT_S) as second:
            ask(second, b"two, while one is there")
        ask(first, b"one again")


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        while data := self.request.recv(1024):
            self.request.sendall(data.upper())

    def finish(self):
        if self.server.ended() == 2:
            threading.Thread(target=self.server.shutdown).start()  # not on serve_forever's thread


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, address):
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        self.count, self.lock = 0, threading.Lock()
        super().__init__(address, Handler)

    def ended(self):
        with self.lock:
            self.count += 1
            return self.count


def server(address, port, _):
    with Server((address, port)) as served:
        peer.announce(served.server_address)
        served.serve_forever(0.05)
    print("served", served.count, flush=True)


peer.main(client, server)
