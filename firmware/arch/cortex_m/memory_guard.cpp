// The regions of the memory protection unit; everything else keeps the core's default map.
#include "arch/cortex_m/memory_guard.hpp"

#include "arch/cortex_m/registers.hpp"

extern "C" std::uint32_t _flash_begin[], _flash_end[];

namespace firmware::memory_guard {
namespace {

constexpr std::uint32_t on_with_default_map = 5;

#if __ARM_ARCH == 7
// The regions: a later one prevails where two overlap.
constexpr std::uint32_t program_region = 0, null_region = 1, shared_region = 2, guard_region = 7;
static_assert((below(0, false) & 15) == guard_region);

void set_region(std::uint32_t number, std::uint32_t begin, std::uint32_t size,
                std::uint32_t attributes) {
  const std::uint32_t size_code = 30u - static_cast<std::uint32_t>(__builtin_clz(size));
  at(core::mpu_base) = begin | 0x10 | number;
  at(core::mpu_attributes) = attributes | (size_code << 1) | 1;
}
#endif

[[maybe_unused]] std::uint32_t address(const std::uint32_t* symbol) {
  std::uint32_t value = reinterpret_cast<std::uintptr_t>(symbol);
  asm("" : "+r"(value));  // to the compiler, no symbol's address is 0
  return value;
}

}  // namespace

#if __ARM_ARCH == 7
void keep_uncached(const void* begin, std::uint32_t size) {
  // Read and write, never executed, normal memory without a cache, shared.
  set_region(shared_region, static_cast<std::uint32_t>(reinterpret_cast<std::uintptr_t>(begin)),
             size, (1u << 28) | (3u << 24) | (1u << 19) | (1u << 18));
  at(core::mpu_control) = on_with_default_map;
  asm volatile("dsb\n isb" ::: "memory");
}

void start() {
  if (at(core::mpu_type) == 0) return;
  constexpr std::uint32_t read_only = 6u << 24, no_access = 0, never_executed = 1u << 28;
  constexpr std::uint32_t normal_memory = 2u << 16;  // write-through, not shared
  set_region(program_region, address(_flash_begin), address(_flash_end) - address(_flash_begin),
             read_only | normal_memory);
  // Where the program lies elsewhere, some other memory may answer at address 0.
  if (address(_flash_begin) != 0) set_region(null_region, 0, 4096, no_access | never_executed);
  // The guard: no access, never executed, 32 bytes. The thread switch moves its base; until then it
  // lies where nothing is.
  at(core::mpu_base) = below(0, false);
  at(core::mpu_attributes) = never_executed | (4u << 1) | 1;
  at(core::mpu_control) = on_with_default_map;
  asm volatile("dsb\n isb" ::: "memory");
}
#elif __ARM_ARCH == 8
void start() {
  if (at(core::mpu_type) == 0) return;
  constexpr std::uint32_t read_only = 2u << 1;
  at(core::mpu_memory_types) = 0xAA;  // type 0: normal memory, write-through
  at(core::mpu_number) = 0;
  at(core::mpu_base) = address(_flash_begin) | read_only;
  at(core::mpu_attributes) = ((address(_flash_end) - 1) & ~31u) | 1;
  at(core::mpu_number) = 1;  // address 0, where no program is
  at(core::mpu_base) = 0 | read_only | 1;
  at(core::mpu_attributes) = 0xFE0 | 1;
  at(core::mpu_control) = on_with_default_map;
  asm volatile("dsb\n isb" ::: "memory");
}
#else
void start() {}
#endif

void stop() {
#if __ARM_ARCH >= 7
  if (at(core::mpu_type) == 0) return;
  at(core::mpu_control) = 0;
  asm volatile("dsb\n isb" ::: "memory");
#endif
}

}  // namespace firmware::memory_guard
