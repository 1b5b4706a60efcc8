// The Ethernet MAC and DMA of the STM32H7 (reference manual RM0433, chapter 58): rings with tail
// pointers that the DMA does not pass.
#pragma once

#include "drivers/stm32_ethernet.hpp"

namespace firmware::drivers {

struct Stm32h7Chip {
  static constexpr std::uintptr_t reset = 0x1000, status = 0x1160, interrupt_enable = 0x1134,
                                  mii_access = 0x200, mii_data = 0x204;
  static constexpr std::uint32_t received = 1u << 6, bus_error = 1u << 12, abnormal = 1u << 14,
                                 normal = 1u << 15, all_events = 0xFFC7;
  static constexpr std::uint32_t interrupts = normal | abnormal | bus_error | received;

  static std::uint32_t read_phy(std::size_t index, std::uint32_t clock_code) {
    return static_cast<std::uint32_t>(index << 16) | (clock_code << 8) | (3u << 2);
  }
  static std::uint32_t write_phy(std::size_t index, std::uint32_t clock_code) {
    return static_cast<std::uint32_t>(index << 16) | (clock_code << 8) | (1u << 2);
  }
  void start_mac(const MacAddress& mac, const phy::LinkMode& mode);
  void start_rings(DmaMemory& memory);
  void write_mode(const phy::LinkMode& mode);
  std::uint32_t take_missed();

  static bool has_arrived(const DmaMemory& memory, std::size_t index);
  static DmaArrival arrival(const DmaMemory& memory, std::size_t index);
  void give_back(DmaMemory& memory, std::size_t index);
  static bool has_room(const DmaMemory& memory, std::size_t index);
  static bool was_given_up(const DmaMemory& memory, std::size_t index);
  void send(DmaMemory& memory, std::size_t index, std::size_t size);

  static void fill_rx(DmaMemory& memory, std::size_t index);

  std::uintptr_t base;
};

extern template class Stm32Ethernet<Stm32h7Chip>;
using Stm32h7Ethernet = Stm32Ethernet<Stm32h7Chip>;
static_assert(EthernetDriver<Stm32h7Ethernet>);

}  // namespace firmware::drivers
