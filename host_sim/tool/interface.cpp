// Interfaces by their addresses, as the system tells them.
#include "interface.hpp"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>

#include <cstddef>
#include <cstring>
#include <memory>

#include <twinsock/socket.hpp>

namespace host_sim::tool {

namespace {

using twinsock::Endpoint;
using twinsock::Family;
using twinsock::IpAddress;

bool is(const sockaddr* native, const IpAddress& address) {
  const bool inet6 = address.family() == Family::inet6;
  if (native == nullptr || native->sa_family != (inet6 ? AF_INET6 : AF_INET)) return false;
  const std::size_t at =
      inet6 ? offsetof(sockaddr_in6, sin6_addr) : offsetof(sockaddr_in, sin_addr);
  const std::size_t size = inet6 ? 16 : 4;
  return std::memcmp(reinterpret_cast<const char*>(native) + at, address.bytes().data(), size) == 0;
}

std::uint32_t interface_of(const IpAddress& own) {
  ifaddrs* list = nullptr;
  if (::getifaddrs(&list) != 0) return 0;
  const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> all(list, &::freeifaddrs);
  for (const ifaddrs* entry = list; entry != nullptr; entry = entry->ifa_next) {
    if (is(entry->ifa_addr, own)) return ::if_nametoindex(entry->ifa_name);
  }
  return 0;
}

}  // namespace

std::uint32_t interface_towards(const IpAddress& address) {
  auto socket = twinsock::Socket::open(address.family(), twinsock::Type::datagram);
  // The discard port: connecting a datagram socket sends nothing.
  if (!socket || !socket->connect(Endpoint(address, 9))) return 0;
  const auto own = socket->getsockname();
  return own ? interface_of(own->address()) : 0;
}

}  // namespace host_sim::tool
