// The USART of the STM32F7 and STM32H7: polled output, input by interrupt.
#pragma once

#include "arch/cortex_m/registers.hpp"

namespace firmware::drivers {

class Stm32Uart {
 public:
  explicit constexpr Stm32Uart(std::uintptr_t base) : base_(base) {}

  void start(std::uint32_t clock_hz, std::uint32_t baud) const {
    at(base_ + control_1) = 0;
    at(base_ + control_3) = 1u << 12;  // a character that comes too early is lost, no more
    at(base_ + divider) = (clock_hz + baud / 2) / baud;
    at(base_ + control_1) = (1u << 5) | (1u << 3) | (1u << 2) | 1;  // interrupt, both ways, on
  }
  // Waits while the transmitter is full.
  void put(char c) const {
    while (!(at(base_ + state) & (1u << 7))) {
    }
    at(base_ + send_data) = static_cast<unsigned char>(c);
  }
  // The next character received, -1 if there is none. Lets the interrupt end.
  int get() const {
    if (!(at(base_ + state) & (1u << 5))) return -1;
    return static_cast<int>(at(base_ + receive_data) & 0xFF);
  }

 private:
  static constexpr std::uintptr_t control_1 = 0x00, control_3 = 0x08, divider = 0x0C, state = 0x1C,
                                  receive_data = 0x24, send_data = 0x28;
  std::uintptr_t base_;
};

}  // namespace firmware::drivers
