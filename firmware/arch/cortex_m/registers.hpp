// The core's own registers, the same on every Cortex-M (the Armv6-M subset leaves the faults out).
#pragma once

#include <cstdint>

namespace firmware {

using Register = volatile std::uint32_t;

inline Register& at(std::uintptr_t address) { return *reinterpret_cast<Register*>(address); }

// For a register that is read for what the reading does.
inline void take(std::uint32_t) {}

namespace core {

inline constexpr std::uintptr_t systick_control = 0xE000E010;
inline constexpr std::uintptr_t systick_load = 0xE000E014;
inline constexpr std::uintptr_t systick_value = 0xE000E018;
inline constexpr std::uintptr_t nvic_enable = 0xE000E100;
inline constexpr std::uintptr_t nvic_clear_pending = 0xE000E280;
inline constexpr std::uintptr_t nvic_priority = 0xE000E400;
inline constexpr std::uintptr_t interrupt_state = 0xE000ED04;  // ICSR
inline constexpr std::uintptr_t vector_table = 0xE000ED08;     // VTOR
inline constexpr std::uintptr_t reset_control = 0xE000ED0C;    // AIRCR
inline constexpr std::uintptr_t configuration = 0xE000ED14;    // CCR
inline constexpr std::uintptr_t handler_control = 0xE000ED24;  // SHCSR
inline constexpr std::uintptr_t fault_status = 0xE000ED28;     // CFSR
inline constexpr std::uintptr_t hard_fault_status = 0xE000ED2C;
inline constexpr std::uintptr_t memory_fault_address = 0xE000ED34;
inline constexpr std::uintptr_t bus_fault_address = 0xE000ED38;
inline constexpr std::uintptr_t coprocessor_access = 0xE000ED88;
inline constexpr std::uintptr_t mpu_type = 0xE000ED90;
inline constexpr std::uintptr_t mpu_control = 0xE000ED94;
inline constexpr std::uintptr_t mpu_number = 0xE000ED98;
inline constexpr std::uintptr_t mpu_base = 0xE000ED9C;
inline constexpr std::uintptr_t mpu_attributes = 0xE000EDA0;    // Armv8-M: the limit
inline constexpr std::uintptr_t mpu_memory_types = 0xE000EDC0;  // Armv8-M only

// Lets an external interrupt through, with whatever was pending before forgotten.
inline void enable_interrupt(unsigned number) {
  at(nvic_clear_pending + 4 * (number / 32)) = 1u << (number % 32);
  at(nvic_enable + 4 * (number / 32)) = 1u << (number % 32);
}

// Masks interrupts for its lifetime; nests.
class InterruptLock {
 public:
  InterruptLock() { asm volatile("mrs %0, primask\n cpsid i" : "=r"(before_) : : "memory"); }
  ~InterruptLock() { asm volatile("msr primask, %0" : : "r"(before_) : "memory"); }
  InterruptLock(const InterruptLock&) = delete;
  InterruptLock& operator=(const InterruptLock&) = delete;

 private:
  std::uint32_t before_;
};

[[noreturn]] inline void reset() {
  asm volatile("dsb" ::: "memory");
  at(reset_control) = 0x05FA0004;  // key, SYSRESETREQ
  for (;;) asm volatile("");
}

}  // namespace core

}  // namespace firmware
