// TI Stellaris EK-LM3S6965: Cortex-M3 at 50 MHz, 256 KB of flash, 64 KB of RAM, Ethernet on chip.
#pragma once

#include "drivers/pl011.hpp"
#include "drivers/stellaris_ethernet.hpp"

namespace board {

inline constexpr const char* name = "lm3s6965evb";
inline constexpr std::uint32_t core_clock_hz = 50'000'000;
inline constexpr std::size_t stack_pool_size = 7680;  // of all threads together

inline constexpr firmware::drivers::Pl011 console(0x4000C000);
extern firmware::drivers::StellarisEthernet ethernet;
inline constexpr unsigned console_interrupt = 5;
inline constexpr unsigned ethernet_interrupt = 42;

// Clocks and the console; runs before there are threads.
void start();
// This board's own address, where the Ethernet chip does not know it.
firmware::drivers::MacAddress mac_address();
// 64 bits that nobody can guess. False: there is no source, the seed must be given.
bool read_entropy(std::uint64_t& bits);

}  // namespace board
