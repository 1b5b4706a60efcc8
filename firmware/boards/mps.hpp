// Arm's MPS2 and MPS3 with an FPGA image: what board.hpp of each such board begins with. The board
// says the rest, and takes mps.cpp into its board_sources.
#pragma once

#include "drivers/cmsdk_uart.hpp"
#include "drivers/lan9118.hpp"

namespace board {

using firmware::drivers::CmsdkUart;

inline constexpr std::size_t stack_pool_size = 40 * 1024;  // of all threads together
extern firmware::drivers::Lan9118 ethernet;

// Clocks and the console; runs before there are threads.
void start();
// This board's own address, where the Ethernet chip does not know it.
firmware::drivers::MacAddress mac_address();
// 64 bits that nobody can guess. False: there is no source, the seed must be given.
bool read_entropy(std::uint64_t& bits);

}  // namespace board
