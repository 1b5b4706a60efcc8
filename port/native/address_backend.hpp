// Endpoints without copies, of which each costs more flash than what is done with it.
#pragma once

#include <twinsock/endpoint.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

struct AddressBackend {
  // `bytes`: 4 of IPv4 or 16 of IPv6, in network order; `port` in host order. `scope` stays only
  // where an address has one. Family::unspecified: no endpoint at all.
  static void set(Endpoint& endpoint, Family family, const void* bytes, std::uint16_t port,
                  std::uint32_t scope);
  // Multicast or broadcast, v4-mapped too: more than one host.
  static bool is_group(const IpAddress& address);
  // The four bytes of an IPv4 or v4-mapped address; nullptr of any other.
  static const std::uint8_t* v4_bytes(const IpAddress& address);
  static void drop_port(Endpoint& endpoint) { endpoint.port_ = 0; }
};

}  // namespace twinsock::inline TWINSOCK_BACKEND
