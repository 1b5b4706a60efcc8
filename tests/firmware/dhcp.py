"""A DHCP server on a board's cable (RFC 2131), as slow or as unwilling as a test wants it."""
import os
import select
import socket
import struct
import threading

DISCOVER, OFFER, REQUEST, ACK, NAK = 1, 2, 3, 5, 6
SERVER, CLIENT, MASK = "10.9.0.1", "10.9.0.77", "255.255.255.0"
MAC = bytes.fromhex("525400000001")
COOKIE = bytes.fromhex("63825363")


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def option(kind, value):
    return bytes([kind, len(value)]) + value


class DhcpServer:
    """A context manager. `silent`: how many DISCOVERs it lets pass; `refusals`: how many REQUESTs
    it answers with a NAK, -1 for all."""

    def __init__(self, place, silent=0, refusals=0):
        self.board_end, self.own_end = f"{place}/board", f"{place}/dhcp"
        self.silent, self.refusals = silent, refusals
        self.seen = []  # the types of all messages, both ways
        self.acknowledged = threading.Event()

    def __enter__(self):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.own_end)
        self.stop_read, self.stop_write = os.pipe()
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        os.write(self.stop_write, b"x")
        self.thread.join()
        self.socket.close()
        os.close(self.stop_read)
        os.close(self.stop_write)

    def _serve(self):
        while True:
            ready, _, _ = select.select([self.socket, self.stop_read], [], [])
            if self.stop_read in ready:
                return
            self._take(self.socket.recv(2000))

    def _take(self, frame):
        # Ethernet, IPv4 without options, UDP to port 67.
        if frame[12:14] != b"\x08\x00" or frame[23] != 17 or frame[36:38] != b"\0\x43":
            return
        message = frame[42:]
        kind = self._kind(message)
        self.seen.append(kind)
        if kind == DISCOVER:
            if self.silent == 0:
                self._answer(OFFER, message)
            else:
                self.silent -= 1
        elif kind == REQUEST:
            refuse = self.refusals != 0
            self.refusals -= 1 if self.refusals > 0 else 0
            self._answer(NAK if refuse else ACK, message)

    def _kind(self, message):
        at = 240
        while at + 2 < len(message) and message[at] != 255:
            if message[at] == 53:
                return message[at + 2]
            at += 1 if message[at] == 0 else 2 + message[at + 1]
        return 0

    def _answer(self, kind, asked):
        own, mask = socket.inet_aton(SERVER), socket.inet_aton(MASK)
        given = bytes(4) if kind == NAK else socket.inet_aton(CLIENT)
        options = option(53, bytes([kind])) + option(54, own)
        if kind != NAK:
            options += option(51, struct.pack("!I", 3600)) + option(1, mask) + option(3, own)
        message = (struct.pack("!BBBB4sHH4s4s4s4s", 2, 1, 6, 0, asked[4:8], 0, 0x8000, bytes(4),
                               given, own, bytes(4))
                   + asked[28:44] + bytes(192) + COOKIE + options + b"\xff")
        udp = struct.pack("!HHHH", 67, 68, 8 + len(message), 0) + message
        header = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, own,
                             socket.inet_aton("255.255.255.255"))
        header = header[:10] + struct.pack("!H", checksum(header)) + header[12:]
        self.seen.append(kind)
        try:
            self.socket.sendto(b"\xff" * 6 + MAC + b"\x08\x00" + header + udp, self.board_end)
        except OSError:
            return  # the board is gone
        if kind == ACK:
            self.acknowledged.set()
