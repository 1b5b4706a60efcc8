// Ethernet frames over POSIX: AF_PACKET where the system has it.
#include <cerrno>

#include <native/native_packet.hpp>
#include <posix/datagram.hpp>
#include <posix/options.hpp>

#if defined(__linux__)

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>

namespace twinsock::inline TWINSOCK_BACKEND::native {

namespace {

Error error_and_close(int handle) {
  const Error error = packet_error();
  ::close(handle);
  return error;
}

// The interface that was asked for, or the first Ethernet that is up.
bool find_ethernet(Interface& wanted) {
  ifaddrs* all = nullptr;
  if (::getifaddrs(&all) != 0) return false;
  bool found = false;
  for (const ifaddrs* entry = all; entry != nullptr && !found; entry = entry->ifa_next) {
    if (entry->ifa_addr == nullptr || entry->ifa_addr->sa_family != AF_PACKET) continue;
    sockaddr_ll about{};
    std::memcpy(&about, entry->ifa_addr, sizeof(about));
    const auto number = static_cast<std::uint32_t>(about.sll_ifindex);
    const bool ethernet = about.sll_hatype == ARPHRD_ETHER;
    const bool up = (entry->ifa_flags & IFF_UP) != 0;
    found = wanted.number == 0
                ? ethernet && up
                : number == wanted.number && (ethernet || about.sll_hatype == ARPHRD_LOOPBACK);
    if (!found) continue;
    wanted.number = number;
    std::memcpy(wanted.address.bytes.data(), about.sll_addr, wanted.address.bytes.size());
  }
  ::freeifaddrs(all);
  return found;
}

}  // namespace

Result<int> packet_open(std::uint16_t ether_type, Interface& interface) {
  // Hears nothing until it is bound, so that no frame of another interface is in it.
  const int handle = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
  if (handle < 0) return packet_error();
  if (!find_ethernet(interface)) {
    ::close(handle);
    return Errc::address_not_available;
  }
  sockaddr_ll local{};
  local.sll_family = AF_PACKET;
  local.sll_protocol = htons(ether_type);
  local.sll_ifindex = static_cast<int>(interface.number);
  if (::bind(handle, reinterpret_cast<const sockaddr*>(&local), sizeof(local)) != 0) {
    return error_and_close(handle);
  }
  return handle;
}

int packet_receive(int handle, MutableBytes header, MutableBytes payload, int flags,
                   Datagram& datagram) {
  iovec parts[] = {{header.data(), header.size()}, {payload.data(), payload.size()}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  // packet(7) knows no MSG_NOSIGNAL, and refuses what it does not know.
  const ssize_t length = ::recvmsg(handle, &message, (flags & ~MSG_NOSIGNAL) | MSG_TRUNC);
  if (length < 0) return failed;
  datagram = datagram_of(length - static_cast<ssize_t>(header.size()), payload.size());
  return 0;
}

int packet_send(int handle, std::uint32_t, Bytes header, Bytes payload) {
  iovec parts[] = {{const_cast<std::byte*>(header.data()), header.size()},
                   {const_cast<std::byte*>(payload.data()), payload.size()}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  return ::sendmsg(handle, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0 ? failed : 0;
}

Error packet_error() {
  // packet(7): what a socket without an interface, or one whose interface went away, gives.
  if (errno == ENXIO || errno == ENODEV) return Error(Errc::network_down, errno);
  return to_error(errno);
}

Result<std::uint32_t> find_interface(const char* name) {
  const unsigned number = ::if_nametoindex(name);
  if (number == 0) return Error(Errc::address_not_available, errno);
  return number;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native

#else

#include <net/if.h>

namespace twinsock::inline TWINSOCK_BACKEND::native {

Result<int> packet_open(std::uint16_t, Interface&) { return Errc::address_family_not_supported; }
int packet_receive(int, MutableBytes, MutableBytes, int, Datagram&) { return failed; }
int packet_send(int, std::uint32_t, Bytes, Bytes) { return failed; }
Error packet_error() { return Errc::address_family_not_supported; }
Result<std::uint32_t> find_interface(const char* name) {
  const unsigned number = ::if_nametoindex(name);
  if (number == 0) return Error(Errc::address_not_available, errno);
  return number;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native

#endif
