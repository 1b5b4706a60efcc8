// Mirror: a host that gives each packet back with its two addresses exchanged, so that a node's
// sockets reach each other over the simulated network instead of the node's loopback.
//
//   Mirror mirror(simulation);
//   simulation.connect(node, mirror.port(), {.loss = percent(5), .jitter = 10ms});
//
// A socket that sends to the mirror's address reaches the node's own, and has the mirror as its
// peer, whatever the protocol: exchanging addresses changes no checksum. Each packet meets the
// link's faults twice.
#pragma once

#include <bitset>
#include <cstdint>
#include <span>
#include <vector>

#include <host_sim/simulation.hpp>

namespace conformance {

class Mirror {
 public:
  static constexpr const char* ipv4 = "10.0.0.200";
  static constexpr const char* ipv6 = "fd00::c8";
  // A UDP datagram of two bytes to this port, over IPv4, is an order: a TCP port that shall hear
  // nothing any more (0: all hear again). It comes back when it is carried out.
  static constexpr std::uint16_t order_port = 7;

  explicit Mirror(host_sim::Simulation& simulation);

  host_sim::Port& port() { return port_; }

 private:
  using Frame = std::vector<std::uint8_t>;

  void receive(std::span<const std::uint8_t> frame);
  bool answer_arp(Frame& frame) const;
  bool answer_neighbour(Frame& frame) const;
  bool give_back(Frame& frame, std::size_t addresses, std::size_t address_size);
  bool is_lost(const host_sim::Packet& packet);

  host_sim::Port& port_;
  std::bitset<65536> silent_;  // TCP ports
};

}  // namespace conformance
