// One line for a frame, as a trace shows it.
#include <cstdio>

#include <host_sim/packet.hpp>

namespace host_sim {
namespace {

std::string with_port(const std::string& address, uint16_t port, bool ipv6) {
  if (port == 0) return address;
  return (ipv6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
}

std::string from_to(const Packet& packet) {
  const bool ipv6 = packet.ipv6.has_value();
  const auto text = [&](const uint8_t* address) {
    return ipv6 ? format_ipv6(address) : format_ipv4(address);
  };
  const uint8_t* source = ipv6 ? packet.ipv6->source : packet.ipv4->source;
  const uint8_t* destination = ipv6 ? packet.ipv6->destination : packet.ipv4->destination;
  return with_port(text(source), packet.source_port(), ipv6) + " > " +
         with_port(text(destination), packet.destination_port(), ipv6);
}

std::string describe_tcp(const Packet& packet) {
  const TcpHeader& tcp = *packet.tcp;
  std::string text = " tcp ";
  if (tcp.syn) text += 'S';
  if (tcp.fin) text += 'F';
  if (tcp.rst) text += 'R';
  if (tcp.psh) text += 'P';
  if (tcp.urg) text += 'U';
  if (tcp.ack_flag) text += 'A';
  text += " seq " + std::to_string(tcp.seq);
  if (tcp.ack_flag) text += " ack " + std::to_string(tcp.ack);
  text += " win " + std::to_string(tcp.window) + " len " + std::to_string(packet.payload.size());
  if (tcp.mss) text += " mss " + std::to_string(*tcp.mss);
  return text;
}

std::string icmp_name(const IcmpHeader& icmp, bool ipv6) {
  switch (icmp.type + (ipv6 ? 256 : 0)) {
    case 0: return "echo reply";
    case 3: return icmp.code == 3 ? "port unreachable" : "unreachable";
    case 8: return "echo request";
    case 11: return "time exceeded";
    case 256 + 1: return icmp.code == 4 ? "port unreachable" : "unreachable";
    case 256 + 2: return "packet too big";
    case 256 + 3: return "time exceeded";
    case 256 + 128: return "echo request";
    case 256 + 129: return "echo reply";
    case 256 + 131: return "multicast report";
    case 256 + 133: return "router solicitation";
    case 256 + 134: return "router advertisement";
    case 256 + 135: return "neighbour solicitation";
    case 256 + 136: return "neighbour advertisement";
    default: return "type " + std::to_string(icmp.type) + " code " + std::to_string(icmp.code);
  }
}

std::string describe_ip(const Packet& packet) {
  std::string text = from_to(packet);
  const std::string size = std::to_string(packet.payload.size());
  const uint8_t protocol = packet.ipv6 ? packet.ipv6->protocol : packet.ipv4->protocol;
  const uint32_t offset = packet.ipv6 ? packet.ipv6->fragment_offset : packet.ipv4->fragment_offset;
  const bool more = packet.ipv6 ? packet.ipv6->more_fragments : packet.ipv4->more_fragments;
  if (packet.tcp) {
    text += describe_tcp(packet);
  } else if (packet.udp) {
    text += " udp len " + size;
  } else if (packet.icmp) {
    text += (packet.ipv6 ? " icmp6 " : " icmp ") +
            icmp_name(*packet.icmp, packet.ipv6.has_value()) + " len " + size;
  } else {
    text += " protocol " + std::to_string(protocol) + " len " + size;
  }
  if (more || offset != 0) {
    text += " fragment " + std::to_string(offset) + (more ? "+" : " last");
  }
  const bool wrong =
      !packet.transport_checksum_right || (packet.ipv4 && !packet.ipv4->checksum_right);
  if (wrong) text += " bad-checksum";
  return text;
}

}  // namespace

std::string format_mac(const uint8_t mac[6]) {
  char text[18];
  std::snprintf(text, sizeof text, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3],
                mac[4], mac[5]);
  return text;
}

std::string format_ipv4(const uint8_t address[4]) {
  char text[16];
  std::snprintf(text, sizeof text, "%u.%u.%u.%u", address[0], address[1], address[2], address[3]);
  return text;
}

std::string format_ipv6(const uint8_t address[16]) {
  uint16_t groups[8];
  for (size_t index = 0; index < 8; ++index) {
    groups[index] = static_cast<uint16_t>(address[2 * index] << 8 | address[2 * index + 1]);
  }
  size_t best = 8, best_count = 1;  // the first of the longest runs of at least two zeros
  for (size_t index = 0; index < 8; ++index) {
    size_t count = 0;
    while (index + count < 8 && groups[index + count] == 0) ++count;
    if (count > best_count) best = index, best_count = count;
  }
  std::string text;
  for (size_t index = 0; index < 8;) {
    if (index == best) {
      text += "::";
      index += best_count;
      continue;
    }
    char group[8];
    std::snprintf(group, sizeof group, "%x", groups[index]);
    if (!text.empty() && text.back() != ':') text += ':';
    text += group;
    ++index;
  }
  return text;
}

std::string describe_packet(const Packet& packet) {
  std::string text;
  if (packet.arp) {
    const bool request = packet.arp->operation == 1;
    text = request
               ? "arp who has " + format_ipv4(packet.arp->target) + " tell " +
                     format_ipv4(packet.arp->sender)
               : "arp " + format_ipv4(packet.arp->sender) + " is at " + format_mac(packet.source);
  } else if (packet.ipv4 || packet.ipv6) {
    text = describe_ip(packet);
  } else {
    char type[16];
    std::snprintf(type, sizeof type, " type %04x", packet.ethertype);
    text = format_mac(packet.source) + " > " + format_mac(packet.destination) + type + " len " +
           std::to_string(packet.payload.size());
  }
  return packet.malformed ? text + " malformed" : text;
}

}  // namespace host_sim
