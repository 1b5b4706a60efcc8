// Register work of the LAN9118. Each frame is one buffer of the transmitter, so pieces need no
// copy.
#include "drivers/lan9118.hpp"

namespace firmware::drivers {
namespace {

constexpr std::uint32_t busy = 1u << 31;
constexpr unsigned patience = 1'000'000;  // register reads, tens of milliseconds at least

// MAC registers.
constexpr std::uint32_t mac_control = 1, address_high = 2, address_low = 3, mii_access = 6,
                        mii_data = 7;
// PHY registers.
constexpr std::uint32_t phy_control = 0, phy_status = 1, phy_interrupts = 29, phy_mask = 30;

constexpr std::size_t checksum_size = 4;
constexpr std::size_t tx_overhead = 8;  // the two command words

}  // namespace

bool Lan9118::wait_until(std::uintptr_t offset, std::uint32_t mask, std::uint32_t value) {
  for (unsigned i = 0; i < patience; ++i) {
    if ((at(base_ + offset) & mask) == value) return true;
  }
  return false;
}

std::uint32_t Lan9118::read_mac(std::uint32_t index) {
  at(base_ + mac_command) = busy | (1u << 30) | index;
  wait_until(mac_command, busy, 0);
  return at(base_ + mac_data);
}

void Lan9118::write_mac(std::uint32_t index, std::uint32_t value) {
  at(base_ + mac_data) = value;
  at(base_ + mac_command) = busy | index;
  wait_until(mac_command, busy, 0);
}

std::uint32_t Lan9118::read_phy(std::uint32_t index) {
  write_mac(mii_access, (1u << 11) | (index << 6) | 1);
  for (unsigned i = 0; i < patience && (read_mac(mii_access) & 1); ++i) {
  }
  return read_mac(mii_data);
}

void Lan9118::write_phy(std::uint32_t index, std::uint32_t value) {
  write_mac(mii_data, value);
  write_mac(mii_access, (1u << 11) | (index << 6) | 3);
  for (unsigned i = 0; i < patience && (read_mac(mii_access) & 1); ++i) {
  }
}

bool Lan9118::start(MacAddress& mac) {
  at(base_ + byte_order_test) = 0;  // wakes the chip
  if (!wait_until(power, 1, 1) || at(base_ + byte_order_test) != 0x87654321) return false;
  at(base_ + hardware_config) = 1;  // soft reset
  if (!wait_until(hardware_config, 1, 0)) return false;
  at(base_ + hardware_config) = (1u << 20) | (5u << 16);  // must be one; 5 KiB for the transmitter
  at(base_ + interrupt_enable) = 0;
  // Push-pull and active high, 220 us between two interrupts at least (in steps of 10).
  at(base_ + interrupt_config) = (0x22u << 24) | (1u << 8) | 0x11;
  at(base_ + fifo_levels) = 0x48000000;  // interrupt on the first frame received
  at(base_ + rx_config) = 0;

  const std::uint32_t low = read_mac(address_low);
  const std::uint32_t high = read_mac(address_high);
  if (low != 0xFFFFFFFF && (low | high) != 0) {
    for (unsigned i = 0; i < 4; ++i) mac[i] = static_cast<std::uint8_t>(low >> (8 * i));
    for (unsigned i = 0; i < 2; ++i) mac[4 + i] = static_cast<std::uint8_t>(high >> (8 * i));
  } else {
    write_mac(address_high, mac[4] | std::uint32_t{mac[5]} << 8);
    write_mac(address_low, mac[0] | std::uint32_t{mac[1]} << 8 | std::uint32_t{mac[2]} << 16 |
                               std::uint32_t{mac[3]} << 24);
  }
  write_phy(phy_control, 0x1200);  // negotiate
  write_phy(phy_mask, 0x50);       // negotiation complete, link down
  at(base_ + tx_config) = 2;       // transmitter on
  // Full duplex, transmit, receive, and all multicast: lwIP filters what it did not join.
  write_mac(mac_control, (1u << 20) | (1u << 19) | (1u << 3) | (1u << 2));
  at(base_ + interrupt_status) = 0xFFFFFFFF;
  return true;
}

bool Lan9118::link_is_up() {
  read_phy(phy_status);  // holds a loss since the last reading
  return (read_phy(phy_status) & 4) != 0;
}

bool Lan9118::acknowledge() {
  const bool link_changed = (at(base_ + interrupt_status) & phy_changed) != 0;
  if (link_changed) read_phy(phy_interrupts);
  at(base_ + interrupt_status) = 0xFFFFFFFF;
  return link_changed;
}

std::size_t Lan9118::begin_receive() {
  while ((at(base_ + rx_fifo) >> 16) & 0xFF) {
    const std::uint32_t status = at(base_ + rx_status);
    const std::size_t whole = (status >> 16) & 0x3FFF;
    // Words are read and thrown away where a frame is dropped: fast-forward is broken in QEMU.
    reader_ = FifoReader(base_ + rx_data, (whole + 3) / 4);
    const bool has_error = (status & (1u << 15)) != 0;
    if (!has_error && whole >= shortest_frame + checksum_size &&
        whole <= longest_frame + checksum_size) {
      ++counters_.received;
      return whole - checksum_size;
    }
    ++counters_.damaged;
    reader_.skip_rest();
  }
  return 0;
}

bool Lan9118::begin_send(std::size_t size) {
  while ((at(base_ + tx_fifo) >> 16) & 0xFF) take(at(base_ + tx_status));
  const std::size_t needed = ((size + 3) & ~std::size_t{3}) + tx_overhead;
  for (unsigned i = 0; (at(base_ + tx_fifo) & 0xFFFF) < needed; ++i) {
    if (i == patience / 100) {
      ++counters_.unsent;
      return false;
    }
  }
  at(base_ + tx_data) = (1u << 13) | (1u << 12) | static_cast<std::uint32_t>(size);
  at(base_ + tx_data) = static_cast<std::uint32_t>(size);
  ++counters_.sent;
  return true;
}

}  // namespace firmware::drivers
