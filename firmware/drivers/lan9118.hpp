// SMSC LAN9118 and its pin-compatible relatives (LAN9220 on the real MPS2 boards), 32-bit bus.
#pragma once

#include "drivers/ethernet.hpp"
#include "drivers/frame_words.hpp"

namespace firmware::drivers {

class Lan9118 {
 public:
  static constexpr unsigned link_poll_ms = 0;
  explicit constexpr Lan9118(std::uintptr_t base) : base_(base), writer_(base + tx_data) {}

  bool start(MacAddress& mac);  // the chip's own address comes from its EEPROM
  bool link_is_up();
  void mask() { at(base_ + interrupt_enable) = 0; }
  bool acknowledge();
  void unmask() { at(base_ + interrupt_enable) = rx_status_level | phy_changed; }

  std::size_t begin_receive();
  void read(std::uint8_t* to, std::size_t size) { reader_.read(to, size); }
  void finish_receive() { reader_.skip_rest(); }

  bool begin_send(std::size_t size);
  void write(const std::uint8_t* from, std::size_t size) { writer_.write(from, size); }
  void finish_send() { writer_.finish(); }

  EthernetCounters counters() const { return counters_; }

 private:
  static constexpr std::uintptr_t rx_data = 0x00, tx_data = 0x20, rx_status = 0x40,
                                  tx_status = 0x48, interrupt_config = 0x54,
                                  interrupt_status = 0x58, interrupt_enable = 0x5C,
                                  byte_order_test = 0x64, fifo_levels = 0x68, rx_config = 0x6C,
                                  tx_config = 0x70, hardware_config = 0x74, rx_fifo = 0x7C,
                                  tx_fifo = 0x80, power = 0x84, mac_command = 0xA4, mac_data = 0xA8;
  static constexpr std::uint32_t rx_status_level = 1u << 3;
  static constexpr std::uint32_t phy_changed = 1u << 18;

  bool wait_until(std::uintptr_t offset, std::uint32_t mask, std::uint32_t value);
  std::uint32_t read_mac(std::uint32_t index);
  void write_mac(std::uint32_t index, std::uint32_t value);
  std::uint32_t read_phy(std::uint32_t index);
  void write_phy(std::uint32_t index, std::uint32_t value);

  std::uintptr_t base_;
  FifoWriter writer_;
  FifoReader reader_;
  EthernetCounters counters_{};
};

static_assert(EthernetDriver<Lan9118>);

}  // namespace firmware::drivers
