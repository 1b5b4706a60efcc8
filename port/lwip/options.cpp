// Socket options over lwIP: ranges have been checked, units are ours.
#include <lwip/errno.h>
#include <lwip/sockets.h>

#include <lwip/backend_internal.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

namespace {

struct Name {
  int level;
  int name;
};

Name name_of(OptionId id) {
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
    case OptionId::time_to_live: return {IPPROTO_IP, IP_TTL};
    case OptionId::type_of_service: return {IPPROTO_IP, IP_TOS};
    case OptionId::ipv6_only:
#if LWIP_IPV6
      return {IPPROTO_IPV6, IPV6_V6ONLY};
#else
      break;
#endif
    default: break;  // lwip/multicast.cpp
  }
  return {-1, -1};
}

int set_int(int handle, Name name, int value) {
  return lwip_setsockopt(handle, name.level, name.name, &value, sizeof(value));
}

}  // namespace

int set_option(int handle, Family, OptionId id, std::int64_t value) {
  const Name name = name_of(id);
  if (id == OptionId::linger) {
    const linger time{value >= 0 ? 1 : 0, value >= 0 ? static_cast<int>(value) : 0};
    return lwip_setsockopt(handle, name.level, name.name, &time, sizeof(time));
  }
  return set_int(handle, name, static_cast<int>(value));
}

int get_option(int handle, Family, OptionId id, std::int64_t& value) {
  const Name name = name_of(id);
  if (id == OptionId::linger) {
    linger time{};
    socklen_t size = sizeof(time);
    if (lwip_getsockopt(handle, name.level, name.name, &time, &size) != 0) return failed;
    value = time.l_onoff != 0 ? time.l_linger : -1;
    return 0;
  }
  int raw = 0;
  socklen_t size = sizeof(raw);
  if (lwip_getsockopt(handle, name.level, name.name, &raw, &size) != 0) return failed;
  // lwIP reads a flag back as the bit it keeps it in.
  const bool flag = id == OptionId::reuse_address || id == OptionId::keep_alive ||
                    id == OptionId::broadcast || id == OptionId::no_delay;
  value = flag ? (raw != 0 ? 1 : 0) : raw;
  return 0;
}

void reset_inherited(int handle) {
  struct Default {
    std::uint8_t level;
    std::uint8_t name;
    std::uint16_t value;
  };
  static constexpr Default defaults[] = {
      {IPPROTO_TCP, TCP_KEEPIDLE, 7200}, {IPPROTO_TCP, TCP_KEEPINTVL, 75},
      {IPPROTO_TCP, TCP_KEEPCNT, 9},     {IPPROTO_IP, IP_TTL, TCP_TTL},
      {IPPROTO_IP, IP_TOS, 0},
  };
  set_int(handle, {SOL_SOCKET, SO_KEEPALIVE}, 0);
  for (const Default& each : defaults) set_int(handle, {each.level, each.name}, each.value);
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
