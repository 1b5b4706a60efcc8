// Register work of the Stellaris controller: one FIFO each way, a frame's length before its bytes.
#include "drivers/stellaris_ethernet.hpp"

namespace firmware::drivers {
namespace {

constexpr unsigned patience = 100'000;  // register reads, longer than a frame takes
constexpr std::size_t length_size = 2;  // before each frame in the FIFO
constexpr std::size_t checksum_size = 4;
constexpr std::size_t header_size = 14;

}  // namespace

bool StellarisEthernet::start(MacAddress& mac) {
  at(base_ + interrupt_mask) = 0;
  at(base_ + rx_control) = 1u << 4;  // empties the FIFO
  at(base_ + interrupts) = 0x7F;
  at(base_ + address_low) = mac[0] | std::uint32_t{mac[1]} << 8 | std::uint32_t{mac[2]} << 16 |
                            std::uint32_t{mac[3]} << 24;
  at(base_ + address_high) = mac[4] | std::uint32_t{mac[5]} << 8;
  at(base_ + threshold) = 0x3F;                 // no sending before a frame is whole
  at(base_ + tx_control) = 0x17;                // full duplex, checksum, padding, on
  at(base_ + rx_control) = 0x08 | 0x02 | 0x01;  // bad checksums dropped, multicast, on
  return (at(base_ + rx_control) & 1) != 0;
}

bool StellarisEthernet::link_is_up() { return true; }

std::size_t StellarisEthernet::begin_receive() {
  while (at(base_ + frames) & 0x3F) {
    // The first word: the length of all, itself and the checksum included, then two bytes of frame.
    const std::uint32_t first = at(base_ + data);
    const std::size_t whole = first & 0xFFFF;
    reader_ = FifoReader(base_ + data, whole > 4 ? (whole + 3) / 4 - 1 : 0, first >> 16, 2);
    if (whole >= length_size + shortest_frame + checksum_size &&
        whole <= length_size + longest_frame + checksum_size) {
      ++counters_.received;
      return whole - length_size - checksum_size;
    }
    ++counters_.damaged;
    reader_.skip_rest();
  }
  return 0;
}

bool StellarisEthernet::begin_send(std::size_t size) {
  for (unsigned i = 0; at(base_ + tx_request) & 1; ++i) {
    if (i == patience) {
      ++counters_.unsent;
      return false;
    }
  }
  const std::size_t payload = size - header_size;  // what the controller wants to know
  const std::uint8_t length[2] = {static_cast<std::uint8_t>(payload),
                                  static_cast<std::uint8_t>(payload >> 8)};
  writer_.write(length, sizeof length);
  ++counters_.sent;
  return true;
}

void StellarisEthernet::finish_send() {
  writer_.finish();
  at(base_ + tx_request) = 1;
}

}  // namespace firmware::drivers
