"""tcp_chat: the client says lines until ###, each answered before the next."""
import socket

import peer


def client(address, lines):
    s = peer.open_client(socket.SOCK_STREAM, address[0])
    s.connect(address)
    for line in lines:
        s.sendall(line.encode())
        print(s.recv(1024).decode(), flush=True)
        if line == "###":
            break
    s.close()


def server(address, port, _):
    s = peer.open_server(socket.SOCK_STREAM, address, port)
    conn, _ = s.accept()
    while True:
        data = conn.recv(1024).decode()
        if not data:
            break
        print(data, flush=True)
        conn.sendall(("you said: " + data).encode())
    conn.close()
    s.close()


peer.main(client, server)
