// The image that proves the start-up code: faults, stacks, floating-point registers, time.
#include <lwip/debug.h>
#include <lwip/sys.h>

#include <array>

#include "arch/cortex_m/cache.hpp"
#include "arch/cortex_m/clock.hpp"
#include "arch/cortex_m/fault.hpp"
#include "arch/cortex_m/memory_guard.hpp"
#include "arch/cortex_m/registers.hpp"
#include "arch/cortex_m/semihosting.hpp"
#include "board.hpp"
#include "boot/boot.hpp"
#include "boot/settings.hpp"
#include "console/print.hpp"
#include "coop/kernel/kernel.hpp"

namespace {

namespace coop = twinsock::coop;
using Words = std::span<const std::string_view>;

constexpr int thread_stack_size = 1024;

int start_and_wait(const char* name, void (*run)(void*)) {
  sys_thread_new(name, run, nullptr, thread_stack_size, 1);
  coop::sleep_until(coop::now_us() + 1'000'000);
  return firmware::status_failed;  // the thread should have ended the image
}

// ---- faults

int write_to_nothing(Words) {
  return start_and_wait("nowhere", [](void*) { firmware::at(0xE8000000) = 1; });
}

int write_to_null(Words) {
  return start_and_wait("null", [](void*) {
    std::uintptr_t address = 0;
    asm volatile("" : "+r"(address));  // the compiler must not know
    firmware::at(address) = 1;
  });
}

int undefined_instruction(Words) {
  return start_and_wait("undefined", [](void*) { asm volatile("udf #0"); });
}

int fault_in_interrupt(Words) {
  return start_and_wait("victim", [](void*) {
    firmware::core::enable_interrupt(20);  // no board has a handler for it
    firmware::at(0xE000E200) = 1u << 20;   // pending
    asm volatile("dsb\n isb");
  });
}

int panic(Words) {
  return start_and_wait("careless", [](void*) { coop::panic("on purpose", __FILE__, __LINE__); });
}

int assert_in_lwip(Words) {
  return start_and_wait("careless",
                        [](void*) { LWIP_ASSERT("on purpose", coop::current() == nullptr); });
}

// ---- stacks

int dive(int depth) {
  std::array<volatile char, 48> room;
  room[0] = static_cast<char>(depth);
  return depth == 0 ? room[0] : dive(depth - 1) + room[0];
}

int overflow_stack(Words) {
  return start_and_wait("diver", [](void*) { firmware::print_line(dive(100)); });
}

// Jumps over the guard and comes back: only the painted words can tell, at the next switch.
int scribble_below_stack(Words) {
  return start_and_wait("scribbler", [](void*) {
    coop::current()->stack[0] = 0x12345678;
    coop::yield();
  });
}

// ---- memory shared with a DMA

#if __ARM_ARCH == 7
alignas(1024) std::uint32_t shared_words[256];

// Loads and stores work, with the caches on where there are any; what is there is never executed.
int use_shared_memory(Words) {
  constexpr std::uintptr_t cpu_id = 0xE000ED00;
  constexpr std::uint32_t cortex_m7 = 0xC27;
  firmware::memory_guard::keep_uncached(shared_words, sizeof shared_words);
  if (((firmware::at(cpu_id) >> 4) & 0xFFF) == cortex_m7) firmware::cache::start();
  for (std::uint32_t i = 0; i < 256; ++i) shared_words[i] = 3 * i;
  std::uint32_t sum = 0;
  for (const std::uint32_t& word : shared_words)
    sum += *const_cast<volatile const std::uint32_t*>(&word);
  firmware::print_line("shared memory: sum ", sum);
  shared_words[0] = 0x47704770;  // bx lr, twice
  return start_and_wait("runner", [](void*) {
    const std::uintptr_t code = reinterpret_cast<std::uintptr_t>(shared_words) | 1;
    asm volatile("dsb\n isb\n blx %0" : : "r"(code) : "lr", "memory");
  });
}
#else
int use_shared_memory(Words) { return firmware::status_failed; }
#endif

// ---- floating point

#if defined(__ARM_FP)
std::array<bool, 2> is_wrong;
std::array<bool, 2> is_done;

void compute(std::size_t which) {
  std::array<float, 16> set;
  std::array<float, 16> found;
  for (int round = 0; round < 500; ++round) {
    for (std::size_t i = 0; i < 16; ++i) {
      set[i] = static_cast<float>(1000 * which + 20 * i) + static_cast<float>(round) / 7;
    }
    register float* from asm("r4") = set.data();
    register float* to asm("r5") = found.data();
    register void (*wait)() asm("r6") = [] {
      // By turns: straight to the other thread, and through the scheduler's sleep.
      static int calls;
      if (++calls % 8 == 0) coop::sleep_until(coop::now_us() + 200);
      coop::yield();
    };
    asm volatile("vldmia r4, {s16-s31}\n blx r6\n vstmia r5, {s16-s31}"
                 : "+r"(from), "+r"(to), "+r"(wait)
                 :
                 : "r0", "r1", "r2", "r3", "r12", "lr", "s0", "s1", "s2", "s3", "s4", "s5", "s6",
                   "s7", "s8", "s9", "s10", "s11", "s12", "s13", "s14", "s15", "s16", "s17", "s18",
                   "s19", "s20", "s21", "s22", "s23", "s24", "s25", "s26", "s27", "s28", "s29",
                   "s30", "s31", "cc", "memory");
    if (set != found) is_wrong[which] = true;
  }
  is_done[which] = true;
}

int compute_in_two_threads(Words) {
  sys_thread_new(
      "even",
      [](void*) {
        compute(0);
        coop::exit_thread();
      },
      nullptr, thread_stack_size, 1);
  sys_thread_new(
      "odd",
      [](void*) {
        compute(1);
        coop::exit_thread();
      },
      nullptr, thread_stack_size, 1);
  // This thread has no floating-point state of its own.
  while (!is_done[0] || !is_done[1]) coop::sleep_until(coop::now_us() + 1'000);
  firmware::print_line("floating point: ", is_wrong[0] || is_wrong[1] ? "mixed up" : "kept");
  return is_wrong[0] || is_wrong[1] ? firmware::status_failed : firmware::status_passed;
}
#else
int compute_in_two_threads(Words) {
  firmware::print_line("floating point: none");
  return firmware::status_passed;
}
#endif

// ---- time

// Sleeps of all lengths, 2 s in sum, never early; the clock never goes back.
int measure_time(Words) {
  std::uint64_t before = coop::now_us();
  const std::uint64_t start = before;
  for (std::uint32_t length_us = 10; coop::now_us() - start < 2'000'000;
       length_us = length_us * 3 / 2 % 300'000 + 10) {
    const std::uint64_t wanted = coop::now_us() + length_us;
    coop::sleep_until(wanted);
    const std::uint64_t now = coop::now_us();
    if (now < wanted || now < before) {
      firmware::print_line("woke at ", now, " us instead of ", wanted);
      return firmware::status_failed;
    }
    before = now;
  }
  // Busy, so that only the counter's own periods make time go on.
  while (coop::now_us() - start < 4'000'000) {
    const std::uint64_t now = coop::now_us();
    if (now < before) return firmware::status_failed;
    before = now;
  }
  firmware::print_line("slept 2 s, counted 2 s");
  return firmware::status_passed;
}

// Without a regular tick, three seconds of nothing to do take as many interrupts as SysTick's 24
// bits need, and a few for the sleep's end.
int sleep_long(Words) {
  constexpr std::uint64_t time_us = 3'000'000;
  constexpr std::uint64_t longest_us = (1u << 24) / (board::core_clock_hz / 1'000'000);
  const std::uint32_t before = firmware::clock::periods();
  coop::sleep_until(coop::now_us() + time_us);
  const std::uint32_t count = firmware::clock::periods() - before;
  firmware::print_line("slept 3 s with ", count, " periods of the clock");
  return count > 0 && count <= time_us / longest_us + 3 ? firmware::status_passed
                                                        : firmware::status_failed;
}

int exit_with(Words words) { return static_cast<int>(firmware::parse_number(words[1], 0, 255)); }

struct Case {
  std::string_view name;
  int (*run)(Words words);
};
constexpr Case cases[] = {
    {"nowhere", write_to_nothing},
    {"null", write_to_null},
    {"undefined", undefined_instruction},
    {"interrupt", fault_in_interrupt},
    {"panic", panic},
    {"assert", assert_in_lwip},
    {"overflow", overflow_stack},
    {"scribble", scribble_below_stack},
    {"shared", use_shared_memory},
    {"fpu", compute_in_two_threads},
    {"time", measure_time},
    {"sleep", sleep_long},
    {"exit", exit_with},
};

int program(Words words) {
  for (const Case& one : cases) {
    if (!words.empty() && words[0] == one.name) return one.run(words);
  }
  firmware::print_line("no such case");
  return firmware::status_wrong_use;
}

}  // namespace

int main() { firmware::run(program); }
