// The kernel's port to the desktop (kernel/kernel_port.hpp says what this must hold). A simulated
// node's interrupts come only while all its threads wait, so there is nothing to lock.
#ifndef TWINSOCK_COOP_HOST_COOP_PORT_H
#define TWINSOCK_COOP_HOST_COOP_PORT_H

#include <stddef.h>
#include <stdint.h>

struct CoopContext {
  void* stack_pointer;
  const void* stack_bottom;  // this and what follows is for the sanitizers
  size_t stack_size;
  void* fake_stack;
  void* fiber;
};

static inline uint32_t coop_lock_interrupts(void) { return 0; }
static inline void coop_unlock_interrupts(uint32_t state) { (void)state; }

#define COOP_IN_INTERRUPT() 0

// Fresh memory is zero, so a stack costs only the pages that it uses.
#define COOP_STACK_PAINT 0

// The simulator leaves a gap below each. Not to look at a stack's far end keeps a page and a line
// of each thread out of the processor's caches, which counts with many nodes.
#define COOP_STACKS_GUARDED 1

#endif
