// The Ethernet MAC and DMA of the STM32F4 and STM32F7 (reference manual RM0410, chapter 42), with
// descriptors of four words and a PHY at address 0. The board sets clocks, pins and RMII before.
#pragma once

#include "arch/cortex_m/registers.hpp"
#include "drivers/dma_memory.hpp"
#include "drivers/phy.hpp"

namespace firmware::drivers {

class Stm32f7Ethernet {
 public:
  static constexpr unsigned link_poll_ms = 500;

  constexpr Stm32f7Ethernet(std::uintptr_t base, std::uint32_t bus_clock_hz, DmaMemory& memory)
      : base_(base), clock_code_(phy::clock_code(bus_clock_hz)), memory_(memory) {}

  bool start(MacAddress& mac);
  // Also sets the MAC to the PHY's speed, and starts the chip anew some time after a bus error.
  bool link_is_up();
  void mask() { at(base_ + interrupt_enable) = 0; }
  bool acknowledge();
  void unmask();

  std::size_t begin_receive();
  void read(std::uint8_t* to, std::size_t size) { cursor_.read(to, size); }
  void finish_receive();

  bool begin_send(std::size_t size);
  void write(const std::uint8_t* from, std::size_t size) { cursor_.write(from, size); }
  void finish_send();

  EthernetCounters counters() const { return counters_; }

  std::uint32_t read_phy(std::uint32_t index);
  void write_phy(std::uint32_t index, std::uint32_t value);

 private:
  static constexpr std::uintptr_t interrupt_enable = 0x101C;
  enum class State : std::uint8_t { stopped, failed, running };

  bool bring_up();
  void start_mac();
  void start_rings();
  void set_mac(std::uintptr_t offset, std::uint32_t value);
  void write_mode();
  bool phy_access(std::uint32_t command);

  std::uintptr_t base_;
  std::uint32_t clock_code_;
  DmaMemory& memory_;
  MacAddress mac_{};
  phy::LinkMode mode_;
  State state_ = State::stopped;
  bool holds_frame_ = false;  // between begin_receive() and finish_receive()
  std::size_t rx_next_ = 0, tx_next_ = 0, tx_size_ = 0;
  DmaCursor cursor_;
  EthernetCounters counters_{};
};

static_assert(EthernetDriver<Stm32f7Ethernet>);

}  // namespace firmware::drivers
