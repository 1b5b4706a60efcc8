// The kernel's port to Cortex-M: a thread's first frame, stacks, sleep, panic.
#include "coop/kernel/kernel_port.hpp"

#include "arch/cortex_m/clock.hpp"
#include "arch/cortex_m/fault.hpp"
#include "arch/cortex_m/memory_guard.hpp"
#include "board.hpp"
#include "console/print.hpp"

extern "C" {
void coop_switch(CoopContext* from, CoopContext* to);
void coop_thread_start();
}

namespace twinsock::coop::port {
namespace {

namespace guard = firmware::memory_guard;

alignas(guard::guard_size) std::uint32_t stack_pool[board::stack_pool_size / 4];
std::size_t stack_pool_used;  // bytes
std::uint64_t idle_us;

bool is_in_pool(const void* stack) { return stack >= stack_pool && stack < std::end(stack_pool); }

// The words of a frame that switch.S takes from a new stack, lowest address first.
#if __ARM_ARCH_ISA_THUMB > 1
#if defined(__ARM_FP)
constexpr std::size_t fpu_words = 2;  // CONTROL, FPSCR
#else
constexpr std::size_t fpu_words = 0;
#endif
constexpr std::size_t frame_size = fpu_words + 10;
constexpr std::size_t entry_at = fpu_words + 1;  // r4
#else
constexpr std::size_t fpu_words = 0;
constexpr std::size_t frame_size = 10;
constexpr std::size_t entry_at = 5;
#endif

}  // namespace

void prepare(CoopContext& context, void* stack, std::size_t size, void (*entry)(void*),
             void* argument) {
  const auto bottom = reinterpret_cast<std::uintptr_t>(stack);
  auto* frame = reinterpret_cast<std::uint32_t*>((bottom + size) & ~7u) - frame_size;
  for (std::size_t i = 0; i < frame_size; ++i) frame[i] = 0;
  if (fpu_words > 0) frame[0] = 2;  // process stack, no floating-point state yet
  frame[entry_at] = reinterpret_cast<std::uintptr_t>(entry);
  frame[entry_at + 1] = reinterpret_cast<std::uintptr_t>(argument);
  frame[frame_size - 1] = reinterpret_cast<std::uintptr_t>(&coop_thread_start);
  context.stack_pointer = reinterpret_cast<std::uintptr_t>(frame);
  context.guard = guard::below(bottom, is_in_pool(stack));
}

void entered() {}

void switch_context(CoopContext& from, CoopContext& to, bool) { coop_switch(&from, &to); }

std::uint64_t now_us() { return firmware::clock::now_us(); }

void idle(std::uint64_t deadline_us) {
  const std::uint64_t from_us = firmware::clock::now_us();
  firmware::clock::wake_at(deadline_us);
  asm volatile("dsb\n wfi\n isb" ::: "memory");
  idle_us += firmware::clock::now_us() - from_us;
}

}  // namespace twinsock::coop::port

std::uint64_t firmware::clock::idle_us() { return twinsock::coop::port::idle_us; }

namespace twinsock::coop::port {

void* allocate_stack(std::size_t size) {
  const std::size_t whole = (size + guard::guard_size - 1) & ~std::size_t{guard::guard_size - 1};
  if (stack_pool_used + guard::guard_size + whole > sizeof stack_pool) return nullptr;
  std::uint32_t* const stack = stack_pool + (stack_pool_used + guard::guard_size) / 4;
  stack_pool_used += guard::guard_size + whole;
  for (std::size_t i = 0; i < whole / 4; ++i) stack[i] = COOP_STACK_PAINT;
  return stack;
}

void panic(const char* what, const char* file, int line, const char* thread) {
  coop_lock_interrupts();
  firmware::print_line("panic: ", what, " (", file, ":", line, ", thread ",
                       thread ? thread : "none", ")");
  firmware::print_stacks();
  firmware::stop(firmware::status_panic);
}

}  // namespace twinsock::coop::port
