// Arm MPS2 with the AN500 image: Cortex-M7 with FPU, 4 MB + 4 MB of SRAM, LAN9220.
#pragma once

#include "boards/mps.hpp"

namespace board {

inline constexpr const char* name = "mps2-an500";
inline constexpr unsigned application_note = 0x500;  // in its MAC address
inline constexpr std::uint32_t core_clock_hz = 25'000'000;

inline constexpr CmsdkUart console(0x40004000);
inline constexpr std::uintptr_t ethernet_registers = 0xA0000000;
inline constexpr unsigned console_interrupt = 0;
inline constexpr unsigned ethernet_interrupt = 13;
inline constexpr unsigned interrupt_count = 32;

}  // namespace board
