// Names over lwIP's resolver, which gives one address of a family, and has one error for a name
// that is not there and for a server that is silent: the time that it took tells the two apart.
#include <lwip/api.h>
#include <lwip/dns.h>
#include <lwip/opt.h>
#include <lwip/sys.h>

#include <cstring>

#include <native/native_resolve.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

#if LWIP_DNS

namespace {
// Its tries wait 1, 1, 2, 3 … ticks of a second, the first tick coming early: only silence takes so
// long, or a refusal after nearly as much.
constexpr u32_t shortest_silence_ms =
    DNS_MAX_RETRIES * (DNS_MAX_RETRIES - 1) / 2 * DNS_TMR_INTERVAL;
}  // namespace

Result<std::size_t> resolve(const char* host, Family family, std::span<IpAddress> room) {
  if (room.empty()) return 0U;
  ip_addr_t found{};
  const u32_t began_ms = sys_now();
#if LWIP_IPV4 && LWIP_IPV6
  const u8_t type = family == Family::inet ? NETCONN_DNS_IPV4 : NETCONN_DNS_IPV6;
  const err_t code = netconn_gethostbyname_addrtype(host, &found, type);
#else
  if (family != (LWIP_IPV4 ? Family::inet : Family::inet6)) return Errc::name_not_found;
  const err_t code = netconn_gethostbyname(host, &found);
#endif
  if (code == ERR_MEM) return Error(Errc::no_buffer_space, code);
  if (code == ERR_VAL && sys_now() - began_ms < shortest_silence_ms) {
    return Error(Errc::name_not_found, code);
  }
  if (code != ERR_OK) return Error(Errc::name_lookup_failed, code);
#if LWIP_IPV4
  if (IP_IS_V4(&found)) {
    std::array<std::uint8_t, 4> b;
    std::memcpy(b.data(), ip_2_ip4(&found), b.size());
    room[0] = IpAddress::v4(b[0], b[1], b[2], b[3]);
  }
#endif
#if LWIP_IPV6
  if (IP_IS_V6(&found)) {
    std::array<std::uint8_t, 16> bytes;
    std::memcpy(bytes.data(), ip_2_ip6(&found)->addr, bytes.size());
    room[0] = IpAddress::v6(bytes);
  }
#endif
  return 1U;
}

#else

Result<std::size_t> resolve(const char*, Family, std::span<IpAddress>) {
  return Errc::name_not_found;
}

#endif

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
