// Register and descriptor work of the STM32F7's Ethernet.
//
// Invariants: a descriptor is the DMA's from the store of its own bit until the DMA clears it; once
// the DMA runs, what else belongs to a descriptor is in memory before that store, and a poll demand
// comes after it.
#include "drivers/stm32f7_ethernet.hpp"

#include "arch/cortex_m/dma.hpp"

namespace firmware::drivers {
namespace {

constexpr std::uintptr_t mac_config = 0x00, mac_filter = 0x04, mii_access = 0x10, mii_data = 0x14,
                         mac_interrupt_mask = 0x3C, address_high = 0x40, address_low = 0x44,
                         counter_rx_mask = 0x10C, counter_tx_mask = 0x110;
constexpr std::uintptr_t bus_mode = 0x1000, tx_poll = 0x1004, rx_poll = 0x1008, rx_list = 0x100C,
                         tx_list = 0x1010, dma_status = 0x1014, dma_mode = 0x1018,
                         missed_frames = 0x1020;

// The waits, in register reads of some 50 ns.
constexpr unsigned reset_reads = 2'000'000;  // until the PHY gives a clock, 100 ms
constexpr unsigned frame_reads = 40'000;     // while the longest frame leaves at 10 Mbit/s
constexpr unsigned phy_reads = 10'000;
constexpr unsigned settle_reads = 40;  // four cycles of a 2.5 MHz clock

// Status and interrupts.
constexpr std::uint32_t received = 1u << 6, bus_error = 1u << 13, abnormal = 1u << 15,
                        normal = 1u << 16, all_events = 0x1E7FF;

// Descriptors.
constexpr std::uint32_t own = 1u << 31, error = 1u << 15;
constexpr std::uint32_t rx_first = 1u << 9, rx_last = 1u << 8, rx_end_of_ring = 1u << 15;
constexpr std::uint32_t tx_last = 1u << 29, tx_first = 1u << 28, tx_end_of_ring = 1u << 21;

}  // namespace

// The MAC takes a write over in its own, slower clock: a second one too early would be lost.
void Stm32f7Ethernet::set_mac(std::uintptr_t offset, std::uint32_t value) {
  at(base_ + offset) = value;
  for (unsigned i = 0; i < settle_reads; ++i) take(at(base_ + offset));
}

bool Stm32f7Ethernet::phy_access(std::uint32_t command) {
  at(base_ + mii_access) = command | (clock_code_ << 2) | 1;
  for (unsigned i = 0; i < phy_reads; ++i) {
    if (!(at(base_ + mii_access) & 1)) return true;
  }
  return false;
}

std::uint32_t Stm32f7Ethernet::read_phy(std::uint32_t index) {
  return phy_access(index << 6) ? at(base_ + mii_data) & 0xFFFF : phy::no_answer;
}

void Stm32f7Ethernet::write_phy(std::uint32_t index, std::uint32_t value) {
  at(base_ + mii_data) = value;
  phy_access((index << 6) | 2);
}

void Stm32f7Ethernet::write_mode() {
  constexpr std::uint32_t must_be_one = 1u << 15, transmit = 1u << 3, receive = 1u << 2;
  constexpr std::uint32_t full_duplex = 1u << 11, ignore_own = 1u << 13;
  set_mac(mac_config, must_be_one | transmit | receive | (mode_.is_fast ? 1u << 14 : 0) |
                          (mode_.is_full_duplex ? full_duplex : ignore_own));
}

void Stm32f7Ethernet::start_mac() {
  // What the counters of the MAC reach, and wake-up frames and time stamps, must not interrupt.
  at(base_ + counter_rx_mask) = (1u << 17) | (1u << 6) | (1u << 5);
  at(base_ + counter_tx_mask) = (1u << 21) | (1u << 15) | (1u << 14);
  at(base_ + mac_interrupt_mask) = (1u << 9) | (1u << 3);
  set_mac(address_high, mac_[4] | std::uint32_t{mac_[5]} << 8);
  // The address counts from this write on.
  set_mac(address_low, mac_[0] | std::uint32_t{mac_[1]} << 8 | std::uint32_t{mac_[2]} << 16 |
                           std::uint32_t{mac_[3]} << 24);
  set_mac(mac_filter, 1u << 4);  // all multicast: lwIP filters what it did not join
  write_mode();
}

void Stm32f7Ethernet::start_rings() {
  for (std::size_t i = 0; i < dma_rx_count; ++i) {
    DmaDescriptor& one = memory_.rx[i];
    one.word[1] =
        static_cast<std::uint32_t>(dma_buffer_size) | (i + 1 == dma_rx_count ? rx_end_of_ring : 0);
    one.word[2] = dma::address(&memory_.rx_buffers[i]);
    one.word[3] = 0;
    one.word[0] = own;
  }
  for (std::size_t i = 0; i < dma_tx_count; ++i) {
    DmaDescriptor& one = memory_.tx[i];
    for (volatile std::uint32_t& word : one.word) word = 0;
    one.word[2] = dma::address(&memory_.tx_buffers[i]);
  }
  rx_next_ = tx_next_ = 0;
  holds_frame_ = false;
  dma::order();
  // Bursts of 32 each way, of fixed length, on aligned addresses.
  set_mac(bus_mode, (1u << 25) | (32u << 17) | (1u << 23) | (1u << 16) | (32u << 8));
  at(base_ + rx_list) = dma::address(memory_.rx);
  at(base_ + tx_list) = dma::address(memory_.tx);
  at(base_ + dma_status) = all_events;
  // Whole frames both ways, damaged ones too so that they are counted; start.
  set_mac(dma_mode, (1u << 25) | (1u << 21) | (1u << 13) | (1u << 7) | (1u << 2) | (1u << 1));
}

bool Stm32f7Ethernet::bring_up() {
  constexpr std::uint32_t software_reset = 1;
  at(base_ + bus_mode) = software_reset;
  for (unsigned i = 0; at(base_ + bus_mode) & software_reset; ++i) {
    if (i == reset_reads) return false;
  }
  mask();
  start_mac();
  start_rings();
  state_ = State::running;
  return true;
}

bool Stm32f7Ethernet::start(MacAddress& mac) {
  mac_ = mac;
  return phy::start(*this) && bring_up();
}

bool Stm32f7Ethernet::link_is_up() {
  if (state_ == State::failed) {  // first say so; the next time is soon enough
    state_ = State::stopped;
    return false;
  }
  if (state_ == State::stopped) {
    if (!bring_up()) return false;
    unmask();
  }
  const phy::LinkMode mode = phy::read_mode(*this);
  if (mode.is_up && mode != mode_) {
    mode_ = mode;
    write_mode();
  }
  return mode.is_up;
}

void Stm32f7Ethernet::unmask() {
  if (state_ != State::running) return;
  at(base_ + interrupt_enable) = normal | abnormal | bus_error | received;
}

bool Stm32f7Ethernet::acknowledge() {
  if (state_ != State::running) return false;
  const std::uint32_t events = at(base_ + dma_status);
  at(base_ + dma_status) = events & all_events;
  const std::uint32_t missed = at(base_ + missed_frames);  // reading clears them
  counters_.missed += (missed & 0xFFFF) + ((missed >> 17) & 0x7FF);
  if (!(events & bus_error)) return false;
  mask();
  state_ = State::failed;
  ++counters_.restarts;
  return true;
}

std::size_t Stm32f7Ethernet::begin_receive() {
  while (state_ == State::running) {
    const std::uint32_t status = memory_.rx[rx_next_].word[0];
    if (status & own) return 0;
    dma::order();
    const std::size_t whole = (status >> 16) & 0x3FFF;
    const bool is_whole = (status & rx_first) && (status & rx_last);
    holds_frame_ = true;
    if (is_whole && !(status & error) && whole >= shortest_frame + frame_checksum_size &&
        whole <= longest_frame + frame_checksum_size) {
      ++counters_.received;
      cursor_ = DmaCursor(memory_.rx_buffers[rx_next_], whole - frame_checksum_size);
      return whole - frame_checksum_size;
    }
    if (status & rx_last) ++counters_.damaged;  // one too long has several descriptors
    finish_receive();
  }
  return 0;
}

void Stm32f7Ethernet::finish_receive() {
  if (!holds_frame_) return;
  holds_frame_ = false;
  dma::order();
  memory_.rx[rx_next_].word[0] = own;
  rx_next_ = (rx_next_ + 1) % dma_rx_count;
  dma::order();
  at(base_ + rx_poll) = 1;
}

bool Stm32f7Ethernet::begin_send(std::size_t size) {
  DmaDescriptor& one = memory_.tx[tx_next_];
  for (unsigned i = 0; state_ == State::running && i < frame_reads && (one.word[0] & own); ++i) {
    take(at(base_ + dma_status));
  }
  if (state_ != State::running || size > longest_frame || (one.word[0] & own)) {
    ++counters_.unsent;
    return false;
  }
  if (one.word[0] & error) ++counters_.unsent;  // the frame before in this place
  tx_size_ = size;
  cursor_ = DmaCursor(memory_.tx_buffers[tx_next_], size);
  return true;
}

void Stm32f7Ethernet::finish_send() {
  DmaDescriptor& one = memory_.tx[tx_next_];
  one.word[1] = static_cast<std::uint32_t>(tx_size_);
  dma::order();
  one.word[0] = own | tx_first | tx_last | (tx_next_ + 1 == dma_tx_count ? tx_end_of_ring : 0);
  tx_next_ = (tx_next_ + 1) % dma_tx_count;
  dma::order();
  at(base_ + tx_poll) = 1;
  ++counters_.sent;
}

}  // namespace firmware::drivers
