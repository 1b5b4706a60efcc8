// Socket options over POSIX: ranges have been checked, units are ours.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>

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
    case OptionId::reuse_address: return {SOL_SOCKET, SO_REUSEADDR};
    case OptionId::keep_alive: return {SOL_SOCKET, SO_KEEPALIVE};
    case OptionId::keep_alive_idle: return {IPPROTO_TCP, TCP_KEEPIDLE};
    case OptionId::keep_alive_interval: return {IPPROTO_TCP, TCP_KEEPINTVL};
    case OptionId::keep_alive_count: return {IPPROTO_TCP, TCP_KEEPCNT};
    case OptionId::no_delay: return {IPPROTO_TCP, TCP_NODELAY};
    case OptionId::linger: return {SOL_SOCKET, SO_LINGER};
    case OptionId::broadcast: return {SOL_SOCKET, SO_BROADCAST};
    case OptionId::receive_buffer: return {SOL_SOCKET, SO_RCVBUF};
    case OptionId::send_buffer: return {SOL_SOCKET, SO_SNDBUF};
    case OptionId::pending_error: return {SOL_SOCKET, SO_ERROR};
    case OptionId::time_to_live:
      return v6 ? Name{IPPROTO_IPV6, IPV6_UNICAST_HOPS} : Name{IPPROTO_IP, IP_TTL};
    case OptionId::type_of_service:
      return v6 ? Name{IPPROTO_IPV6, IPV6_TCLASS} : Name{IPPROTO_IP, IP_TOS};
    case OptionId::ipv6_only: return {IPPROTO_IPV6, IPV6_V6ONLY};
    default: break;  // posix/multicast.cpp
  }
  return {-1, -1};
}

bool is_buffer(OptionId id) {
  return id == OptionId::receive_buffer || id == OptionId::send_buffer;
}

int set_int(int handle, Name name, int value) {
  return ::setsockopt(handle, name.level, name.name, &value, sizeof(value));
}

}  // namespace

int set_option(int handle, Family family, OptionId id, std::int32_t value) {
  const Name name = name_of(id, family);
  if (id == OptionId::linger) {
    const linger time{value >= 0 ? 1 : 0, value >= 0 ? static_cast<int>(value) : 0};
    return ::setsockopt(handle, name.level, name.name, &time, sizeof(time));
  }
  if (set_int(handle, name, static_cast<int>(value)) != 0) return failed;
  if (!is_buffer(id)) return 0;
  // socket(7), Linux: clamps without a word. What cannot be had in full is refused instead.
  std::int32_t got = 0;
  if (get_option(handle, family, id, got) == failed) return failed;
  if (got == value) return 0;
  errno = EINVAL;
  return failed;
}

int get_option(int handle, Family family, OptionId id, std::int32_t& value) {
  const Name name = name_of(id, family);
  if (id == OptionId::linger) {
    linger time{};
    socklen_t size = sizeof(time);
    if (::getsockopt(handle, name.level, name.name, &time, &size) != 0) return failed;
    value = time.l_onoff != 0 ? time.l_linger : -1;
    return 0;
  }
  int raw = 0;
  socklen_t size = sizeof(raw);
  if (::getsockopt(handle, name.level, name.name, &raw, &size) != 0) return failed;
  value = is_buffer(id) ? raw / 2 : raw;  // socket(7), Linux: twice what was set is read back
  return 0;
}

void reset_inherited(int handle) {
  const timeval no_limit{};
  ::setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &no_limit, sizeof(no_limit));
  ::setsockopt(handle, SOL_SOCKET, SO_SNDTIMEO, &no_limit, sizeof(no_limit));
  const linger in_background{};
  ::setsockopt(handle, SOL_SOCKET, SO_LINGER, &in_background, sizeof(in_background));
  set_int(handle, {SOL_SOCKET, SO_KEEPALIVE}, 0);
  set_int(handle, {IPPROTO_TCP, TCP_KEEPIDLE}, 7200);
  set_int(handle, {IPPROTO_TCP, TCP_KEEPINTVL}, 75);
  set_int(handle, {IPPROTO_TCP, TCP_KEEPCNT}, 9);
  set_int(handle, {IPPROTO_TCP, TCP_NODELAY}, 0);
  set_int(handle, {IPPROTO_IP, IP_TOS}, 0);
  set_int(handle, {IPPROTO_IP, IP_TTL}, -1);        // ip(7): the system's default
  set_int(handle, {IPPROTO_IPV6, IPV6_TCLASS}, 0);  // these two fail on an inet socket
  set_int(handle, {IPPROTO_IPV6, IPV6_UNICAST_HOPS}, -1);
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
