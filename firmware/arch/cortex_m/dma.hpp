// What a core shares memory with another bus master by: the order of accesses, and addresses.
#pragma once

#include <cstdint>

namespace firmware::dma {

// Stores before are in memory, and loads before are done, when this returns. Memory that the data
// cache holds is not written back: keep what is shared out of the cache
// (memory_guard::keep_uncached).
inline void order() { asm volatile("dsb" ::: "memory"); }

// An object's address as the other master sees it.
inline std::uint32_t address(const volatile void* object) {
  return static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(object));
}

}  // namespace firmware::dma
