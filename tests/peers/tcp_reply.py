"""tcp_reply: one UTF-8 request, one UTF-8 reply."""
import socket

import peer


def client(address, words):
    s = peer.open_client(socket.SOCK_STREAM, address[0])
    s.connect(address)
    s.send((words[0] if words else "¿Qué hora es en 東京?").encode("utf-8"))
    print(s.recv(1024).decode("utf-8"), flush=True)
    s.close()


def server(address, port, _):
    s = peer.open_server(socket.SOCK_STREAM, address, port)
    conn, _ = s.accept()
    print(conn.recv(1024).decode("utf-8"), flush=True)
    conn.send("Não sei, mas é tarde ☾".encode("utf-8"))
    conn.close()
    s.close()


peer.main(client, server)
