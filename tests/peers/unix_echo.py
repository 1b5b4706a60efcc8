"""unix_echo: bytes back until their end, then datagrams, until an empty one."""
import os
import socket
import sys

import peer


def address(word):
    """@NAME is an abstract name, whose first byte is a zero."""
    return "\0" + word[1:] if word.startswith("@") else word


def bind(kind, name):
    s = socket.socket(socket.AF_UNIX, kind)
    s.settimeout(peer.TIMEOUT_S)
    s.bind(name)
    return s


def client(name):
    stream = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    stream.settimeout(peer.TIMEOUT_S)
    stream.connect(name)
    for size in range(1, 1201):
        sent = bytes(i % 251 for i in range(size))
        stream.sendall(sent)
        got = b""
        while len(got) < size:
            got += stream.recv(2048)
        if got != sent:
            print("size", size, "came back changed", flush=True)
            return 1
    stream.close()
    datagrams = bind(socket.SOCK_DGRAM, "")  # a free abstract name, to be answered at
    for size in range(1, 1201):
        sent = bytes(i % 251 for i in range(size))
        datagrams.sendto(sent, name + ".dgram")
        if datagrams.recv(2048) != sent:
            print("datagram of", size, "came back changed", flush=True)
            return 1
    datagrams.sendto(b"", name + ".dgram")
    datagrams.close()
    print("all echoed", flush=True)
    return 0


def server(name):
    listening = bind(socket.SOCK_STREAM, name)
    datagrams = bind(socket.SOCK_DGRAM, name + ".dgram")
    listening.listen(5)
    print(f"listening on {name.replace(chr(0), '@')}", file=sys.stderr, flush=True)
    conn, _ = listening.accept()
    count = 0
    while data := conn.recv(2048):
        count += len(data)
        conn.sendall(data)
    print("at least 720600 bytes" if count >= 720600 else f"{count} bytes", flush=True)
    count = 0
    while True:
        data, sender = datagrams.recvfrom(2048)
        if not data:
            break
        count += 1
        datagrams.sendto(data, sender)
    print("at least 1200 datagrams" if count >= 1200 else f"{count} datagrams", flush=True)
    for s in (conn, listening, datagrams):
        s.close()
    for path in (name, name + ".dgram"):
        if not path.startswith("\0"):
            os.unlink(path)
    return 0


sys.exit({"client": client, "server": server}[sys.argv[1]](address(sys.argv[2])))
