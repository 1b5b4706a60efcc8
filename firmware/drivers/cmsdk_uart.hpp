// Arm's CMSDK UART, as on the MPS2 boards: polled output, input by interrupt.
#pragma once

#include "arch/cortex_m/registers.hpp"

namespace firmware::drivers {

class CmsdkUart {
 public:
  explicit constexpr CmsdkUart(std::uintptr_t base) : base_(base) {}

  void start(std::uint32_t clock_hz, std::uint32_t baud) const {
    const std::uint32_t divider = clock_hz / baud;
    at(base_ + baud_divider) = divider < 16 ? 16 : divider;
    at(base_ + control) = 0xB;  // transmit, receive, receive interrupt
  }
  // Waits while the transmitter is full.
  void put(char c) const {
    while (at(base_ + state) & 1) {
    }
    at(base_ + data) = static_cast<unsigned char>(c);
  }
  // The next character received, -1 if there is none. Lets the interrupt end.
  int get() const {
    if (!(at(base_ + state) & 2)) return -1;
    const int c = static_cast<int>(at(base_ + data) & 0xFF);
    at(base_ + interrupts) = 2;
    return c;
  }

 private:
  static constexpr std::uintptr_t data = 0x00, state = 0x04, control = 0x08, interrupts = 0x0C,
                                  baud_divider = 0x10;
  std::uintptr_t base_;
};

}  // namespace firmware::drivers
