// The change of stacks by ucontext, for processors without an assembly version. A suspended
// thread's ucontext_t lies on its own stack.
#include <ucontext.h>

#include <cstdint>
#include <cstdlib>
#include <new>

#include "coop/host/fiber.hpp"

namespace {

struct Start {
  ucontext_t context;
  void (*entry)(void*);
  void* argument;
};

// makecontext() passes ints only, so the pointer comes in two halves.
void start(unsigned high, unsigned low) {
  const auto address = static_cast<std::uintptr_t>((std::uint64_t{high} << 32) | low);
  const Start* self = reinterpret_cast<const Start*>(address);
  self->entry(self->argument);
  std::abort();
}

}  // namespace

void twinsock_fiber_switch(void** from, void* to) {
  ucontext_t here;
  here.uc_stack = {};  // AddressSanitizer looks at it
  *from = &here;
  swapcontext(&here, static_cast<ucontext_t*>(to));
}

void* twinsock_fiber_prepare(void* stack, size_t size, void (*entry)(void*), void* argument) {
  const auto bottom = reinterpret_cast<std::uintptr_t>(stack);
  const auto place = (bottom + size - sizeof(Start)) & ~std::uintptr_t{63};
  Start* self = new (reinterpret_cast<void*>(place)) Start;
  self->entry = entry;
  self->argument = argument;
  getcontext(&self->context);
  self->context.uc_link = nullptr;
  self->context.uc_stack.ss_sp = stack;
  self->context.uc_stack.ss_size = place - bottom;
  makecontext(&self->context, reinterpret_cast<void (*)()>(start), 2,
              static_cast<unsigned>(std::uint64_t{place} >> 32), static_cast<unsigned>(place));
  return &self->context;
}
