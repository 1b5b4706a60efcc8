"""tcp_greeting: the server greets whoever connects, the client answers and closes."""
import socket

import peer


def client(address, _):
    s = peer.open_client(socket.SOCK_STREAM, address[0])
    s.connect(address)
    print(s.recv(1024).decode(), flush=True)
    s.send(b"Hello server")
    s.close()


def server(address, port, words):
    s = peer.open_server(socket.SOCK_STREAM, address, port)
    conn, _ = s.accept()
    conn.send((words[0] if words else "Hello client").encode())
    print(conn.recv(1024).decode(), flush=True)
    conn.close()
    s.close()


peer.main(client, server)
