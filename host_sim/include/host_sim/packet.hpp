// A frame taken apart, for packet rules and traces: fields in host order, layers that are absent
// null. Nothing is copied: the view lives as long as the frame.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace host_sim {

struct Ipv4Header {
  uint8_t source[4], destination[4];
  uint8_t protocol, ttl;
  uint16_t id;
  uint16_t fragment_offset;  // bytes; with more_fragments: a piece of a datagram
  bool more_fragments, dont_fragment;
  bool checksum_right;
};

struct Ipv6Header {
  uint8_t source[16], destination[16];
  uint8_t protocol, hop_limit;  // protocol: of the payload, behind any extension headers
  uint32_t fragment_offset;
  bool more_fragments;
};

struct ArpHeader {
  uint16_t operation;  // 1 request, 2 reply
  uint8_t sender[4], target[4];
};

struct TcpHeader {
  uint16_t source, destination;
  uint32_t seq, ack;
  uint16_t window;  // not scaled
  bool fin, syn, rst, psh, ack_flag, urg;
  std::optional<uint16_t> mss;
};

struct UdpHeader {
  uint16_t source, destination;
};

struct IcmpHeader {  // ICMP or ICMPv6, as the IP header says
  uint8_t type, code;
  uint16_t id, sequence;  // of echoes
};

struct Packet {
  std::span<const uint8_t> frame;
  uint8_t source[6] = {}, destination[6] = {};
  uint16_t ethertype = 0;
  bool malformed = false;  // a layer is shorter than it says; what came before it is there

  std::optional<ArpHeader> arp;
  std::optional<Ipv4Header> ipv4;
  std::optional<Ipv6Header> ipv6;
  std::optional<TcpHeader> tcp;
  std::optional<UdpHeader> udp;
  std::optional<IcmpHeader> icmp;
  bool transport_checksum_right = true;  // TCP, UDP, ICMP; true for fragments
  std::span<const uint8_t> payload;      // of the innermost layer present

  // "is a SYN", "to this port": what most rules ask.
  bool is_tcp() const { return tcp.has_value(); }
  bool is_udp() const { return udp.has_value(); }
  uint16_t destination_port() const;  // 0: neither TCP nor UDP
  uint16_t source_port() const;
};

Packet parse_packet(std::span<const uint8_t> frame);

// One line without time, link and fate; the legend of a trace explains it:
// "10.0.0.1:49153 > 10.0.0.2:5005 tcp PA seq 1 ack 1 win 8192 len 64".
std::string describe_packet(const Packet& packet);

std::string format_mac(const uint8_t mac[6]);
std::string format_ipv4(const uint8_t address[4]);
std::string format_ipv6(const uint8_t address[16]);  // RFC 5952

}  // namespace host_sim
