// Registers and descriptors of the STM32F7's Ethernet, as RM0410 tells them.
#include "stm32f7_model.hpp"

#include <algorithm>

namespace firmware::model {
namespace {

constexpr std::uintptr_t mac_config = 0x00, mac_filter = 0x04, mii_access = 0x10, mii_data = 0x14,
                         address_high = 0x40, address_low = 0x44, bus_mode = 0x1000,
                         tx_poll = 0x1004, rx_poll = 0x1008, rx_list = 0x100C, tx_list = 0x1010,
                         dma_status = 0x1014, dma_mode = 0x1018, interrupt_enable = 0x101C,
                         missed_frames = 0x1020;
constexpr std::uint32_t own = 1u << 31, rx_end = 1u << 15, tx_end = 1u << 21;
constexpr std::uint32_t normal_events = (1u << 0) | (1u << 2) | (1u << 6) | (1u << 14);
constexpr std::uint32_t abnormal_events = 0x27BA;
constexpr std::uint64_t settle_ticks = 16;  // four cycles of the slowest clock, generously

}  // namespace

void Stm32f7Model::break_bus() {
  is_broken_ = true;
  reg(dma_status) |= 1u << 13;
}

bool Stm32f7Model::interrupt() const {
  const std::uint32_t asked = reg(dma_status) & reg(interrupt_enable);
  return ((asked & normal_events) && (reg(interrupt_enable) & (1u << 16))) ||
         ((asked & abnormal_events) && (reg(interrupt_enable) & (1u << 15)));
}

std::uint32_t Stm32f7Model::on_load(std::uintptr_t offset) {
  switch (offset) {
    case bus_mode:
      if (reset_loads_ > 0 && has_clock && --reset_loads_ == 0) reg(bus_mode) = 0x00020101 & ~1u;
      return reg(bus_mode);
    case mii_access: return (reg(offset) & ~1u) | (phy_is_busy() ? 1 : 0);
    case mii_data: return phy_data;
    case missed_frames: {
      const std::uint32_t result = (missed_ & 0xFFFF) | (missed_in_queue_ & 0x7FF) << 17;
      missed_ = missed_in_queue_ = 0;
      return result;
    }
    default: return reg(offset);
  }
}

void Stm32f7Model::on_store(std::uintptr_t offset, std::uint32_t value) {
  if (offset == mii_data) {
    phy_data = value;
    return;
  }
  if (offset == mii_access) {
    reg(offset) = value;
    return begin_phy_access(value & 2, (value >> 6) & 31, (value >> 2) & 7);
  }
  if (offset == bus_mode && (value & 1)) {
    forget_registers();
    reg(bus_mode) = 1;
    reset_loads_ = 3;
    was_reset_ = true;
    is_broken_ = tx_runs_ = rx_started_ = tx_started_ = false;
    stored_at_.clear();
    return;
  }
  if (!was_reset_ || reset_loads_ > 0) fault("a store before the reset is over");
  store_config(offset, value);
}

void Stm32f7Model::store_config(std::uintptr_t offset, std::uint32_t value) {
  for (const std::uintptr_t slow : {mac_config, mac_filter, bus_mode, dma_mode}) {
    if (offset != slow) continue;
    const auto before = stored_at_.find(offset);
    if (before != stored_at_.end() && ticks_ - before->second < settle_ticks) {
      fault("a second store before the MAC took the first over");
    }
    stored_at_[offset] = ticks_;
  }
  switch (offset) {
    case dma_status: reg(offset) &= ~value; return;
    case tx_poll: tx_runs_ = tx_started_; return;
    case rx_poll: return;  // deliver() looks at every frame
    case mac_config:
      if (!(value & (1u << 15))) fault("MAC configuration: bit 15 must stay one");
      break;
    case rx_list:
      if (rx_started_) fault("the ring moved under a running DMA");
      rx_ = value;
      break;
    case tx_list:
      if (tx_started_) fault("the ring moved under a running DMA");
      tx_ = value;
      break;
    case dma_mode:
      rx_started_ = value & (1u << 1);
      tx_started_ = value & (1u << 13);
      if (!(value & (1u << 21))) fault("frames may be sent before they are whole");
      break;
    default: break;
  }
  reg(offset) = value;
}

// An own bit must not become visible together with what it covers.
void Stm32f7Model::on_order() {
  if (rx_started_) check_ring(reg(rx_list), 1, rx_end);
  if (tx_started_) check_ring(reg(tx_list), 0, tx_end);
}

void Stm32f7Model::check_ring(std::uint32_t list, std::uint32_t end_word, std::uint32_t end_bit) {
  for (std::size_t i = 0; i < 32; ++i) {
    const std::size_t at = offset_of(list) + 16 * i;
    const bool is_handed_over = (stored(at) & own) && !(ordered(at) & own);
    const std::size_t buffer = offset_of(stored(at + 8));
    if (is_handed_over && (is_changed(at + 4, 12) || is_changed(buffer, 60))) {
      fault("an own bit that the DMA may see before what it covers");
    }
    if (i + 1 == (end_word ? drivers::dma_rx_count : drivers::dma_tx_count)) break;
    if (stored(at + 4 * end_word) & end_bit) break;
  }
}

std::uint32_t Stm32f7Model::next(std::uint32_t descriptor, bool is_end) const {
  const bool is_rx = descriptor >= reg(rx_list) && descriptor < reg(tx_list);
  return is_end ? (is_rx ? reg(rx_list) : reg(tx_list)) : descriptor + 16;
}

void Stm32f7Model::send_next() {
  const std::uint32_t status = fetch(tx_);
  if (!(status & own)) {
    tx_runs_ = false;
    reg(dma_status) |= 1u << 2;
    return;
  }
  const std::uint32_t size = fetch(tx_ + 4) & 0x1FFF;
  if ((status & (3u << 28)) != 3u << 28) fault("a frame without its first or last bit");
  if (size < 14 || size > 1514) fault("a frame of a size that no frame has");
  Frame frame = fetch_bytes(fetch(tx_ + 8), size);
  if (!(reg(mac_config) & (1u << 3))) fault("sending while the transmitter is off");
  if (!spoils_frames) leave(std::move(frame));
  put(tx_, (status & ~own) | (spoils_frames ? (1u << 15) | (1u << 9) : 0));
  tx_ = next(tx_, status & tx_end);
  reg(dma_status) |= 1;
}

bool Stm32f7Model::lets_in(const Frame& frame) const {
  if (std::all_of(frame.begin(), frame.begin() + 6, [](auto byte) { return byte == 0xFF; })) {
    return true;
  }
  if (frame[0] & 1) return reg(mac_filter) & (1u << 4);
  return matches(frame, reg(address_high), reg(address_low));
}

EthernetModel::Speed Stm32f7Model::speed() const {
  return {(reg(mac_config) & (1u << 14)) != 0, (reg(mac_config) & (1u << 11)) != 0};
}

bool Stm32f7Model::hears_itself() const { return !(reg(mac_config) & (1u << 13)); }

// Where the ring has no room for all of a frame, all of it is missed; the chip would begin it.
void Stm32f7Model::deliver(const Frame& whole, bool is_cut, Damage damage) {
  if (!rx_started_ || is_broken_ || !(reg(mac_config) & (1u << 2))) return;
  const bool is_bad = is_cut || damage != Damage::none;
  if (is_bad && !(reg(dma_mode) & (1u << 7))) return;  // the FIFO drops it
  std::size_t room = 0;
  for (std::uint32_t look = rx_; room < whole.size();) {
    const std::uint32_t control = fetch(look + 4);
    if (!(fetch(look) & own)) {
      ++missed_;
      reg(dma_status) |= 1u << 7;
      return;
    }
    room += control & 0x1FFF;
    look = next(look, control & rx_end);
    if (look == rx_) break;
  }
  for (std::size_t done = 0; done < whole.size();) {
    const std::uint32_t control = fetch(rx_ + 4);
    const std::size_t part = std::min<std::size_t>(control & 0x1FFF, whole.size() - done);
    put_bytes(fetch(rx_ + 8), std::span(whole).subspan(done, part));
    const bool is_first = done == 0;
    done += part;
    const bool is_last = done == whole.size();
    std::uint32_t status = static_cast<std::uint32_t>(done) << 16 | (is_first ? 1u << 9 : 0);
    if (is_last) status |= 1u << 8;
    if (is_last && is_bad) status |= (1u << 15) | (is_cut ? 1u << 4 : 1u << 1);
    put(rx_, status);
    rx_ = next(rx_, control & rx_end);
  }
  reg(dma_status) |= 1u << 6;
}

}  // namespace firmware::model
