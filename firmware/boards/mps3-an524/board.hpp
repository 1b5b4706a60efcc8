// Arm MPS3 with the AN524 image: Cortex-M33 without FPU in the Secure state, LAN9220.
#pragma once

#include "boards/mps.hpp"

namespace board {

inline constexpr const char* name = "mps3-an524";
inline constexpr unsigned application_note = 0x524;  // in its MAC address
inline constexpr std::uint32_t core_clock_hz = 32'000'000;

inline constexpr CmsdkUart console(0x51303000);
inline constexpr std::uintptr_t ethernet_registers = 0x51400000;
inline constexpr unsigned console_interrupt = 32;
inline constexpr unsigned ethernet_interrupt = 48;
inline constexpr unsigned interrupt_count = 127;

}  // namespace board
