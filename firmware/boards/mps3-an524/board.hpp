// Arm MPS3 with the AN524 image: Cortex-M33 without FPU in the Secure state, LAN9220.
#pragma once

#include "drivers/cmsdk_uart.hpp"
#include "drivers/lan9118.hpp"

namespace board {

inline constexpr const char* name = "mps3-an524";
inline constexpr std::uint32_t core_clock_hz = 32'000'000;
inline constexpr std::size_t stack_pool_size = 40 * 1024;  // of all threads together

inline constexpr firmware::drivers::CmsdkUart console(0x51303000);
extern firmware::drivers::Lan9118 ethernet;
inline constexpr unsigned console_interrupt = 32;
inline constexpr unsigned ethernet_interrupt = 48;

// Clocks and the console; runs before there are threads.
void start();
// This board's own address, where the Ethernet chip does not know it.
firmware::drivers::MacAddress mac_address();
// 64 bits that nobody can guess. False: there is no source, the seed must be given.
bool read_entropy(std::uint64_t& bits);

}  // namespace board
