// From reset to main(): memory, FPU, faults, the board, the kernel's world.
#include <cstring>

#include "arch/cortex_m/clock.hpp"
#include "arch/cortex_m/fault.hpp"
#include "arch/cortex_m/memory_guard.hpp"
#include "arch/cortex_m/registers.hpp"
#include "arch/cortex_m/vectors.hpp"
#include "board.hpp"
#include "coop_port.h"

extern "C" {
extern std::uint32_t _vectors[], _interrupt_stack_begin[];
extern char _data_begin[], _data_end[], _data_image[], _bss_begin[], _bss_end[];
int main();
}

namespace firmware {
namespace {

// Runs before there is any variable.
void enable_faults() {
#if __ARM_ARCH_ISA_THUMB > 1
  at(core::vector_table) = reinterpret_cast<std::uintptr_t>(_vectors);
  at(core::handler_control) = at(core::handler_control) | (7u << 16);  // usage, bus, memory
  at(core::configuration) = at(core::configuration) | (1u << 4);       // division by zero
#endif
}

void enable_fpu() {
#if defined(__ARM_FP)
  at(core::coprocessor_access) = at(core::coprocessor_access) | (0xFu << 20);
  asm volatile("dsb\n isb" ::: "memory");
#endif
}

void paint_interrupt_stack() {
  std::uint32_t here;
  asm volatile("mrs %0, msp" : "=r"(here));
  for (std::uint32_t* word = _interrupt_stack_begin; reinterpret_cast<std::uintptr_t>(word) < here;
       ++word) {
    *word = COOP_STACK_PAINT;
  }
}

}  // namespace

extern "C" [[gnu::used, noreturn]] void start() {
  clock::begin();
  enable_fpu();
  enable_faults();
  paint_interrupt_stack();
  std::memcpy(_data_begin, _data_image, static_cast<std::size_t>(_data_end - _data_begin));
  std::memset(_bss_begin, 0, static_cast<std::size_t>(_bss_end - _bss_begin));
  board::start();
  memory_guard::start();
  clock::start(board::core_clock_hz);
  stop(main());
}

// Threads, and main() before there are any, use the process stack; the main stack is the
// interrupts'.
extern "C" [[gnu::naked, gnu::used]] void reset_handler() {
  asm volatile(
      "cpsie i\n"
      "ldr r0, =_main_stack_end\n"
      "msr psp, r0\n"
      "movs r0, #2\n"
      "msr control, r0\n"
      "isb\n"
      "bl start\n"
      ".ltorg");
}

}  // namespace firmware
