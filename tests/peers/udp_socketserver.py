"""udp_socketserver: a UDPServer answers each datagram in capitals, until an empty one."""
import socket
import socketserver

import peer


def client(address, _):
    s = peer.open_client(socket.SOCK_DGRAM, address[0])
    for question in (b"first request", b"second request", b"third request"):
        s.sendto(question, address)
        print(s.recvfrom(1024)[0].decode(), flush=True)
    s.sendto(b"", address)
    s.close()


class Handler(socketserver.BaseRequestHandler):
    def handle(self):
        data, s = self.request
        self.server.ended = not data
        if data:
            self.server.answered.add(data)
            s.sendto(data.upper(), self.client_address)


class Server(socketserver.UDPServer):
    timeout = peer.TIMEOUT_S
    ended = False

    def __init__(self, address):
        if ":" in address[0]:
            self.address_family = socket.AF_INET6
        self.answered = set()
        super().__init__(address, Handler)

    def handle_timeout(self):
        self.ended = True


def server(address, port, _):
    with Server((address, port)) as served:
        peer.announce(served.server_address)
        while not served.ended:
            served.handle_request()
    print("answered", len(served.answered), flush=True)


peer.main(client, server)
