// ST NUCLEO-H743ZI: Cortex-M7 at 200 MHz, 2 MB of flash, 1 MB of RAM, LAN8742A.
#pragma once

#include "drivers/stm32_uart.hpp"
#include "drivers/stm32h7_ethernet.hpp"

namespace board {

inline constexpr const char* name = "nucleo-h743zi";
inline constexpr std::uint32_t core_clock_hz = 200'000'000;
inline constexpr std::size_t stack_pool_size = 40 * 1024;  // of all threads together

inline constexpr firmware::drivers::Stm32Uart console(0x40004800);  // USART 3, the ST-LINK's
extern firmware::drivers::Stm32h7Ethernet ethernet;
inline constexpr unsigned console_interrupt = 39;
inline constexpr unsigned ethernet_interrupt = 61;

// Clocks and the console; runs before there are threads.
void start();
// This board's own address, where the Ethernet chip does not know it.
firmware::drivers::MacAddress mac_address();
// 64 bits that nobody can guess. False: there is no source, the seed must be given.
bool read_entropy(std::uint64_t& bits);

}  // namespace board
