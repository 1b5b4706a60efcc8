// What the hardware refuses: writes to the program and, through it, to address 0; and accesses
// below the running thread's stack (MPU region on Armv7-M, stack limit register on Armv8-M).
#pragma once

#include <cstdint>

namespace firmware::memory_guard {

inline constexpr unsigned guard_size =
    32;  // bytes at the low end of each stack, where an MPU guards

void start();

// Memory that another bus master shares: loads and stores go to it, past the data cache. `size` is
// a power of two of 32 bytes or more and divides `begin`. Armv7-M; call it before start(), once.
void keep_uncached(const void* begin, std::uint32_t size);

// What CoopContext::guard holds for a stack that begins at `bottom`. `is_kept_free`: the guard_size
// bytes below it are nobody's.
constexpr std::uint32_t below(std::uint32_t bottom, bool is_kept_free) {
#if __ARM_ARCH == 8
  static_cast<void>(is_kept_free);
  return bottom;
#else
  return (is_kept_free ? bottom - guard_size : 0xFFFFFFE0) | 0x17;  // base, valid, region 7
#endif
}

// A fault report must be able to look everywhere.
void stop();

}  // namespace firmware::memory_guard
