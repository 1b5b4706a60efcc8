// The regions of the memory protection unit; everything else keeps the core's default map.
#include "arch/cortex_m/memory_guard.hpp"

#include "arch/cortex_m/registers.hpp"

extern "C" std::uint32_t _flash_begin[], _flash_end[];

namespace firmware::memory_guard {
namespace {

constexpr std::uint32_t on_with_default_map = 5;

[[maybe_unused]] std::uint32_t address(const std::uint32_t* symbol) {
  return reinterpret_cast<std::uintptr_t>(symbol);
}

}  // namespace

#if __ARM_ARCH == 7
void start() {
  if (at(core::mpu_type) == 0) return;
  const std::uint32_t size = address(_flash_end) - address(_flash_begin);  // a power of two
  const std::uint32_t size_code = 30u - static_cast<std::uint32_t>(__builtin_clz(size));
  constexpr std::uint32_t read_only = 6u << 24;
  constexpr std::uint32_t normal_memory = 2u << 16;  // write-through, not shared
  at(core::mpu_base) = address(_flash_begin) | 0x10 | 0;
  at(core::mpu_attributes) = read_only | normal_memory | (size_code << 1) | 1;
  // The guard: no access, never executed, 32 bytes. The thread switch moves its base; until then it
  // lies where nothing is.
  at(core::mpu_base) = below(0, false);
  at(core::mpu_attributes) = (1u << 28) | (4u << 1) | 1;
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
