// Everything that differs between a board and a simulated node, as far as the kernel is concerned.
//
// A port is a folder in the include path with a header coop_port.h, readable by C and C++, and a
// definition of each function below. coop_port.h says five things:
//
//   struct CoopContext { … };                       where a suspended thread goes on; on a Cortex-M
//                                                   its stack pointer and nothing else
//   static inline uint32_t coop_lock_interrupts(void)        returns the state before; nests
//   static inline void coop_unlock_interrupts(uint32_t state)
//   #define COOP_IN_INTERRUPT() …   true in an interrupt; asked by builds without NDEBUG alone
//   #define COOP_STACK_PAINT 0xA5A5A5A5             a fresh stack's content, in 32-bit words
//   #define COOP_STACKS_GUARDED 0                   1: below allocate_stack()'s all is inaccessible
//
// Interrupts may wake threads and post to mailboxes; they never switch. A switch is an ordinary
// function call made by the running thread, so only registers that a callee preserves (with those
// of the floating-point unit) must be saved. The kernel saves errno itself.
#pragma once

#include <coop_port.h>

#include <cstddef>
#include <cstdint>

namespace twinsock::coop::port {

// Makes `context` start entry(argument) on that stack when it is first switched to. `entry` never
// returns. `stack` is aligned to 8 bytes at least, `size` is a multiple of 8.
void prepare(CoopContext& context, void* stack, std::size_t size, void (*entry)(void*),
             void* argument);

// First call of every new thread, on its own stack (sanitizers want to know; boards do nothing).
void entered();

// Suspends the caller in `from` and goes on in `to`. `last`: nobody will ever switch back to
// `from`. Called with interrupts unlocked. Returns when somebody switches to `from`.
void switch_context(CoopContext& from, CoopContext& to, bool last);

// Microseconds since a start of the port's choice; never goes back. Safe from an interrupt.
std::uint64_t now_us();

// Only for run_forever(), that is for boards: nothing is ready, and interrupts are locked. Sleeps
// until an interrupt or the deadline (UINT64_MAX: none), and returns with them still locked. To
// return early is harmless.
void idle(std::uint64_t deadline_us);

// Memory for one thread's stack, never given back: threads that ended hand theirs on. Holds
// COOP_STACK_PAINT throughout. Null if there is none left.
void* allocate_stack(std::size_t size);

// A bug was found: say so, with the running thread's name (null: none runs), and stop the node.
[[noreturn]] void panic(const char* what, const char* file, int line, const char* thread);

}  // namespace twinsock::coop::port
