"""udp_timeout: recvfrom with a timeout; nobody comes, or somebody does."""
import socket

import peer


def client(address, _):
    s = peer.open_client(socket.SOCK_DGRAM, address[0])
    s.sendto(b"Hello server", address)
    s.close()


def server(address, port, words):
    s = peer.open_server(socket.SOCK_DGRAM, address, port)
    try:
        s.settimeout(float(words[0]) if words else peer.TIMEOUT_S)
        data, addr = s.recvfrom(1024)
        print("received:", data.decode(), flush=True)
    except socket.timeout:
        print("Client not connected", flush=True)
    s.close()


peer.main(client, server)
