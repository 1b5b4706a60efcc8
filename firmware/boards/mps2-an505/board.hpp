// Arm MPS2 with the AN505 image: Cortex-M33 with FPU in the Secure state, LAN9220.
#pragma once

#include "boards/mps.hpp"

namespace board {

inline constexpr const char* name = "mps2-an505";
inline constexpr unsigned application_note = 0x505;  // in its MAC address
inline constexpr std::uint32_t core_clock_hz = 20'000'000;

inline constexpr CmsdkUart console(0x50200000);
inline constexpr std::uintptr_t ethernet_registers = 0x42000000;
inline constexpr unsigned console_interrupt = 32;
inline constexpr unsigned ethernet_interrupt = 48;
inline constexpr unsigned interrupt_count = 92;

}  // namespace board
