// What the Nucleo-144 boards with Ethernet have in common: pins, and an address of their own.
#pragma once

#include "arch/cortex_m/registers.hpp"
#include "drivers/ethernet.hpp"

namespace firmware::drivers::nucleo {

// Gives a pin to a peripheral, at the fastest edges. `port` is 0 for A, 1 for B …; `gpio` is where
// port A's registers are.
inline void give_pin(std::uintptr_t gpio, unsigned port, unsigned pin, std::uint32_t function) {
  const std::uintptr_t base = gpio + 0x400 * port;
  const std::uintptr_t mode = base, speed = base + 0x08,
                       alternate = base + (pin < 8 ? 0x20u : 0x24u);
  const unsigned pair = 2 * pin, nibble = 4 * (pin % 8);
  at(alternate) = (at(alternate) & ~(15u << nibble)) | function << nibble;
  at(speed) = at(speed) | 3u << pair;
  at(mode) = (at(mode) & ~(3u << pair)) | 2u << pair;
}

// RMII and the PHY's management (UM1974, table "Ethernet"), and USART 3 to the ST-LINK. PA7 is also
// on the Arduino header; jumpers JP6 and JP7 must be closed, as they are delivered.
inline void give_pins(std::uintptr_t gpio) {
  struct Pin {
    unsigned port, pin;
  };
  constexpr Pin ethernet[] = {{0, 1}, {0, 2}, {0, 7},  {1, 13}, {2, 1},
                              {2, 4}, {2, 5}, {6, 11}, {6, 13}};
  for (const Pin& one : ethernet) give_pin(gpio, one.port, one.pin, 11);
  give_pin(gpio, 3, 8, 7);
  give_pin(gpio, 3, 9, 7);
}
inline constexpr std::uint32_t port_clocks = 0x4F;  // ports A, B, C, D and G

// Locally administered, from the 96 bits that are this chip's alone.
inline MacAddress mac_address(std::uintptr_t unique_id) {
  std::uint64_t hash = 0xCBF29CE484222325;  // FNV-1a
  for (std::uintptr_t i = 0; i < 12; i += 4) {
    const std::uint32_t word = at(unique_id + i);
    for (unsigned shift = 0; shift < 32; shift += 8) {
      hash = (hash ^ ((word >> shift) & 0xFF)) * 0x100000001B3;
    }
  }
  MacAddress mac{0x02};
  for (unsigned i = 1; i < 6; ++i) mac[i] = static_cast<std::uint8_t>(hash >> (8 * i + 16));
  return mac;
}

// Reads `address` until the bits of `mask` are `value`; false: they did not get there.
inline bool wait_for(std::uintptr_t address, std::uint32_t mask, std::uint32_t value) {
  for (unsigned i = 0; i < 200'000; ++i) {
    if ((at(address) & mask) == value) return true;
  }
  return false;
}

}  // namespace firmware::drivers::nucleo
