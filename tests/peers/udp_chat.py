"""udp_chat: the same in datagrams; an empty one is the end."""
import socket

import peer


def client(address, lines):
    s = peer.open_client(socket.SOCK_DGRAM, address[0])
    for line in lines:
        s.sendto(line.encode(), address)
        data, _ = s.recvfrom(1024)
        print(data.decode(), flush=True)
        if line == "###":
            break
    s.sendto(b"", address)
    s.close()


def server(address, port, _):
    s = peer.open_server(socket.SOCK_DGRAM, address, port)
    while True:
        data, addr = s.recvfrom(1024)
        data = data.decode()
        if not data:
            break
        print(data, flush=True)
        s.sendto(("you said: " + data).encode(), addr)
    s.close()


peer.main(client, server)
