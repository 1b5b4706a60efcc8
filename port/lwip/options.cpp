// Socket options over lwIP: ranges have been checked, units are ours.
#include <lwip/errno.h>
#include <lwip/sockets.h>

#include <lwip/backend_internal.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

namespace {

struct Name {
  std::uint16_t level;
  std::uint16_t name;
};

#if LWIP_IPV6
constexpr Name ipv6_only{IPPROTO_IPV6, IPV6_V6ONLY};
#else
constexpr Name ipv6_only{0xffff, 0xffff};
#endif

constexpr Name names[] = {
    // in OptionId's order
    {SOL_SOCKET, SO_REUSEADDR},  {SOL_SOCKET, SO_KEEPALIVE},
    {IPPROTO_TCP, TCP_KEEPIDLE}, {IPPROTO_TCP, TCP_KEEPINTVL},
    {IPPROTO_TCP, TCP_KEEPCNT},  {IPPROTO_TCP, TCP_NODELAY},
    {SOL_SOCKET, SO_LINGER},     {SOL_SOCKET, SO_BROADCAST},
    {SOL_SOCKET, SO_RCVBUF},     {SOL_SOCKET, SO_SNDBUF},
    {SOL_SOCKET, SO_ERROR},      {IPPROTO_IP, IP_TTL},
    {IPPROTO_IP, IP_TOS},        ipv6_only,
};
constexpr std::size_t index_of(OptionId id) { return static_cast<std::size_t>(id); }
static_assert(std::size(names) == index_of(OptionId::ipv6_only) + 1 &&
              names[index_of(OptionId::linger)].name == SO_LINGER &&
              names[index_of(OptionId::time_to_live)].name == IP_TTL);

// lwIP reads a flag back as the bit it keeps it in.
constexpr bool is_flag(OptionId id) {
  constexpr unsigned those =
      1U << index_of(OptionId::reuse_address) | 1U << index_of(OptionId::keep_alive) |
      1U << index_of(OptionId::broadcast) | 1U << index_of(OptionId::no_delay);
  return (those >> index_of(id) & 1) != 0;
}

// What all options but linger are, and the first half of that.
int set(int handle, Name name, const linger& value) {
  const bool both = name.name == SO_LINGER;
  return lwip_setsockopt(handle, name.level, name.name, &value,
                         both ? sizeof(value) : sizeof(value.l_onoff));
}

}  // namespace

int set_option(int handle, Family, OptionId id, std::int32_t value) {
  linger raw{value, 0};
  if (id == OptionId::linger) raw = {value >= 0 ? 1 : 0, value >= 0 ? value : 0};
  return set(handle, names[index_of(id)], raw);
}

int get_option(int handle, Family, OptionId id, std::int32_t& value) {
  const Name name = names[index_of(id)];
  linger raw{};
  socklen_t size = id == OptionId::linger ? sizeof(raw) : sizeof(raw.l_onoff);
  if (lwip_getsockopt(handle, name.level, name.name, &raw, &size) != 0) return failed;
  value = raw.l_onoff;
  if (is_flag(id)) value = value != 0 ? 1 : 0;
  if (id == OptionId::linger) value = value != 0 ? raw.l_linger : -1;
  return 0;
}

void reset_inherited(int handle) {
  struct Default {
    std::uint16_t level;
    std::uint8_t name;
    std::uint16_t value;
  };
  static constexpr Default defaults[] = {
      {SOL_SOCKET, SO_KEEPALIVE, 0},    {IPPROTO_TCP, TCP_KEEPIDLE, 7200},
      {IPPROTO_TCP, TCP_KEEPINTVL, 75}, {IPPROTO_TCP, TCP_KEEPCNT, 9},
      {IPPROTO_IP, IP_TTL, TCP_TTL},    {IPPROTO_IP, IP_TOS, 0},
  };
  for (const Default& each : defaults) set(handle, {each.level, each.name}, {each.value, 0});
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
