// How a backend fills an Endpoint: in place, as each copy of one costs more flash than the filling.
#pragma once

#include <twinsock/endpoint.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

struct AddressBackend {
  // `bytes`: 4 of IPv4 or 16 of IPv6, in network order; `port` in host order. `scope` stays only
  // where an address has one. Family::unspecified: no endpoint at all.
  static void set(Endpoint& endpoint, Family family, const void* bytes, std::uint16_t port,
                  std::uint32_t scope);
};

}  // namespace twinsock::inline TWINSOCK_BACKEND
