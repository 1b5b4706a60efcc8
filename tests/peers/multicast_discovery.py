"""multicast_discovery: ask a group who is there; a member answers from its own address."""
import socket
import struct

import peer

GROUPS = {socket.AF_INET: "239.255.83.75", socket.AF_INET6: "ff15::534b"}


def client(address, _):
    s = peer.open_client(socket.SOCK_DGRAM, address[0])
    loopback = socket.if_nametoindex("lo")
    if s.family == socket.AF_INET6:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, loopback)
    else:
        s.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
    s.sendto(b"who is there?", (GROUPS[s.family], address[1]))
    answer, member = s.recvfrom(1024)
    print(answer.decode(), member[1] == address[1], flush=True)
    s.sendto(b"", member)
    s.close()


def server(address, port, _):
    s = peer.open_client(socket.SOCK_DGRAM, address)
    s.bind(("", port))
    loopback = socket.if_nametoindex("lo")
    group = socket.inet_pton(s.family, GROUPS[s.family])
    if s.family == socket.AF_INET6:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP,
                     group + struct.pack("I", loopback))
    else:
        s.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP,
                     group + socket.inet_aton("127.0.0.1"))
    peer.announce((address, s.getsockname()[1]))
    while True:
        data, addr = s.recvfrom(1024)
        if not data:
            break
        print(data.decode(), flush=True)
        s.sendto(b"a twinsock server", addr)
    s.close()


peer.main(client, server)
