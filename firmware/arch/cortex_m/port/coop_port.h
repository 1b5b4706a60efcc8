// The kernel's port to Cortex-M (coop/kernel/kernel_port.hpp says what this must hold).
#ifndef TWINSOCK_FIRMWARE_COOP_PORT_H
#define TWINSOCK_FIRMWARE_COOP_PORT_H

#include <stdint.h>

struct CoopContext {
  uint32_t stack_pointer;  // switch.S knows the order
  uint32_t guard;          // Armv7-M: MPU base of the memory below the stack; Armv8-M: its limit
};

static inline uint32_t coop_lock_interrupts(void) {
  uint32_t before;
  __asm__ volatile("mrs %0, primask\n\tcpsid i" : "=r"(before) : : "memory");
  return before;
}

static inline void coop_unlock_interrupts(uint32_t state) {
  __asm__ volatile("msr primask, %0" : : "r"(state) : "memory");
}

static inline uint32_t coop_interrupt_number(void) {
  uint32_t number;
  __asm__ volatile("mrs %0, ipsr" : "=r"(number));
  return number;
}
#define COOP_IN_INTERRUPT() (coop_interrupt_number() != 0)

#define COOP_STACK_PAINT 0xA5A5A5A5u
#define COOP_STACKS_GUARDED 0

#endif
