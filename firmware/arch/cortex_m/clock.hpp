// Time since boot, from SysTick: exact to a cycle over 64 bits, with no regular tick.
#pragma once

#include <cstdint>

namespace firmware::clock {

// The first thing after a reset: counts from here. Needs no variables.
void begin();
// From here on now_us() is right; before the counter's first period is over (0.3 s at 50 MHz).
void start(std::uint32_t core_clock_hz);

// Microseconds since begin(). Safe from any thread and from an interrupt.
std::uint64_t now_us();
// How many of them no thread had anything to do. From a thread.
std::uint64_t idle_us();

// SysTick will interrupt at `deadline_us` or before; call with interrupts masked, then sleep. Never
// moves an earlier interrupt away.
void wake_at(std::uint64_t deadline_us);

// How many of its periods SysTick has ended since start(), each of which wakes the core: few, as
// there is no regular tick.
std::uint32_t periods();

}  // namespace firmware::clock
