// Takes Ethernet frames apart: ARP, IPv4, IPv6, TCP, UDP, ICMP.
#include <cstring>

#include <host_sim/packet.hpp>

namespace host_sim {
namespace {

using Bytes = std::span<const uint8_t>;

uint16_t get16(const uint8_t* bytes) { return static_cast<uint16_t>(bytes[0] << 8 | bytes[1]); }
uint32_t get32(const uint8_t* bytes) {
  return static_cast<uint32_t>(get16(bytes)) << 16 | get16(bytes + 2);
}

uint32_t add_words(uint32_t sum, Bytes bytes) {
  for (size_t index = 0; index + 1 < bytes.size(); index += 2) sum += get16(&bytes[index]);
  if (bytes.size() % 2 != 0) sum += static_cast<uint32_t>(bytes.back() << 8);
  return sum;
}

uint16_t fold(uint32_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xFFFF) + (sum >> 16);
  return static_cast<uint16_t>(sum);
}

bool transport_sum_right(const Packet& packet, uint8_t protocol, Bytes segment) {
  uint32_t sum = protocol + static_cast<uint32_t>(segment.size());
  if (packet.ipv4) {
    if (protocol == 1) sum = 0;  // ICMP covers no addresses
    if (protocol != 1) sum = add_words(sum, packet.ipv4->source);
    if (protocol != 1) sum = add_words(sum, packet.ipv4->destination);
  } else {
    sum = add_words(add_words(sum, packet.ipv6->source), packet.ipv6->destination);
  }
  return fold(add_words(sum, segment)) == 0xFFFF;
}

void parse_tcp(Packet& packet, Bytes segment) {
  const size_t header_size = segment.size() < 20 ? 0 : segment[12] / 16 * 4;
  if (header_size < 20 || header_size > segment.size()) {
    packet.malformed = true;
    return;
  }
  const uint8_t flags = segment[13];
  TcpHeader tcp{};
  tcp.source = get16(&segment[0]);
  tcp.destination = get16(&segment[2]);
  tcp.seq = get32(&segment[4]);
  tcp.ack = get32(&segment[8]);
  tcp.window = get16(&segment[14]);
  tcp.fin = flags & 1, tcp.syn = flags & 2, tcp.rst = flags & 4;
  tcp.psh = flags & 8, tcp.ack_flag = flags & 16, tcp.urg = flags & 32;
  for (size_t index = 20; index < header_size && segment[index] != 0;) {
    if (segment[index] == 1) {
      ++index;
      continue;
    }
    if (index + 1 >= header_size || segment[index + 1] < 2) break;
    if (segment[index] == 2 && index + 4 <= header_size) tcp.mss = get16(&segment[index + 2]);
    index += segment[index + 1];
  }
  packet.tcp = tcp;
  packet.payload = segment.subspan(header_size);
}

void parse_udp(Packet& packet, Bytes segment) {
  if (segment.size() < 8 || get16(&segment[4]) < 8 || get16(&segment[4]) > segment.size()) {
    packet.malformed = true;
    return;
  }
  packet.udp = UdpHeader{get16(&segment[0]), get16(&segment[2])};
  packet.payload = segment.subspan(8, get16(&segment[4]) - 8u);
}

void parse_icmp(Packet& packet, Bytes message) {
  if (message.size() < 8) {
    packet.malformed = true;
    return;
  }
  packet.icmp = IcmpHeader{message[0], message[1], get16(&message[4]), get16(&message[6])};
  packet.payload = message.subspan(8);
}

void parse_transport(Packet& packet, uint8_t protocol, Bytes segment, bool whole, bool first) {
  packet.payload = segment;
  if (!first) return;
  if (protocol == 6) parse_tcp(packet, segment);
  if (protocol == 17) parse_udp(packet, segment);
  if (protocol == 1 || protocol == 58) parse_icmp(packet, segment);
  const bool present = packet.tcp || packet.udp || packet.icmp;
  if (!present || !whole) return;
  if (packet.udp && packet.ipv4 && get16(&segment[6]) == 0) return;  // no checksum was made
  packet.transport_checksum_right = transport_sum_right(packet, protocol, segment);
}

void parse_arp(Packet& packet, Bytes body) {
  if (body.size() < 28 || get16(&body[0]) != 1 || get16(&body[2]) != 0x0800 || body[4] != 6 ||
      body[5] != 4) {
    packet.malformed = true;
    return;
  }
  ArpHeader arp{};
  arp.operation = get16(&body[6]);
  std::memcpy(arp.sender, &body[14], 4);
  std::memcpy(arp.target, &body[24], 4);
  packet.arp = arp;
  packet.payload = {};
}

void parse_ipv4(Packet& packet, Bytes body) {
  const size_t header_size = body.size() < 20 ? 0 : (body[0] & 15) * 4u;
  const size_t total = header_size < 20 ? 0 : get16(&body[2]);
  if (header_size < 20 || body[0] >> 4 != 4 || total < header_size || total > body.size()) {
    packet.malformed = true;
    return;
  }
  Ipv4Header ip{};
  std::memcpy(ip.source, &body[12], 4);
  std::memcpy(ip.destination, &body[16], 4);
  ip.protocol = body[9];
  ip.ttl = body[8];
  ip.id = get16(&body[4]);
  ip.fragment_offset = static_cast<uint16_t>((get16(&body[6]) & 0x1FFF) * 8);
  ip.more_fragments = body[6] & 0x20;
  ip.dont_fragment = body[6] & 0x40;
  ip.checksum_right = fold(add_words(0, body.first(header_size))) == 0xFFFF;
  packet.ipv4 = ip;
  const bool whole = !ip.more_fragments && ip.fragment_offset == 0;
  parse_transport(packet, ip.protocol, body.subspan(header_size, total - header_size), whole,
                  ip.fragment_offset == 0);
}

// Skips extension headers. Returns where the payload begins; 0: malformed.
size_t skip_extensions(Ipv6Header& ip, Bytes body) {
  size_t start = 40;
  while (ip.protocol == 0 || ip.protocol == 43 || ip.protocol == 60 || ip.protocol == 44) {
    if (start + 8 > body.size()) return 0;
    if (ip.protocol == 44) {
      ip.fragment_offset = get16(&body[start + 2]) & 0xFFF8u;
      ip.more_fragments = body[start + 3] & 1;
    }
    const size_t size = ip.protocol == 44 ? 8 : (body[start + 1] + 1u) * 8;
    ip.protocol = body[start];
    start += size;
    if (start > body.size()) return 0;
    if (ip.fragment_offset != 0) break;
  }
  return start;
}

void parse_ipv6(Packet& packet, Bytes body) {
  if (body.size() < 40 || body[0] >> 4 != 6 || get16(&body[4]) + 40u > body.size()) {
    packet.malformed = true;
    return;
  }
  body = body.first(get16(&body[4]) + 40u);
  Ipv6Header ip{};
  std::memcpy(ip.source, &body[8], 16);
  std::memcpy(ip.destination, &body[24], 16);
  ip.protocol = body[6];
  ip.hop_limit = body[7];
  const size_t start = skip_extensions(ip, body);
  packet.ipv6 = ip;
  if (start == 0) {
    packet.malformed = true;
    return;
  }
  const bool whole = !ip.more_fragments && ip.fragment_offset == 0;
  parse_transport(packet, ip.protocol, body.subspan(start), whole, ip.fragment_offset == 0);
}

}  // namespace

uint16_t Packet::destination_port() const {
  return tcp ? tcp->destination : udp ? udp->destination : uint16_t{0};
}

uint16_t Packet::source_port() const { return tcp ? tcp->source : udp ? udp->source : uint16_t{0}; }

Packet parse_packet(std::span<const uint8_t> frame) {
  Packet packet;
  packet.frame = frame;
  if (frame.size() < 14) {
    packet.malformed = true;
    return packet;
  }
  std::memcpy(packet.destination, &frame[0], 6);
  std::memcpy(packet.source, &frame[6], 6);
  packet.ethertype = get16(&frame[12]);
  packet.payload = frame.subspan(14);
  if (packet.ethertype == 0x0806) parse_arp(packet, packet.payload);
  if (packet.ethertype == 0x0800) parse_ipv4(packet, packet.payload);
  if (packet.ethertype == 0x86DD) parse_ipv6(packet, packet.payload);
  return packet;
}

}  // namespace host_sim
