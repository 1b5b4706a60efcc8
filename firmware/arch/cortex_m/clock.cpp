// SysTick counts periods of our choice: the longest it can while there is no deadline, else up to
// it.
//
// The counter of a period takes the values 0, load, load - 1, … 1, so a period has load + 1 cycles
// and interrupts on its last step. Invariant: `current` is the load of the period that the counter
// is in, because a load is never changed without a restart. An emulator's host may pause us between
// any two instructions for longer than a period; then time may lag, but never runs ahead.
#include "arch/cortex_m/clock.hpp"

#include "arch/cortex_m/registers.hpp"
#include "arch/cortex_m/vectors.hpp"

namespace firmware::clock {
namespace {

constexpr std::uint32_t longest = 0xFFFFFF;
constexpr std::uint32_t shortest = 256;      // leaves the time to set the next one
constexpr std::uint32_t restart_cycles = 8;  // lost between reading the counter and restarting it
constexpr std::uint32_t pending = 1u << 26;  // ICSR.PENDSTSET
constexpr std::uint32_t clear_pending = 1u << 25;
constexpr std::uint32_t counted_to_zero = 1u << 16;

std::uint32_t cycles_per_us;
std::uint64_t base_us;      // when the present period began, in whole microseconds ...
std::uint32_t base_cycles;  // ... and cycles beyond
std::uint32_t current = longest;
std::uint32_t ended;  // periods

void advance(std::uint32_t cycles) {
  base_cycles += cycles;
  base_us += base_cycles / cycles_per_us;
  base_cycles %= cycles_per_us;
}

void restart(std::uint32_t load) {
  at(core::systick_load) = load;
  at(core::systick_value) = 0;  // also forgets counted_to_zero
}

// A short period is followed by the longest; by itself the counter would repeat the short one.
void end_period() {
  ++ended;
  advance(current + 1);
  if (current == longest) return;
  const std::uint32_t value = at(core::systick_value);
  restart(longest);
  at(core::interrupt_state) = clear_pending;  // the short one may have ended twice
  advance((value == 0 ? 0 : current + 1 - value) + restart_cycles);
  current = longest;
}

// Cycles since the present period began, after the end of the one before if that is due. Interrupts
// are masked.
std::uint32_t settle() {
  for (;;) {
    const std::uint32_t value = at(core::systick_value);
    if (at(core::interrupt_state) & pending) {
      at(core::interrupt_state) = clear_pending;
      end_period();
    } else if (value != 0) {  // 0: for one cycle, or until an emulator gets round to the interrupt
      return current + 1 - value;
    }
  }
}

}  // namespace

void begin() {
  restart(longest);
  at(core::systick_control) = 5;  // core clock, no interrupt, on
}

void start(std::uint32_t core_clock_hz) {
  cycles_per_us = core_clock_hz / 1'000'000;
  at(core::systick_control) = 7;  // core clock, interrupt, on
}

std::uint64_t now_us() {
  const core::InterruptLock lock;
  const std::uint32_t elapsed = settle();
  return base_us + (base_cycles + elapsed) / cycles_per_us;
}

void wake_at(std::uint64_t deadline_us) {
  const std::uint64_t now = now_us();
  const std::uint64_t wait_us = deadline_us > now ? deadline_us - now : 0;
  if (wait_us > longest / cycles_per_us) return;  // the present period ends before
  std::uint32_t load = static_cast<std::uint32_t>(wait_us) * cycles_per_us;
  if (load < shortest) load = shortest;
  const std::uint32_t elapsed = settle();
  if (current - elapsed <= load) return;
  restart(load);
  // Pending without the flag of the restarted counter: the old period ended before it was cut
  // short.
  const bool is_pending = at(core::interrupt_state) & pending;
  if (is_pending && !(at(core::systick_control) & counted_to_zero)) {
    at(core::interrupt_state) = clear_pending;
    advance(current + 1);
  } else {
    advance(elapsed + restart_cycles);
  }
  current = load;
}

std::uint32_t periods() { return ended; }

extern "C" [[gnu::used]] void systick_handler() {
  // Taking the interrupt took its pending bit away, so nobody else ends this period.
  end_period();
}

}  // namespace firmware::clock
