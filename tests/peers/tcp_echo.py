"""tcp_echo: bytes back, until the client ends."""
import socket

import peer


def client(address, _):
    s = peer.open_client(socket.SOCK_STREAM, address[0])
    s.connect(address)
    for size in range(1, 1201):
        sent = bytes(i % 251 for i in range(size))
        s.sendall(sent)
        got = b""
        while len(got) < size:
            piece = s.recv(size - len(got))
            if not piece:
                print("the server ended at size", size, flush=True)
                return 1
            got += piece
        if got != sent:
            print("size", size, "came back changed", flush=True)
            return 1
    print("all echoed", flush=True)
    s.close()
    return 0


def server(address, port, _):
    s = peer.open_server(socket.SOCK_STREAM, address, port)
    conn, _ = s.accept()
    count = 0
    while True:
        data = conn.recv(4096)
        if not data:
            break
        count += len(data)
        conn.sendall(data)
    print("at least 720600 bytes" if count >= 720600 else f"{count} bytes", flush=True)
    conn.close()
    s.close()


peer.main(client, server)
