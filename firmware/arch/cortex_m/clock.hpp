// Time since boot, from SysTick: exact to a cycle over 64 bits, with no regular tick.
#pragma once

#include <cstdint>

namespace firmware::clock {

void start(std::uint32_t core_clock_hz);

// Microseconds since start(). Safe from any thread and from an interrupt.
std::uint64_t now_us();

// SysTick will interrupt at `deadline_us` or before; call with interrupts masked, then sleep. Never
// moves an earlier interrupt away.
void wake_at(std::uint64_t deadline_us);

}  // namespace firmware::clock
