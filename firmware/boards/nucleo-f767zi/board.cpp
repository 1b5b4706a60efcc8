// nucleo-f767zi: the vector table, the PLL, the pins, the memory that the Ethernet's DMA shares.
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
    firmware::make_vectors<110>(interrupts);

[[gnu::section(".shared")]] firmware::drivers::DmaMemory shared;
constexpr std::uint32_t shared_size = 32 * 1024;  // as in board.ld
static_assert(sizeof shared <= shared_size);

// Reset and clock control.
constexpr std::uintptr_t rcc = 0x40023800;
constexpr std::uintptr_t clock_control = rcc + 0x00, pll_config = rcc + 0x04,
                         clock_config = rcc + 0x08, ahb1_reset = rcc + 0x10,
                         ahb1_clocks = rcc + 0x30, ahb2_clocks = rcc + 0x34,
                         apb1_clocks = rcc + 0x40, apb2_clocks = rcc + 0x44;
constexpr std::uintptr_t flash_access = 0x40023C00, peripheral_mode = 0x40013804, gpio = 0x40020000,
                         unique_id = 0x1FF0F420;
constexpr std::uint32_t bus_clock_hz = core_clock_hz, apb1_clock_hz = core_clock_hz / 4;
constexpr firmware::drivers::Stm32Random random(0x50060800);

void turn_on(std::uintptr_t clocks, std::uint32_t bits) {
  at(clocks) = at(clocks) | bits;
  firmware::take(at(clocks));  // the peripheral needs two cycles
}

// 8 MHz from the ST-LINK, or else 16 MHz from inside; 2 MHz into the PLL, 336 MHz in it, 168 MHz
// out of it and 48 MHz for the random numbers. That is as fast as the regulator allows without
// over-drive, with some distance.
void start_pll() {
  constexpr std::uint32_t external_on = 1u << 16, external_ready = 1u << 17, bypass = 1u << 18,
                          pll_on = 1u << 24, pll_ready = 1u << 25;
  at(clock_control) = at(clock_control) | bypass | external_on;
  const bool has_external = nucleo::wait_for(clock_control, external_ready, external_ready);
  at(pll_config) = (2u << 28) | (7u << 24) | (has_external ? 1u << 22 : 0) | (0u << 16) |
                   (168u << 6) | (has_external ? 4 : 8);
  at(clock_control) = at(clock_control) | pll_on;
  if (!nucleo::wait_for(clock_control, pll_ready, pll_ready)) return;
  at(flash_access) = (1u << 9) | (1u << 8) | 5;  // accelerator, prefetch, 5 wait states
  if (!nucleo::wait_for(flash_access, 15, 5)) return;
  at(clock_config) = (4u << 13) | (5u << 10);  // APB 2 at a half, APB 1 at a quarter
  at(clock_config) = at(clock_config) | 2;
  nucleo::wait_for(clock_config, 3u << 2, 2u << 2);
}

// RMII must be chosen while the MAC is in reset and has no clock.
void start_ethernet_clocks() {
  constexpr std::uint32_t mac = 1u << 25, transmit = 1u << 26, receive = 1u << 27, rmii = 1u << 23;
  turn_on(apb2_clocks, 1u << 14);
  at(ahb1_reset) = at(ahb1_reset) | mac;
  at(peripheral_mode) = at(peripheral_mode) | rmii;
  firmware::take(at(peripheral_mode));  // its bus is slower than the MAC's
  turn_on(ahb1_clocks, mac | transmit | receive);
  at(ahb1_reset) = at(ahb1_reset) & ~mac;
}

}  // namespace

constinit firmware::drivers::Stm32f7Ethernet ethernet(0x40028000, bus_clock_hz, shared);

void start() {
  firmware::memory_guard::keep_uncached(_shared_begin, shared_size);
  firmware::cache::start();
  start_pll();
  turn_on(ahb1_clocks, nucleo::port_clocks);
  turn_on(apb1_clocks, 1u << 18);
  turn_on(ahb2_clocks, 1u << 6);
  nucleo::give_pins(gpio);
  start_ethernet_clocks();
  random.start();
  console.start(apb1_clock_hz, 115'200);
}

firmware::drivers::MacAddress mac_address() { return nucleo::mac_address(unique_id); }

bool read_entropy(std::uint64_t& bits) { return random.read(bits); }

}  // namespace board
