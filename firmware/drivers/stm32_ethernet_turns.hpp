// Stm32Ethernet's longer functions, for the one source of each chip.
#pragma once

#include "drivers/stm32_ethernet.hpp"

namespace firmware::drivers {

template <class Chip>
bool Stm32Ethernet<Chip>::phy_access(std::uint32_t command) {
  reg(Chip::mii_access) = command | 1;
  for (unsigned i = 0; i < phy_reads; ++i) {
    if (!(reg(Chip::mii_access) & 1)) return true;
  }
  return false;
}

template <class Chip>
bool Stm32Ethernet<Chip>::bring_up() {
  constexpr std::uint32_t software_reset = 1;
  reg(Chip::reset) = software_reset;
  for (unsigned i = 0; reg(Chip::reset) & software_reset; ++i) {
    if (i == reset_reads) return false;
  }
  mask();
  rx_next_ = tx_next_ = 0;
  holds_frame_ = false;
  chip_.start_mac(mac_, mode_);
  chip_.start_rings(memory_);
  state_ = State::running;
  return true;
}

template <class Chip>
bool Stm32Ethernet<Chip>::link_is_up() {
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
    chip_.write_mode(mode_);
  }
  return mode.is_up;
}

template <class Chip>
bool Stm32Ethernet<Chip>::acknowledge() {
  if (state_ != State::running) return false;
  const std::uint32_t events = reg(Chip::status);
  reg(Chip::status) = events & Chip::all_events;
  counters_.missed += chip_.take_missed();
  if (!(events & Chip::bus_error)) return false;
  mask();
  state_ = State::failed;
  ++counters_.restarts;
  return true;
}

template <class Chip>
std::size_t Stm32Ethernet<Chip>::begin_receive() {
  while (state_ == State::running && Chip::has_arrived(memory_, rx_next_)) {
    dma::order();
    const DmaArrival piece = Chip::arrival(memory_, rx_next_);
    holds_frame_ = true;
    if (piece.is_first && piece.is_last && !piece.is_damaged &&
        piece.frame_size >= shortest_frame + frame_checksum_size &&
        piece.frame_size <= longest_frame + frame_checksum_size) {
      ++counters_.received;
      cursor_ = DmaCursor(memory_.rx_buffers[rx_next_], piece.frame_size - frame_checksum_size);
      return piece.frame_size - frame_checksum_size;
    }
    if (piece.is_last) ++counters_.damaged;  // one too long has several descriptors
    finish_receive();
  }
  return 0;
}

template <class Chip>
bool Stm32Ethernet<Chip>::begin_send(std::size_t size) {
  for (unsigned i = 0; state_ == State::running && i < frame_reads; ++i) {
    if (Chip::has_room(memory_, tx_next_)) break;
    take(reg(Chip::status));
  }
  if (state_ != State::running || size > longest_frame || !Chip::has_room(memory_, tx_next_)) {
    ++counters_.unsent;
    return false;
  }
  if (Chip::was_given_up(memory_, tx_next_)) ++counters_.unsent;
  tx_size_ = size;
  cursor_ = DmaCursor(memory_.tx_buffers[tx_next_], size);
  return true;
}

}  // namespace firmware::drivers
