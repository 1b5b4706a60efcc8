// nucleo-h743zi: the vector table, the PLL, the pins, the memory that the Ethernet's DMA shares.
#include "board.hpp"

#include "arch/cortex_m/cache.hpp"
#include "arch/cortex_m/memory_guard.hpp"
#include "arch/cortex_m/vectors.hpp"
#include "console/console.hpp"
#include "drivers/stm32_nucleo.hpp"
#include "drivers/stm32_random.hpp"
#include "net/ethernet_interface.hpp"

extern "C" std::uint32_t _shared_begin[];

namespace board {
namespace {

using firmware::at;
namespace nucleo = firmware::drivers::nucleo;

constexpr firmware::Interrupt interrupts[] = {
    {console_interrupt, firmware::on_console_interrupt},
    {ethernet_interrupt, firmware::on_ethernet_interrupt},
};
[[gnu::section(".vectors"), gnu::used]] constexpr auto vectors =
    firmware::make_vectors<150>(interrupts);

[[gnu::section(".shared")]] firmware::drivers::DmaMemory shared;
constexpr std::uint32_t shared_size = 32 * 1024;  // as in board.ld
static_assert(sizeof shared <= shared_size);

// Reset and clock control.
constexpr std::uintptr_t rcc = 0x58024400;
constexpr std::uintptr_t clock_control = rcc + 0x00, clock_config = rcc + 0x10,
                         domain_1 = rcc + 0x18, domain_2 = rcc + 0x1C, domain_3 = rcc + 0x20,
                         pll_source = rcc + 0x28, pll_config = rcc + 0x2C, pll_1 = rcc + 0x30,
                         ahb1_reset = rcc + 0x80, ahb1_clocks = rcc + 0xD8,
                         ahb2_clocks = rcc + 0xDC, ahb4_clocks = rcc + 0xE0,
                         apb1_clocks = rcc + 0xE8, apb4_clocks = rcc + 0xF4;
constexpr std::uintptr_t flash_access = 0x52002000, power_state = 0x58024804,
                         power_supply = 0x5802480C, peripheral_mode = 0x58000404, gpio = 0x58020000,
                         unique_id = 0x1FF1E800, chip_revision = 0x5C001000, sram_port = 0x51008108;
constexpr std::uint32_t bus_clock_hz = core_clock_hz / 2, apb1_clock_hz = core_clock_hz / 4;
constexpr firmware::drivers::Stm32Random random(0x48021800);

void turn_on(std::uintptr_t clocks, std::uint32_t bits) {
  at(clocks) = at(clocks) | bits;
  firmware::take(at(clocks));  // the peripheral needs two cycles
}

// The supply must be confirmed once before clocks go up. Revision Y loses data of its AXI SRAM when
// two masters read it, unless its port takes one access at a time.
void start_power() {
  at(power_supply) = (at(power_supply) & ~7u) | (1u << 2) | (1u << 1);
  nucleo::wait_for(power_state, 1u << 13, 1u << 13);
  if ((at(chip_revision) >> 16) < 0x2000) at(sram_port) = 1;
}

// 8 MHz from the ST-LINK, or else 64 MHz from inside; 2 MHz into the PLL, 400 MHz in it, 200 MHz
// out of it: what the supply allows at the voltage it has after reset. Buses at 100 MHz, their
// peripherals at 50.
void start_pll() {
  constexpr std::uint32_t external_on = 1u << 16, external_ready = 1u << 17, bypass = 1u << 18,
                          pll_on = 1u << 24, pll_ready = 1u << 25, inside_48_mhz = 1u << 12;
  at(clock_control) = at(clock_control) | bypass | external_on | inside_48_mhz;  // random numbers
  const bool has_external = nucleo::wait_for(clock_control, external_ready, external_ready);
  at(pll_source) = (at(pll_source) & ~0x3F3u) | (has_external ? (4u << 4) | 2 : 32u << 4);
  // Input of 2 to 4 MHz, wide oscillator, output P alone, no fraction.
  at(pll_config) = (at(pll_config) & ~0x7000Fu) | (1u << 16) | (1u << 2);
  at(pll_1) = (1u << 24) | (1u << 16) | (1u << 9) | (200 - 1);
  at(clock_control) = at(clock_control) | pll_on;
  if (!nucleo::wait_for(clock_control, pll_ready, pll_ready)) return;
  at(flash_access) = (2u << 4) | 3;  // three wait states
  if (!nucleo::wait_for(flash_access, 15, 3)) return;
  at(domain_1) = (4u << 4) | 8;
  at(domain_2) = (4u << 8) | (4u << 4);
  at(domain_3) = 4u << 4;
  at(clock_config) = at(clock_config) | 3;
  nucleo::wait_for(clock_config, 7u << 3, 3u << 3);
}

// RMII must be chosen while the MAC is in reset and has no clock.
void start_ethernet_clocks() {
  constexpr std::uint32_t mac = 1u << 15, transmit = 1u << 16, receive = 1u << 17, rmii = 4u << 21;
  turn_on(apb4_clocks, 1u << 1);
  at(ahb1_reset) = at(ahb1_reset) | mac;
  at(peripheral_mode) = (at(peripheral_mode) & ~(7u << 21)) | rmii;
  firmware::take(at(peripheral_mode));  // its bus is slower than the MAC's
  turn_on(ahb1_clocks, mac | transmit | receive);
  at(ahb1_reset) = at(ahb1_reset) & ~mac;
}

}  // namespace

constinit firmware::drivers::Stm32h7Ethernet ethernet(0x40028000, bus_clock_hz, shared);

void start() {
  constexpr std::uint32_t sram_3 = 1u << 31, random_numbers = 1u << 6;
  start_power();
  firmware::memory_guard::keep_uncached(_shared_begin, shared_size);
  firmware::cache::start();
  start_pll();
  turn_on(ahb4_clocks, nucleo::port_clocks);
  turn_on(apb1_clocks, 1u << 18);
  turn_on(ahb2_clocks, sram_3 | random_numbers);
  nucleo::give_pins(gpio);
  start_ethernet_clocks();
  random.start();
  console.start(apb1_clock_hz, 115'200);
}

firmware::drivers::MacAddress mac_address() { return nucleo::mac_address(unique_id); }

bool read_entropy(std::uint64_t& bits) { return random.read(bits); }

}  // namespace board
