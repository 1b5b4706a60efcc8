// The keyed hash under lwIP's random numbers, and what sys_arch.cpp tells random.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

namespace twinsock::coop {

struct RandomKeys {  // filled by twinsock_entropy()
  std::uint64_t random[2];
  std::uint64_t sequence[2];
};

// SipHash-2-4.
std::uint64_t keyed_hash(const std::uint64_t (&key)[2], const std::uint8_t* bytes,
                         std::size_t size);

// Takes new keys from the entropy hook.
void seed_random();

// lwIP draws its first ephemeral port and then counts up. This makes it draw again, which for each
// new socket and connection gives what RFC 6056 calls simple port randomization.
void forget_ports();

}  // namespace twinsock::coop
