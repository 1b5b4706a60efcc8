"""tcp_refused: connect_ex says why there is no connection, and 0 when there is one."""
import errno
import socket

import peer


def client(address, _):
    with socket.socket(socket.AF_INET6 if ":" in address[0] else socket.AF_INET) as bound:
        bound.bind((address[0], 0))  # and nobody listens
        s = peer.open_client(socket.SOCK_STREAM, address[0])
        print(errno.errorcode[s.connect_ex(bound.getsockname())], flush=True)
        s.close()
    s = peer.open_client(socket.SOCK_STREAM, address[0])
    print(s.connect_ex(address), s.getpeername()[:2] == address, flush=True)
    s.close()


def server(address, port, _):
    s = peer.open_server(socket.SOCK_STREAM, address, port)
    conn, addr = s.accept()
    print(conn.getpeername() == addr, conn.recv(1024), flush=True)
    conn.close()
    s.close()


peer.main(client, server)
