// Instruction and data cache, by the registers of the system control block.
#include "arch/cortex_m/cache.hpp"

#include "arch/cortex_m/registers.hpp"

namespace firmware::cache {
namespace {

constexpr std::uintptr_t cache_size = 0xE000ED80;       // CCSIDR, of the cache chosen in CSSELR
constexpr std::uintptr_t cache_selection = 0xE000ED84;  // CSSELR
constexpr std::uintptr_t invalidate_all_code = 0xE000EF50;
constexpr std::uintptr_t invalidate_data_set = 0xE000EF60;
constexpr std::uint32_t data_on = 1u << 16, code_on = 1u << 17;

void wait() { asm volatile("dsb\n isb" ::: "memory"); }

// By set and way: after reset the lines hold what they happen to.
void invalidate_data() {
  at(cache_selection) = 0;
  wait();
  const std::uint32_t sizes = at(cache_size);
  const std::uint32_t sets = ((sizes >> 13) & 0x7FFF) + 1, ways = ((sizes >> 3) & 0x3FF) + 1;
  const std::uint32_t set_shift = (sizes & 7) + 4;
  const int way_shift = ways > 1 ? __builtin_clz(ways - 1) : 0;
  for (std::uint32_t set = 0; set < sets; ++set) {
    for (std::uint32_t way = 0; way < ways; ++way) {
      at(invalidate_data_set) = (way << way_shift) | (set << set_shift);
    }
  }
  wait();
}

}  // namespace

void start() {
  wait();
  at(invalidate_all_code) = 0;
  wait();
  at(core::configuration) = at(core::configuration) | code_on;
  wait();
  invalidate_data();
  at(core::configuration) = at(core::configuration) | data_on;
  wait();
}

}  // namespace firmware::cache
