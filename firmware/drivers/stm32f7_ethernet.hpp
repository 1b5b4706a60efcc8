// The Ethernet MAC and DMA of the STM32F4 and STM32F7 (reference manual RM0410, chapter 42):
// descriptors of four words, each with an own bit, and poll demands.
#pragma once

#include "drivers/stm32_ethernet.hpp"

namespace firmware::drivers {

struct Stm32f7Chip {
  static constexpr std::uintptr_t reset = 0x1000, status = 0x1014, interrupt_enable = 0x101C,
                                  mii_access = 0x10, mii_data = 0x14;
  static constexpr std::uint32_t received = 1u << 6, bus_error = 1u << 13, abnormal = 1u << 15,
                                 normal = 1u << 16, all_events = 0x1E7FF;
  static constexpr std::uint32_t interrupts = normal | abnormal | bus_error | received;

  static std::uint32_t read_phy(std::size_t index, std::uint32_t clock_code) {
    return static_cast<std::uint32_t>(index << 6) | (clock_code << 2);
  }
  static std::uint32_t write_phy(std::size_t index, std::uint32_t clock_code) {
    return read_phy(index, clock_code) | 2;
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

  void set_mac(std::uintptr_t offset, std::uint32_t value);

  std::uintptr_t base;
};

extern template class Stm32Ethernet<Stm32f7Chip>;
using Stm32f7Ethernet = Stm32Ethernet<Stm32f7Chip>;
static_assert(EthernetDriver<Stm32f7Ethernet>);

}  // namespace firmware::drivers
