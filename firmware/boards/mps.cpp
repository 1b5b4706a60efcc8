// Arm's MPS2 and MPS3: the vector table and what must be set before anything runs.
#include "arch/cortex_m/vectors.hpp"
#include "board.hpp"
#include "console/console.hpp"
#include "net/ethernet_interface.hpp"

namespace board {
namespace {

constexpr firmware::Interrupt interrupts[] = {
    {console_interrupt, firmware::on_console_interrupt},
    {ethernet_interrupt, firmware::on_ethernet_interrupt},
};
[[gnu::section(".vectors"), gnu::used]] constexpr auto vectors =
    firmware::make_vectors<interrupt_count>(interrupts);

}  // namespace

constinit firmware::drivers::Lan9118 ethernet(ethernet_registers);

void start() { console.start(core_clock_hz, 115'200); }

// Only where the chip's EEPROM is empty: a locally administered address.
firmware::drivers::MacAddress mac_address() {
  return {0x02, 0x00, 0x5E, 0x00, application_note >> 8, application_note & 0xFF};
}

bool read_entropy(std::uint64_t&) { return false; }

}  // namespace board
