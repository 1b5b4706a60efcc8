// From the reset to an address: lwIP's thread, the Ethernet interface, DHCP or static addresses.
#pragma once

#include <twinsock/address.hpp>
#include <twinsock/timeout.hpp>

namespace firmware {

struct NetworkSettings {
  twinsock::IpAddress ipv4;     // none: DHCP
  unsigned prefix = 24;         // bits of the network, 1 … 32
  twinsock::IpAddress gateway;  // none: none
  twinsock::IpAddress ipv6;     // beside those that IPv6 finds by itself; none: none
};

// Once, from a thread. Blocks until lwIP's thread runs; does not wait for an address. False: the
// Ethernet chip does not answer; sockets work then, but only with the board itself.
bool start_network(const NetworkSettings& settings);

// Blocks until the interface has an address and a link, or the time is over.
bool wait_for_address(twinsock::Timeout timeout);

// This board's own, none if it has none (yet). IPv6: a global one if there is one.
twinsock::IpAddress own_address(twinsock::Family family);

// Blocks until every peer has acknowledged what it was sent and, where the connection was closed,
// its end; or the time is over.
void finish_connections(twinsock::Timeout timeout);

void print_network();  // interface, addresses, counters

}  // namespace firmware
