// How an image ends: by request, by a broken assertion, by a fault.
#pragma once

namespace firmware {

// Exit statuses, seen by whoever runs the emulator.
inline constexpr int status_passed = 0;
inline constexpr int status_failed = 1;
inline constexpr int status_wrong_use = 2;
inline constexpr int status_panic = 98;
inline constexpr int status_fault = 99;

// Ends the emulator with that status. Where there is none, says so and sleeps until the next reset.
[[noreturn]] void stop(int status);

// Every thread with its state and the most of its stack that it ever used.
void print_stacks();

// The most of the interrupts' stack that was ever used, and its size, in bytes.
struct InterruptStack {
  unsigned highest, size;
};
InterruptStack interrupt_stack();

}  // namespace firmware
