// Register and descriptor work of the STM32H7's Ethernet.
//
// Invariants: the DMA reads a descriptor in several accesses, so it must never look at one that is
// being written. It looks at none from the tail pointer on: the tail is moved only after all of a
// descriptor is in memory, and the one descriptor at the tail of each ring is never the DMA's.
// Every descriptor handed over moves the tail, because only a change of it wakes the DMA.
#include "drivers/stm32h7_ethernet.hpp"

#include "arch/cortex_m/dma.hpp"

namespace firmware::drivers {
namespace {

constexpr std::uintptr_t mac_config = 0x0000, mac_filter = 0x0008, mii_access = 0x0200,
                         mii_data = 0x0204, address_high = 0x0300, address_low = 0x0304,
                         counter_rx_mask = 0x070C, counter_tx_mask = 0x0710;
constexpr std::uintptr_t tx_queue_mode = 0x0D00, rx_queue_mode = 0x0D30, rx_queue_missed = 0x0D34;
constexpr std::uintptr_t dma_mode = 0x1000, bus_mode = 0x1004, channel_control = 0x1100,
                         tx_control = 0x1104, rx_control = 0x1108, tx_list = 0x1114,
                         rx_list = 0x111C, tx_tail = 0x1120, rx_tail = 0x1128, tx_ring = 0x112C,
                         rx_ring = 0x1130, channel_status = 0x1160, missed_frames = 0x116C;

// The waits, in register reads of some 50 ns.
constexpr unsigned reset_reads = 2'000'000;  // until the PHY gives a clock, 100 ms
constexpr unsigned frame_reads = 40'000;     // while the longest frame leaves at 10 Mbit/s
constexpr unsigned phy_reads = 10'000;

// Status and interrupts of the channel.
constexpr std::uint32_t received = 1u << 6, bus_error = 1u << 12, abnormal = 1u << 14,
                        normal = 1u << 15, all_events = 0xFFC7;

// Descriptors, word 3; a buffer's interrupt is asked for in bit 30.
constexpr std::uint32_t own = 1u << 31, interrupt = 1u << 30, first = 1u << 29, last = 1u << 28,
                        buffer_valid = 1u << 24, error = 1u << 15, size_mask = 0x7FFF;

}  // namespace

bool Stm32h7Ethernet::phy_access(std::uint32_t command) {
  at(base_ + mii_access) = command | (clock_code_ << 8) | 1;
  for (unsigned i = 0; i < phy_reads; ++i) {
    if (!(at(base_ + mii_access) & 1)) return true;
  }
  return false;
}

std::uint32_t Stm32h7Ethernet::read_phy(std::uint32_t index) {
  return phy_access((index << 16) | (3u << 2)) ? at(base_ + mii_data) & 0xFFFF : phy::no_answer;
}

void Stm32h7Ethernet::write_phy(std::uint32_t index, std::uint32_t value) {
  at(base_ + mii_data) = value;
  phy_access((index << 16) | (1u << 2));
}

void Stm32h7Ethernet::write_mode() {
  constexpr std::uint32_t must_be_one = 1u << 15, transmit = 1u << 1, receive = 1u << 0;
  constexpr std::uint32_t full_duplex = 1u << 13, ignore_own = 1u << 10;
  at(base_ + mac_config) = must_be_one | transmit | receive | (mode_.is_fast ? 1u << 14 : 0) |
                           (mode_.is_full_duplex ? full_duplex : ignore_own);
}

void Stm32h7Ethernet::start_mac() {
  // What the counters of the MAC reach must not interrupt.
  at(base_ + counter_rx_mask) = (1u << 27) | (1u << 26) | (1u << 17) | (1u << 6) | (1u << 5);
  at(base_ + counter_tx_mask) = (1u << 27) | (1u << 26) | (1u << 21) | (1u << 15) | (1u << 14);
  at(base_ + address_high) = mac_[4] | std::uint32_t{mac_[5]} << 8;
  // The address counts from this write on.
  at(base_ + address_low) = mac_[0] | std::uint32_t{mac_[1]} << 8 | std::uint32_t{mac_[2]} << 16 |
                            std::uint32_t{mac_[3]} << 24;
  at(base_ + mac_filter) = 1u << 4;  // all multicast: lwIP filters what it did not join
  // Whole frames both ways, damaged ones too so that they are counted.
  at(base_ + tx_queue_mode) = at(base_ + tx_queue_mode) | (1u << 1);
  at(base_ + rx_queue_mode) = at(base_ + rx_queue_mode) | (1u << 5) | (1u << 4);
  write_mode();
}

void Stm32h7Ethernet::fill_rx(std::size_t index) {
  DmaDescriptor& one = memory_.rx[index];
  one.word[0] = dma::address(&memory_.rx_buffers[index]);  // the DMA writes over all four
  one.word[1] = 0;
  one.word[2] = 0;
  one.word[3] = own | interrupt | buffer_valid;
}

void Stm32h7Ethernet::start_rings() {
  for (std::size_t i = 0; i + 1 < dma_rx_count; ++i) fill_rx(i);
  memory_.rx[dma_rx_count - 1].word[3] = 0;  // the one at the tail
  for (DmaDescriptor& one : memory_.tx) {
    for (volatile std::uint32_t& word : one.word) word = 0;
  }
  rx_next_ = tx_next_ = 0;
  holds_frame_ = false;
  dma::order();
  at(base_ + bus_mode) = (1u << 12) | 1;  // bursts of fixed length on aligned addresses
  at(base_ + channel_control) = 0;        // one descriptor after the other
  at(base_ + rx_list) = dma::address(memory_.rx);
  at(base_ + tx_list) = dma::address(memory_.tx);
  at(base_ + rx_ring) = dma_rx_count - 1;
  at(base_ + tx_ring) = dma_tx_count - 1;
  at(base_ + channel_status) = all_events;
  // Bursts of 32; start.
  at(base_ + tx_control) = (32u << 16) | (1u << 4) | 1;
  at(base_ + rx_control) = (32u << 16) | (static_cast<std::uint32_t>(dma_buffer_size) << 1) | 1;
  at(base_ + tx_tail) = dma::address(memory_.tx);
  at(base_ + rx_tail) = dma::address(&memory_.rx[dma_rx_count - 1]);
}

bool Stm32h7Ethernet::bring_up() {
  constexpr std::uint32_t software_reset = 1;
  at(base_ + dma_mode) = software_reset;
  for (unsigned i = 0; at(base_ + dma_mode) & software_reset; ++i) {
    if (i == reset_reads) return false;
  }
  mask();
  start_mac();
  start_rings();
  state_ = State::running;
  return true;
}

bool Stm32h7Ethernet::start(MacAddress& mac) {
  mac_ = mac;
  return phy::start(*this) && bring_up();
}

bool Stm32h7Ethernet::link_is_up() {
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

void Stm32h7Ethernet::unmask() {
  if (state_ != State::running) return;
  at(base_ + interrupt_enable) = normal | abnormal | bus_error | received;
}

bool Stm32h7Ethernet::acknowledge() {
  if (state_ != State::running) return false;
  const std::uint32_t events = at(base_ + channel_status);
  at(base_ + channel_status) = events & all_events;
  // Both are cleared by the reading: no descriptor, no room in the queue.
  counters_.missed += (at(base_ + missed_frames) & 0x7FF) + (at(base_ + rx_queue_missed) & 0x7FF);
  if (!(events & bus_error)) return false;
  mask();
  state_ = State::failed;
  ++counters_.restarts;
  return true;
}

std::size_t Stm32h7Ethernet::begin_receive() {
  while (state_ == State::running) {
    const std::uint32_t status = memory_.rx[rx_next_].word[3];
    if (status & own) return 0;
    dma::order();
    const std::size_t whole = status & size_mask;
    const bool is_whole = (status & first) && (status & last);
    holds_frame_ = true;
    if (is_whole && !(status & error) && whole >= shortest_frame + frame_checksum_size &&
        whole <= longest_frame + frame_checksum_size) {
      ++counters_.received;
      cursor_ = DmaCursor(memory_.rx_buffers[rx_next_], whole - frame_checksum_size);
      return whole - frame_checksum_size;
    }
    if (status & last) ++counters_.damaged;  // one too long has several descriptors
    finish_receive();
  }
  return 0;
}

void Stm32h7Ethernet::finish_receive() {
  if (!holds_frame_) return;
  holds_frame_ = false;
  fill_rx((rx_next_ + dma_rx_count - 1) % dma_rx_count);  // the one that was at the tail
  dma::order();
  at(base_ + rx_tail) = dma::address(&memory_.rx[rx_next_]);
  rx_next_ = (rx_next_ + 1) % dma_rx_count;
}

bool Stm32h7Ethernet::begin_send(std::size_t size) {
  DmaDescriptor& one = memory_.tx[tx_next_];
  const DmaDescriptor& after = memory_.tx[(tx_next_ + 1) % dma_tx_count];
  for (unsigned i = 0; state_ == State::running && i < frame_reads && (after.word[3] & own); ++i) {
    take(at(base_ + channel_status));
  }
  if (state_ != State::running || size > longest_frame || (after.word[3] & own)) {
    ++counters_.unsent;
    return false;
  }
  if (one.word[3] & error) ++counters_.unsent;  // the frame before in this place
  tx_size_ = size;
  cursor_ = DmaCursor(memory_.tx_buffers[tx_next_], size);
  return true;
}

void Stm32h7Ethernet::finish_send() {
  DmaDescriptor& one = memory_.tx[tx_next_];
  one.word[0] = dma::address(&memory_.tx_buffers[tx_next_]);
  one.word[1] = 0;
  one.word[2] = static_cast<std::uint32_t>(tx_size_);
  one.word[3] = own | first | last | static_cast<std::uint32_t>(tx_size_);
  tx_next_ = (tx_next_ + 1) % dma_tx_count;
  dma::order();
  at(base_ + tx_tail) = dma::address(&memory_.tx[tx_next_]);
  ++counters_.sent;
}

}  // namespace firmware::drivers
