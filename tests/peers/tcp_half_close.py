"""tcp_half_close: shutdown(SHUT_WR), then read on; the other side counts to the end and answers."""
import socket

import peer


def client(address, _):
    s = peer.open_client(socket.SOCK_STREAM, address[0])
    s.connect(address)
    s.sendall(bytes(3000))
    s.shutdown(socket.SHUT_WR)
    with s.makefile("rb") as stream:
        print(stream.read().decode(), s.recv(1), flush=True)
    s.close()


def server(address, port, _):
    s = peer.open_server(socket.SOCK_STREAM, address, port)
    conn, _ = s.accept()
    buffer = bytearray(500)
    count = 0
    while size := conn.recv_into(buffer):
        count += size
    conn.sendall(str(count).encode())
    conn.shutdown(socket.SHUT_WR)
    print(count, "bytes", flush=True)
    conn.close()
    s.close()


peer.main(client, server)
