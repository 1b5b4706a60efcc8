"""udp_echo: each datagram back, until an empty one."""
import socket

import peer


def client(address, _):
    s = peer.open_client(socket.SOCK_DGRAM, address[0])
    for size in range(1, 1201):
        sent = bytes(i % 251 for i in range(size))
        s.sendto(sent, address)
        got, _ = s.recvfrom(2048)
        if got != sent:
            print("size", size, "came back changed", flush=True)
            return 1
    s.sendto(b"", address)
    print("all echoed", flush=True)
    s.close()
    return 0


def server(address, port, _):
    s = peer.open_server(socket.SOCK_DGRAM, address, port)
    count = 0
    while True:
        data, addr = s.recvfrom(2048)
        if not data:
            break
        count += 1
        s.sendto(data, addr)
    print("at least 1200 datagrams" if count >= 1200 else f"{count} datagrams", flush=True)
    s.close()


peer.main(client, server)
