// Multicast over POSIX.
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include <native/native_multicast.hpp>
#include <posix/options.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

namespace {

struct Name {
  int level;
  int name;
};

Name name_of(OptionId id, Family family) {
  const bool v6 = family == Family::inet6;
  switch (id) {
    case OptionId::multicast_ttl:
      return v6 ? Name{IPPROTO_IPV6, IPV6_MULTICAST_HOPS} : Name{IPPROTO_IP, IP_MULTICAST_TTL};
    case OptionId::multicast_loop:
      return v6 ? Name{IPPROTO_IPV6, IPV6_MULTICAST_LOOP} : Name{IPPROTO_IP, IP_MULTICAST_LOOP};
    default: return v6 ? Name{IPPROTO_IPV6, IPV6_MULTICAST_IF} : Name{IPPROTO_IP, IP_MULTICAST_IF};
  }
}

// IP_MULTICAST_IF is set by number but read back as an address only (ip(7)): so it is set with the
// interface's address as well, and its number found again from that.
struct Interface {
  unsigned index = 0;
  in_addr address{};
};
bool find_interface(Interface& wanted, bool by_index) {
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return false;
  bool found = false;
  for (const ifaddrs* entry = all; entry != nullptr && !found; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != AF_INET) continue;
    sockaddr_in address{};
    std::memcpy(&address, entry->ifa_addr, sizeof(address));
    const unsigned index = ::if_nametoindex(entry->ifa_name);
    found = by_index ? index == wanted.index : address.sin_addr.s_addr == wanted.address.s_addr;
    if (found) wanted = {index, address.sin_addr};
  }
  ::freeifaddrs(all);
  return found;
}

}  // namespace

Result<void> change_group(int handle, const IpAddress& group, std::uint32_t interface, bool join) {
  int outcome = 0;
  if (group.family() == Family::inet) {
    ip_mreqn request{};
    std::memcpy(&request.imr_multiaddr, group.bytes().data(), 4);
    request.imr_ifindex = static_cast<int>(interface);
    outcome = ::setsockopt(handle, IPPROTO_IP, join ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP,
                           &request, sizeof(request));
  } else {
    ipv6_mreq request{};
    std::memcpy(&request.ipv6mr_multiaddr, group.bytes().data(), 16);
    request.ipv6mr_interface = interface;
    outcome = ::setsockopt(handle, IPPROTO_IPV6, join ? IPV6_ADD_MEMBERSHIP : IPV6_DROP_MEMBERSHIP,
                           &request, sizeof(request));
  }
  if (outcome == 0) return {};
  // No interface of that number, or none that knows multicast.
  if (errno == ENODEV || errno == EINVAL) return Error(Errc::address_not_available, errno);
  return to_error(errno);
}

int set_multicast_option(int handle, Family family, OptionId id, std::int32_t value) {
  const Name name = name_of(id, family);
  if (id == OptionId::multicast_interface && family == Family::inet) {
    Interface interface {
      static_cast<unsigned>(value), {}
    };
    if (value != 0 && !find_interface(interface, true)) return errno = EADDRNOTAVAIL, failed;
    ip_mreqn request{};
    request.imr_address = interface.address;
    request.imr_ifindex = static_cast<int>(value);
    return ::setsockopt(handle, name.level, name.name, &request, sizeof(request));
  }
  const int plain = static_cast<int>(value);
  return ::setsockopt(handle, name.level, name.name, &plain, sizeof(plain));
}

int get_multicast_option(int handle, Family family, OptionId id, std::int32_t& value) {
  const Name name = name_of(id, family);
  if (id == OptionId::multicast_interface && family == Family::inet) {
    Interface interface;
    socklen_t size = sizeof(interface.address);
    if (::getsockopt(handle, name.level, name.name, &interface.address, &size) != 0) return failed;
    if (interface.address.s_addr != 0) find_interface(interface, false);
    value = interface.index;
    return 0;
  }
  int plain = 0;
  socklen_t size = sizeof(plain);
  if (::getsockopt(handle, name.level, name.name, &plain, &size) != 0) return failed;
  value = plain;
  return 0;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
