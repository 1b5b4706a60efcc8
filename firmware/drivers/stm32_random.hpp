// The random number generator of the STM32F7 and STM32H7. Its clock must be on.
#pragma once

#include "arch/cortex_m/registers.hpp"

namespace firmware::drivers {

class Stm32Random {
 public:
  explicit constexpr Stm32Random(std::uintptr_t base) : base_(base) {}

  void start() const { at(base_ + control) = 1u << 2; }

  // 64 fresh bits. False: the generator reports an error, repeats itself or gives nothing.
  bool read(std::uint64_t& bits) const {
    std::uint32_t words[3];  // the first only for the comparison
    for (std::uint32_t& word : words) {
      if (!read_word(word)) return false;
    }
    if (words[0] == words[1] || words[1] == words[2]) return false;
    bits = std::uint64_t{words[1]} << 32 | words[2];
    return true;
  }

 private:
  bool read_word(std::uint32_t& word) const {
    constexpr std::uint32_t ready = 1, clock_error = 1u << 1, seed_error = 1u << 2;
    constexpr unsigned patience = 100'000;  // register reads; a word takes some microseconds
    for (unsigned i = 0; i < patience; ++i) {
      const std::uint32_t now = at(base_ + state);
      if (now & (clock_error | seed_error)) return false;
      if (!(now & ready)) continue;
      word = at(base_ + data);
      return word != 0;  // 0: the generator was just turned on
    }
    return false;
  }

  static constexpr std::uintptr_t control = 0x00, state = 0x04, data = 0x08;
  std::uintptr_t base_;
};

}  // namespace firmware::drivers
