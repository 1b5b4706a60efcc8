// The Ethernet controller of the TI Stellaris LM3S6000 and LM3S8000 parts.
#pragma once

#include "drivers/ethernet.hpp"
#include "drivers/frame_words.hpp"

namespace firmware::drivers {

class StellarisEthernet {
 public:
  static constexpr unsigned link_poll_ms = 0;
  explicit constexpr StellarisEthernet(std::uintptr_t base) : base_(base), writer_(base + data) {}

  bool start(MacAddress& mac);
  bool link_is_up();
  void mask() { at(base_ + interrupt_mask) = 0; }
  bool acknowledge() {
    at(base_ + interrupts) = 0x7F;
    return false;
  }
  void unmask() { at(base_ + interrupt_mask) = received; }

  std::size_t begin_receive();
  void read(std::uint8_t* to, std::size_t size) { reader_.read(to, size); }
  void finish_receive() { reader_.skip_rest(); }

  bool begin_send(std::size_t size);
  void write(const std::uint8_t* from, std::size_t size) { writer_.write(from, size); }
  void finish_send();

  EthernetCounters counters() const { return counters_; }

 private:
  static constexpr std::uintptr_t interrupts = 0x00, interrupt_mask = 0x04, rx_control = 0x08,
                                  tx_control = 0x0C, data = 0x10, address_low = 0x14,
                                  address_high = 0x18, threshold = 0x1C, frames = 0x34,
                                  tx_request = 0x38;
  static constexpr std::uint32_t received = 1;

  std::uintptr_t base_;
  FifoWriter writer_;
  FifoReader reader_;
  EthernetCounters counters_{};
};

static_assert(EthernetDriver<StellarisEthernet>);

}  // namespace firmware::drivers
