// Everything lwIP must not let others guess: random numbers, and TCP's initial sequence numbers
// (RFC 6528). Both come from SipHash-2-4 under keys from the node's entropy.
#include "coop/sys_arch/random.hpp"

#include <bit>
#include <cstring>

#include "coop/kernel/kernel_port.hpp"
#include "lwip/priv/tcp_priv.h"
#include "lwip/udp.h"
#include "twinsock_lwip_hooks.h"

namespace twinsock::coop {
namespace {

constinit RandomKeys keys{};
constinit std::uint64_t drawn = 0;

struct Sip {
  std::uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }
};

std::uint64_t load(const std::uint8_t* bytes, std::size_t size) {  // little-endian on any machine
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < size; ++i) word |= std::uint64_t{bytes[i]} << (8 * i);
  return word;
}

}  // namespace

std::uint64_t keyed_hash(const std::uint64_t (&key)[2], const std::uint8_t* bytes,
                         std::size_t size) {
  Sip sip{key[0] ^ 0x736f6d6570736575u, key[1] ^ 0x646f72616e646f6du, key[0] ^ 0x6c7967656e657261u,
          key[1] ^ 0x7465646279746573u};
  const std::uint64_t length = std::uint64_t{size} << 56;
  for (; size >= 8; bytes += 8, size -= 8) {
    const std::uint64_t word = load(bytes, 8);
    sip.v3 ^= word;
    sip.round();
    sip.round();
    sip.v0 ^= word;
  }
  const std::uint64_t last = load(bytes, size) | length;
  sip.v3 ^= last;
  sip.round();
  sip.round();
  sip.v0 ^= last;
  sip.v2 ^= 0xff;
  for (int i = 0; i < 4; ++i) sip.round();
  return sip.v0 ^ sip.v1 ^ sip.v2 ^ sip.v3;
}

void seed_random() {
  twinsock_entropy(&keys, sizeof keys);
  drawn = 0;
}

void forget_ports() {
  udp_init();
#if LWIP_TCP
  tcp_init();
#endif
}

}  // namespace twinsock::coop

using namespace twinsock::coop;

#if LWIP_IPV6
constinit ip6_addr_t twinsock_ipv6_gateway{};
#endif

std::uint32_t twinsock_random() {
  std::uint8_t counter[8];
  ++drawn;
  for (std::size_t i = 0; i < sizeof counter; ++i) {
    counter[i] = static_cast<std::uint8_t>(drawn >> (8 * i));
  }
  return static_cast<std::uint32_t>(keyed_hash(keys.random, counter, sizeof counter));
}

#if LWIP_TCP
u32_t twinsock_tcp_isn(const ip_addr_t* local_ip, u16_t local_port, const ip_addr_t* remote_ip,
                       u16_t remote_port) {
  std::uint8_t text[36] = {};
  const auto put = [&text](std::size_t at, const ip_addr_t* address) {
#if LWIP_IPV6
    if (IP_IS_V6(address)) {
      std::memcpy(text + at, ip_2_ip6(address)->addr, 16);
      return;
    }
#endif
#if LWIP_IPV4
    std::memcpy(text + at, &ip_2_ip4(address)->addr, 4);
#endif
  };
  put(0, local_ip);
  put(16, remote_ip);
  text[32] = static_cast<std::uint8_t>(local_port >> 8);
  text[33] = static_cast<std::uint8_t>(local_port);
  text[34] = static_cast<std::uint8_t>(remote_port >> 8);
  text[35] = static_cast<std::uint8_t>(remote_port);
  const auto clock = static_cast<std::uint32_t>(port::now_us() / 4);
  forget_ports();
  return clock + static_cast<std::uint32_t>(keyed_hash(keys.sequence, text, sizeof text));
}
#endif
