// Arm's PL011 UART, as on the Stellaris parts: polled output, input by interrupt.
#pragma once

#include "arch/cortex_m/registers.hpp"

namespace firmware::drivers {

class Pl011 {
 public:
  explicit constexpr Pl011(std::uintptr_t base) : base_(base) {}

  void start(std::uint32_t clock_hz, std::uint32_t baud) const {
    const std::uint32_t divider = (clock_hz * 4 + baud / 2) / baud;  // in 64ths
    at(base_ + control) = 0;
    at(base_ + integer_divider) = divider >> 6;
    at(base_ + fraction_divider) = divider & 63;
    at(base_ + line_control) = 0x60;  // 8 bits, no FIFO: each character interrupts
    at(base_ + interrupt_mask) = 0x10;
    at(base_ + control) = 0x301;  // receive, transmit, on
  }
  // Waits while the transmitter is full.
  void put(char c) const {
    while (at(base_ + flags) & 0x20) {
    }
    at(base_ + data) = static_cast<unsigned char>(c);
  }
  // The next character received, -1 if there is none. Lets the interrupt end.
  int get() const {
    at(base_ + interrupt_clear) = 0x10;  // first: a character that comes now interrupts again
    if (at(base_ + flags) & 0x10) return -1;
    return static_cast<int>(at(base_ + data) & 0xFF);
  }

 private:
  static constexpr std::uintptr_t data = 0x00, flags = 0x18, integer_divider = 0x24,
                                  fraction_divider = 0x28, line_control = 0x2C, control = 0x30,
                                  interrupt_mask = 0x38, interrupt_clear = 0x44;
  std::uintptr_t base_;
};

}  // namespace firmware::drivers
