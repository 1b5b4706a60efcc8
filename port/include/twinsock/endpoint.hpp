// Endpoint: an IP address and a port; what bind, connect and sendto take and accept gives.
//
//   Endpoint server{IpAddress::loopback(Family::inet), 5005};
//   auto peer = Endpoint::parse("[2001:db8::1]:80");         // Result<Endpoint>
//   auto here = Endpoint::parse(":5000", Family::inet6);     // every address of the family
//
// A value of 28 bytes. Nothing here blocks; all of it is safe from an interrupt.
#pragma once

#include <twinsock/address.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

class Endpoint {
 public:
  constexpr Endpoint() = default;  // none: family() is unspecified
  constexpr Endpoint(IpAddress address, std::uint16_t port) : address_(address), port_(port) {}

  // "ADDRESS:PORT", IPv6 (and nothing else) in brackets; the port is decimal, 0 … 65535, without
  // leading zeros. An empty address (":5000") is every address of `family_if_empty`, as Python's
  // ''; Family::unspecified there asks for an address. Errc::malformed_address otherwise.
  static Result<Endpoint> parse(std::string_view text, Family family_if_empty = Family::inet);

  constexpr const IpAddress& address() const { return address_; }
  constexpr std::uint16_t port() const { return port_; }  // host order; 0: none, or any free one
  constexpr Family family() const { return address_.family(); }

  // "192.0.2.1:80", "[2001:db8::1]:80"; "" for none.
  EndpointText to_text() const;

  friend constexpr auto operator<=>(const Endpoint&, const Endpoint&) = default;

 private:
  friend struct AddressBackend;  // port/native

  IpAddress address_;
  std::uint16_t port_ = 0;
};
static_assert(sizeof(Endpoint) == 28);

}  // namespace twinsock::inline TWINSOCK_BACKEND
