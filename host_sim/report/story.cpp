// The short words of a report.
#include "story.hpp"

#include <fmt/format.h>

namespace host_sim::report {

std::string arrow_label(const Packet& packet) {
  const size_t length = packet.payload.size();
  if (packet.tcp) {
    const TcpHeader& tcp = *packet.tcp;
    std::string label;
    const auto add = [&](bool is_set, const char* word) {
      if (!is_set) return;
      if (!label.empty()) label += ' ';
      label += word;
    };
    add(tcp.syn, "SYN");
    add(tcp.fin, "FIN");
    add(tcp.rst, "RST");
    add(tcp.psh, "PSH");
    add(tcp.ack_flag, "ACK");
    if (label.empty()) label = "TCP";
    return length == 0 ? label : fmt::format("{} {}", label, length);
  }
  if (packet.udp) return fmt::format("UDP {}", length);
  if (packet.icmp) {
    if (packet.ipv4)
      return fmt::format("ICMP type {} code {}", packet.icmp->type, packet.icmp->code);
    switch (packet.icmp->type) {
      case 130: return "multicast query";
      case 131:
      case 143: return "multicast report";
      case 133: return "router solicitation";
      case 134: return "router advertisement";
      case 135: return "neighbour solicitation";
      case 136: return "neighbour advertisement";
      default: return fmt::format("ICMPv6 type {}", packet.icmp->type);
    }
  }
  if (packet.arp) {
    return packet.arp->operation == 1 ? "ARP who has " + format_ipv4(packet.arp->target)
                                      : "ARP " + format_ipv4(packet.arp->sender) + " is here";
  }
  if (packet.ipv4) return fmt::format("IPv4 protocol {}", packet.ipv4->protocol);
  if (packet.ipv6) return fmt::format("IPv6 protocol {}", packet.ipv6->protocol);
  return fmt::format("EtherType 0x{:04x} {}", packet.ethertype, length);
}

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') {
          out += c;
        } else {
          out += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
        }
    }
  }
  return out;
}

}  // namespace host_sim::report
