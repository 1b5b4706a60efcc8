// The bare change of stacks, without sanitizers: in assembly where we have it, else by ucontext.
#pragma once

#include <cstddef>

extern "C" {

// Suspends the caller, writes where it goes on to `*from`, and goes on at `to`.
void twinsock_fiber_switch(void** from, void* to);

// A stack whose first switch calls entry(argument), which never returns. The result is a `to`.
void* twinsock_fiber_prepare(void* stack, size_t size, void (*entry)(void*), void* argument);

}  // extern "C"
