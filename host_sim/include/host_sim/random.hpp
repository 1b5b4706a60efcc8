// Seeded randomness in integer arithmetic alone, so that a seed means the same on every compiler.
#pragma once

#include <cstdint>

namespace host_sim {

// One step of SplitMix64: a bijection that turns neighbouring seeds into unrelated ones.
constexpr uint64_t mix64(uint64_t value) {
  value += 0x9E3779B97F4A7C15u;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
  return value ^ (value >> 31);
}

// A probability in parts per billion; 0 is never, 1,000,000,000 is always.
struct Probability {
  uint32_t per_billion = 0;

  constexpr bool operator==(const Probability&) const = default;
};

constexpr Probability per_mille(uint32_t parts) { return {parts * 1'000'000}; }
constexpr Probability percent(uint32_t parts) { return {parts * 10'000'000}; }
inline constexpr Probability always{1'000'000'000};

// xoshiro256**. Each use has a stream of its own, so that one more draw here changes nothing there.
class Random {
 public:
  constexpr explicit Random(uint64_t seed, uint64_t a = 0, uint64_t b = 0, uint64_t c = 0) {
    uint64_t mixed = mix64(mix64(mix64(mix64(seed) ^ a) ^ b) ^ c);
    for (uint64_t& word : state_) word = mixed = mix64(mixed);
  }

  constexpr uint64_t next() {
    const uint64_t result = rotate(state_[1] * 5, 7) * 9;
    const uint64_t shifted = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= shifted;
    state_[3] = rotate(state_[3], 45);
    return result;
  }

  // Evenly from [0, limit); 0 when limit is 0. The bias of the multiplication is below 2^-32 for
  // limits below 2^32.
  constexpr uint64_t below(uint64_t limit) {
    if (limit <= UINT32_MAX) return ((next() >> 32) * limit) >> 32;
    return next() % limit;
  }

  constexpr bool chance(Probability probability) {
    return below(1'000'000'000) < probability.per_billion;
  }

 private:
  static constexpr uint64_t rotate(uint64_t value, int bits) {
    return (value << bits) | (value >> (64 - bits));
  }

  uint64_t state_[4] = {};
};

}  // namespace host_sim
