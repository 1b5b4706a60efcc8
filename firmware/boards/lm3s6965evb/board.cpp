// lm3s6965evb: the vector table, the PLL, the pins of console and Ethernet.
#include "board.hpp"

#include "arch/cortex_m/vectors.hpp"
#include "console/console.hpp"
#include "net/ethernet_interface.hpp"

namespace board {
namespace {

using firmware::at;

constexpr firmware::Interrupt interrupts[] = {
    {console_interrupt, firmware::on_console_interrupt},
    {ethernet_interrupt, firmware::on_ethernet_interrupt},
};
[[gnu::section(".vectors"), gnu::used]] constexpr auto vectors =
    firmware::make_vectors<44>(interrupts);

// System control.
constexpr std::uintptr_t raw_interrupts = 0x400FE050, clock_config = 0x400FE060,
                         uart_clocks = 0x400FE104, port_clocks = 0x400FE108,
                         user_register_0 = 0x400FE1E0, user_register_1 = 0x400FE1E4;
constexpr std::uint32_t pll_locked = 1u << 6;

// GPIO ports and their registers.
constexpr std::uintptr_t port_a = 0x40004000, port_f = 0x40025000;
constexpr std::uintptr_t alternate_function = 0x420, digital_enable = 0x51C;

// 8 MHz crystal, PLL at 400 MHz, divided by 2 and by 4: 50 MHz.
void start_pll() {
  constexpr std::uint32_t bypass = 1u << 11, power_down = 1u << 13, divide = 1u << 22;
  constexpr std::uint32_t crystal_8_mhz = 0xEu << 6, divide_by_4 = 3u << 23, no_internal = 1u << 1;
  std::uint32_t config = bypass | power_down | crystal_8_mhz | divide_by_4 | no_internal;
  at(clock_config) = config;
  config &= ~power_down;
  at(clock_config) = config;
  config |= divide;
  at(clock_config) = config;
  for (unsigned i = 0; i < 100'000 && !(at(raw_interrupts) & pll_locked); ++i) {
  }
  at(clock_config) = config & ~bypass;
}

}  // namespace

constinit firmware::drivers::StellarisEthernet ethernet(0x40048000);

void start() {
  start_pll();
  at(uart_clocks) = at(uart_clocks) | 1u;
  at(port_clocks) = at(port_clocks) | (1u << 30) | (1u << 28) | (1u << 5) | 1u;
  firmware::take(at(port_clocks));  // the ports need some cycles
  at(port_a + alternate_function) = at(port_a + alternate_function) | 3u;  // UART 0
  at(port_a + digital_enable) = at(port_a + digital_enable) | 3u;
  at(port_f + alternate_function) = at(port_f + alternate_function) | 0xCu;  // Ethernet LEDs
  at(port_f + digital_enable) = at(port_f + digital_enable) | 0xCu;
  console.start(core_clock_hz, 115'200);
}

// The factory wrote it into the user registers, three bytes each.
firmware::drivers::MacAddress mac_address() {
  const std::uint32_t low = at(user_register_0), high = at(user_register_1);
  return {static_cast<std::uint8_t>(low),       static_cast<std::uint8_t>(low >> 8),
          static_cast<std::uint8_t>(low >> 16), static_cast<std::uint8_t>(high),
          static_cast<std::uint8_t>(high >> 8), static_cast<std::uint8_t>(high >> 16)};
}

bool read_entropy(std::uint64_t&) { return false; }

}  // namespace board
