"""tcp_select_server: select() says which of several connections has something to say."""
import select
import socket

import peer

GUESTS = 3


def ready(sockets):
    readable, _, _ = select.select(sockets, [], [], peer.TIMEOUT_S)
    if not readable:
        raise TimeoutError("select")
    return readable


def client(address, _):
    sockets = []
    for _ in range(GUESTS):
        s = peer.open_client(socket.SOCK_STREAM, address[0])
        s.connect(address)
        s.setblocking(False)
        sockets.append(s)
    for number in range(1, 5):
        waiting = {s: f"{name} says line {number}".encode() for name, s in zip("ABC", sockets)}
        for s, line in waiting.items():
            s.send(line)
        while waiting:
            for s in ready(list(waiting)):
                answer = s.recv(1024)
                if not waiting[s].startswith(answer) or not answer:
                    print("said", waiting[s], "and got", answer, flush=True)
                    return 1
                waiting[s] = waiting[s][len(answer):]
                if not waiting[s]:
                    del waiting[s]
    for s in sockets:
        s.close()
    print("all answered", flush=True)
    return 0


def server(address, port, _):
    s = peer.open_server(socket.SOCK_STREAM, address, port)
    sockets = [s]
    ended = most = 0
    while ended < GUESTS:
        for each in ready(sockets):
            if each is s:
                conn, _ = s.accept()
                sockets.append(conn)
                most = max(most, len(sockets) - 1)
            elif data := each.recv(1024):
                each.sendall(data)
            else:
                sockets.remove(each)
                each.close()
                ended += 1
    print(most, "at once", flush=True)
    s.close()


peer.main(client, server)
