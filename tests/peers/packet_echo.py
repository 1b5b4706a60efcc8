"""packet_echo on one interface, as root: frames back, until the last one."""
import socket
import struct
import sys

import peer

ETHER_TYPE = 0x88B5
BROADCAST = b"\xff" * 6
ASK, HERE, REQUEST, REPLY, END = 1, 2, 3, 4, 5


def fnv(data):
    value = 2166136261
    for byte in data:
        value = (value ^ byte) * 16777619 & 0xFFFFFFFF
    return value


class Frames:
    def __init__(self, interface, port):
        self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.socket.bind((interface, ETHER_TYPE))
        self.socket.settimeout(peer.TIMEOUT_S)
        self.own = self.socket.getsockname()[4]
        self.port = port

    def send(self, to, kind, number=0, data=b""):
        rest = struct.pack("!HHHH", self.port, kind, number, len(data)) + data
        digest = struct.pack("!I", fnv(to + self.own + rest))
        self.socket.send(to + self.own + struct.pack("!H", ETHER_TYPE) + digest + rest)

    def recv(self, *kinds):
        """The next sound one of these kinds: its sender, kind, number and data."""
        while True:
            frame = self.socket.recv(2048)
            addresses, payload = frame[:12], frame[14:]
            if len(payload) < 12:
                continue
            digest, port, kind, number, size = struct.unpack("!IHHHH", payload[:12])
            rest = payload[4:12 + size]
            if digest == fnv(addresses + rest) and port == self.port and kind in kinds:
                return frame[6:12], kind, number, rest[8:]


def client(interface, port):
    frames = Frames(interface, port)
    frames.send(BROADCAST, ASK)
    server = frames.recv(HERE)[0]
    for number, size in enumerate((1, 34, 1000, 1488), 1):
        sent = bytes(i % 251 for i in range(size))
        frames.send(server, REQUEST, number, sent)
        if frames.recv(REPLY)[2:] != (number, sent):
            print("frame", number, "came back changed", flush=True)
            return 1
    frames.send(server, END)
    print("all echoed", flush=True)
    return 0


def server(interface, port):
    reserved = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)  # so that no other server has it
    reserved.bind(("127.0.0.1", port))
    port = reserved.getsockname()[1]
    frames = Frames(interface, port)
    print(f"listening on 127.0.0.1:{port}", file=sys.stderr, flush=True)
    count = 0
    while True:
        sender, kind, number, data = frames.recv(ASK, REQUEST, END)
        if kind == END:
            break
        count += kind == REQUEST
        frames.send(sender, HERE if kind == ASK else REPLY, number, data)
    print("at least 29 frames" if count >= 29 else f"{count} frames", flush=True)
    return 0


sys.exit({"client": client, "server": server}[sys.argv[1]](sys.argv[2], int(sys.argv[3])))
