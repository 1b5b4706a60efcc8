// Names to addresses: getaddrinfo and its relatives, without a heap.
//
//   std::array<AddressInfo, 4> room;
//   auto found = getaddrinfo("example.org", "http", room);      // Result<std::span<AddressInfo>>
//   if (found) for (const AddressInfo& info : *found) …
//
// An address in text form is parsed here and never asks a server. A name blocks while the world's
// resolver works: on POSIX as its configuration says (nothing can cut that short: declared), on
// lwIP at most DNS_MAX_RETRIES tries. Any task; not from an interrupt.
#pragma once

#include <span>
#include <string_view>

#include <twinsock/socket.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

struct AddressInfo {
  Family family = Family::unspecified;
  Type type = Type::stream;
  Protocol protocol = 0;
  Endpoint endpoint;
};

struct ResolveOptions {
  Family family = Family::unspecified;  // unspecified: both, IPv6 first where the name has both
  Type type = Type::stream;
  bool numeric_only = false;  // names are refused with name_not_found, and no server is asked
  bool passive = false;       // an empty host is every address (for bind), else the loopback
};

// Fills `room` from its front; addresses beyond its size are left out. The service is a port
// (0 … 65535), one of the names in getservbyname, or empty for 0. name_not_found (no such host, or
// no address of that family), name_lookup_failed (no server answered; trying again may help),
// invalid_argument (an unknown service, a host of more than 253 bytes, or no room).
Result<std::span<AddressInfo>> getaddrinfo(std::string_view host, std::string_view service,
                                           std::span<AddressInfo> room,
                                           const ResolveOptions& options = {});

// The first IPv4 address. Errors as getaddrinfo's.
Result<IpAddress> gethostbyname(std::string_view host);

// The port of a well-known service of RFC 6335's registry that devices use: echo, discard, daytime,
// ftp, ssh, telnet, smtp, time, domain, tftp, http, pop3, ntp, imap, snmp, ldap, https, syslog,
// mqtt, coap, coaps, secure-mqtt, mdns, http-alt. name_not_found otherwise.
Result<std::uint16_t> getservbyname(std::string_view service);

}  // namespace twinsock::inline TWINSOCK_BACKEND
