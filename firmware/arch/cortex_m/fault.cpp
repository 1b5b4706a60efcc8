// What a fault leaves to read: the registers, the cause in words, the thread, every stack.
#include "arch/cortex_m/fault.hpp"

#include "arch/cortex_m/memory_guard.hpp"
#include "arch/cortex_m/registers.hpp"
#include "arch/cortex_m/semihosting.hpp"
#include "arch/cortex_m/vectors.hpp"
#include "console/print.hpp"
#include "coop/kernel/kernel.hpp"

extern "C" std::uint32_t _ram_begin[], _ram_end[], _interrupt_stack_begin[];

namespace firmware {
namespace {

using twinsock::coop::Thread;
using twinsock::coop::ThreadState;

struct Frame {  // pushed by the core
  std::uint32_t r0, r1, r2, r3, r12, lr, pc, psr;
};

struct Preserved {  // pushed by fault_handler
  std::uint32_t r4, r5, r6, r7, r8, r9, r10, r11, exc_return;
};

struct Cause {
  std::uint32_t bit;
  const char* text;
};

constexpr Cause causes[] = {
    {1u << 0, "execution where it is forbidden"},
    {1u << 1, "access where it is forbidden"},
    {1u << 4, "no stack left for an exception"},
    {1u << 8, "no memory behind an instruction's address"},
    {1u << 9, "no memory behind a data address"},
    {1u << 10, "no memory behind an earlier store"},
    {1u << 12, "no stack left for an exception"},
    {1u << 16, "undefined instruction"},
    {1u << 17, "jump out of the Thumb state"},
    {1u << 19, "no such coprocessor"},
    {1u << 20, "stack overflow"},
    {1u << 24, "unaligned access"},
    {1u << 25, "division by zero"},
};
constexpr std::uint32_t frame_is_missing = (1u << 4) | (1u << 12) | (1u << 20);

template <class T>
bool is_in_ram(const T* object) {
  const auto* words = reinterpret_cast<const std::uint32_t*>(object);
  return words >= _ram_begin && words + sizeof(T) / 4 <= _ram_end;
}

const char* name(ThreadState state) {
  switch (state) {
    case ThreadState::ready: return "ready";
    case ThreadState::running: return "running";
    case ThreadState::waiting: return "waiting";
    case ThreadState::ended: return "ended";
    case ThreadState::unused: break;
  }
  return "unused";
}

// A semihosting call that nobody answered: BKPT 0xAB that became a hard fault.
bool step_over_semihosting(Frame* frame) {
#if __ARM_ARCH_ISA_THUMB > 1
  constexpr std::uint32_t debug_event = 1u << 31;
  if (!(at(core::hard_fault_status) & debug_event)) return false;
  at(core::hard_fault_status) = debug_event;
#endif
  if (!is_in_ram(frame) || *reinterpret_cast<const std::uint16_t*>(frame->pc) != 0xBEAB) {
    return false;
  }
  frame->r0 = static_cast<std::uint32_t>(-0x5A5A);
  frame->pc += 2;
  return true;
}

#if __ARM_ARCH_ISA_THUMB > 1
void print_cause() {
  const std::uint32_t status = at(core::fault_status);
  print_line("fault: status ", hex(status), ", hard fault status ",
             hex(at(core::hard_fault_status)));
  for (const Cause& cause : causes) {
    if (status & cause.bit) print_line("  ", cause.text);
  }
  if (status & (1u << 7)) print_line("  at address ", hex(at(core::memory_fault_address)));
  if (status & (1u << 15)) print_line("  at address ", hex(at(core::bus_fault_address)));
}

bool has_frame(const Frame* frame) {
  return is_in_ram(frame) && !(at(core::fault_status) & frame_is_missing);
}
#else
void print_cause() { print_line("fault"); }
bool has_frame(const Frame* frame) { return is_in_ram(frame); }
#endif

void print_registers(const Frame* frame, const Preserved& preserved) {
  if (has_frame(frame)) {
    print_line("  pc  ", hex(frame->pc), "  lr  ", hex(frame->lr), "  psr ", hex(frame->psr),
               "  sp  ", hex(reinterpret_cast<std::uintptr_t>(frame + 1)));
    print_line("  r0  ", hex(frame->r0), "  r1  ", hex(frame->r1), "  r2  ", hex(frame->r2),
               "  r3  ", hex(frame->r3));
  } else {
    print_line("  no frame at ", hex(reinterpret_cast<std::uintptr_t>(frame)));
  }
  print_line("  r4  ", hex(preserved.r4), "  r5  ", hex(preserved.r5), "  r6  ", hex(preserved.r6),
             "  r7  ", hex(preserved.r7));
  print_line("  r8  ", hex(preserved.r8), "  r9  ", hex(preserved.r9), "  r10 ", hex(preserved.r10),
             "  r11 ", hex(preserved.r11));
  print_line("  exception return ", hex(preserved.exc_return));
}

}  // namespace

extern "C" [[gnu::used]] void report_fault(Frame* frame, const Preserved& preserved) {
  if (step_over_semihosting(frame)) return;
  memory_guard::stop();
  const Thread* thread = twinsock::coop::current();
  print("\n");
  print_cause();
  print_registers(frame, preserved);
  print_line("  in ", (preserved.exc_return & 8) ? "thread " : "an interrupt during thread ",
             thread ? thread->name : "none");
  print_stacks();
  stop(status_fault);
}

extern "C" [[gnu::naked, gnu::used]] void fault_handler() {
  asm volatile(
      "mov r1, lr\n"
      "movs r0, #4\n"
      "tst r0, r1\n"
      "bne 1f\n"
      "mrs r0, msp\n"
      "b 2f\n"
      "1: mrs r0, psp\n"
      "2:\n"
#if __ARM_ARCH_ISA_THUMB > 1
      "push {r4-r11, lr}\n"
      "mov r1, sp\n"
      "sub sp, #4\n"
      "bl report_fault\n"
      "add sp, #4\n"
      "pop {r4-r11, pc}\n"
#else
      "push {r1, lr}\n"
      "mov r2, r10\n mov r3, r11\n push {r2, r3}\n"
      "mov r2, r8\n mov r3, r9\n push {r2, r3}\n"
      "push {r4-r7}\n"
      "mov r1, sp\n"
      "bl report_fault\n"
      "add sp, #36\n"
      "pop {pc}\n"
#endif
  );
}

void unexpected_interrupt() {
  std::uint32_t number;
  asm volatile("mrs %0, ipsr" : "=r"(number));
  print_line("\ninterrupt ", number - 16, " has no handler");
  stop(status_fault);
}

void print_stacks() {
  print_line("thread            state     stack   most used");
  // After a fault the list itself may be broken.
  int most = 100;
  for (const Thread* t = twinsock::coop::threads(); t && is_in_ram(t) && --most > 0;
       t = t->next_created) {
    print_line(Column{t->name, 16}, "  ", Column{name(t->state), 8}, Figure{t->stack_size, 7},
               Figure{twinsock::coop::stack_highest(*t), 12});
  }
  const InterruptStack stack = interrupt_stack();
  print_line(Column{"(interrupts)", 16}, "  ", Column{"", 8}, Figure{stack.size, 7},
             Figure{stack.highest, 12});
}

InterruptStack interrupt_stack() {
  const std::uint32_t* lowest = _interrupt_stack_begin;
  while (lowest < _interrupt_stack_end && *lowest == COOP_STACK_PAINT) ++lowest;
  return {static_cast<unsigned>((_interrupt_stack_end - lowest) * 4),
          static_cast<unsigned>((_interrupt_stack_end - _interrupt_stack_begin) * 4)};
}

void stop(int status) {
  asm volatile("cpsid i" ::: "memory");
  semihosting::exit(status);
  print_line("stopped with status ", status, "; reset to start again");
  for (;;) asm volatile("wfi");
}

}  // namespace firmware
