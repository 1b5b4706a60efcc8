// Registers and descriptors of the STM32H7's Ethernet, as RM0433 tells them; that storing the same
// tail again wakes nobody is what others saw on hardware.
#include "stm32h7_model.hpp"

#include <algorithm>
#include <utility>

namespace firmware::model {
namespace {

constexpr std::uintptr_t mac_config = 0x00, mac_filter = 0x08, mii_access = 0x200, mii_data = 0x204,
                         address_high = 0x300, address_low = 0x304, tx_queue_mode = 0xD00,
                         rx_queue_mode = 0xD30, rx_queue_missed = 0xD34, dma_mode = 0x1000,
                         tx_control = 0x1104, rx_control = 0x1108, tx_list = 0x1114,
                         rx_list = 0x111C, tx_tail = 0x1120, rx_tail = 0x1128, tx_ring = 0x112C,
                         rx_ring = 0x1130, interrupt_enable = 0x1134, channel_status = 0x1160,
                         missed_frames = 0x116C;
constexpr std::uint32_t own = 1u << 31, first = 1u << 29, last = 1u << 28;
constexpr std::uint32_t normal_events = (1u << 0) | (1u << 2) | (1u << 6) | (1u << 11);
constexpr std::uint32_t abnormal_events =
    (1u << 1) | (1u << 7) | (1u << 8) | (1u << 9) | (1u << 10) | (1u << 12) | (1u << 13);

}  // namespace

void Stm32h7Model::break_bus() {
  is_broken_ = true;
  reg(channel_status) |= 1u << 12;
}

bool Stm32h7Model::interrupt() const {
  const std::uint32_t asked = reg(channel_status) & reg(interrupt_enable);
  return ((asked & normal_events) && (reg(interrupt_enable) & (1u << 15))) ||
         ((asked & abnormal_events) && (reg(interrupt_enable) & (1u << 14)));
}

std::uint32_t Stm32h7Model::on_load(std::uintptr_t offset) {
  switch (offset) {
    case dma_mode:
      if (reset_loads_ > 0 && has_clock && --reset_loads_ == 0) reg(dma_mode) = 0;
      return reg(dma_mode);
    case mii_access: return (reg(offset) & ~1u) | (phy_is_busy() ? 1 : 0);
    case mii_data: return phy_data;
    case missed_frames: return std::exchange(missed_, 0) & 0x7FF;
    case rx_queue_missed: return std::exchange(missed_in_queue_, 0) & 0x7FF;
    default: return reg(offset);
  }
}

void Stm32h7Model::on_store(std::uintptr_t offset, std::uint32_t value) {
  if (offset == mii_data) {
    phy_data = value;
    return;
  }
  if (offset == mii_access) {
    reg(offset) = value;
    const std::uint32_t operation = (value >> 2) & 3;
    if (operation != 1 && operation != 3) fault("a PHY access that neither reads nor writes");
    return begin_phy_access(operation == 1, (value >> 16) & 31, (value >> 8) & 15);
  }
  if (offset == dma_mode && (value & 1)) {
    forget_registers();
    reg(dma_mode) = 1;
    reg(tx_queue_mode) = 0x00070008;
    reg(rx_queue_mode) = 0x00700000;
    reset_loads_ = 3;
    was_reset_ = true;
    is_broken_ = false;
    rx_ = tx_ = {};
    return;
  }
  if (!was_reset_ || reset_loads_ > 0) fault("a store before the reset is over");
  store_config(offset, value);
}

void Stm32h7Model::store_config(std::uintptr_t offset, std::uint32_t value) {
  switch (offset) {
    case channel_status: reg(offset) &= ~value; return;
    case mac_config:
      if (!(value & (1u << 15))) fault("MAC configuration: bit 15 must stay one");
      break;
    case tx_queue_mode:
      if ((value & 0xC) != 8) fault("the transmit queue was turned off");
      break;
    case rx_list: set_list(rx_, value); break;
    case tx_list: set_list(tx_, value); break;
    case rx_ring: rx_.length = value + 1; break;
    case tx_ring: tx_.length = value + 1; break;
    case rx_tail: set_tail(rx_, value); break;
    case tx_tail: set_tail(tx_, value); break;
    case rx_control:
      if (((value >> 1) & 0x3FFF) % 4 != 0) fault("a buffer size that is not in words");
      start(rx_, value & 1);
      break;
    case tx_control:
      if (!(reg(tx_queue_mode) & 2)) fault("frames may be sent before they are whole");
      start(tx_, value & 1);
      break;
    default: break;
  }
  reg(offset) = value;
}

void Stm32h7Model::start(Ring& ring, bool is_on) {
  if (is_on && (ring.list == 0 || ring.length < 2)) fault("a DMA started without a ring");
  ring.is_started = is_on;
}

void Stm32h7Model::set_list(Ring& ring, std::uint32_t value) {
  if (ring.is_started) fault("the ring moved under a running DMA");
  ring.list = ring.current = value;
}

void Stm32h7Model::set_tail(Ring& ring, std::uint32_t value) {
  if (value < ring.list || value > ring.list + 16 * ring.length) fault("a tail beside its ring");
  if (value != ring.tail) ring.is_awake = true;
  ring.tail = value;
}

std::uint32_t Stm32h7Model::next(const Ring& ring, std::uint32_t descriptor) {
  return descriptor + 16 == ring.list + 16 * ring.length ? ring.list : descriptor + 16;
}

void Stm32h7Model::send_next() {
  const std::uint32_t control = tx_.current == tx_.tail ? 0 : fetch(tx_.current + 12);
  if (!(control & own)) {
    if (tx_.current != tx_.tail) fault("the tail passed a descriptor that is not the DMA's");
    tx_.is_awake = false;
    reg(channel_status) |= 1u << 2;
    return;
  }
  const std::uint32_t size = fetch(tx_.current + 8) & 0x3FFF;
  if ((control & (first | last)) != (first | last)) fault("a frame without its first or last bit");
  if ((control & 0x7FFF) != size) fault("a frame of two sizes");
  if (size < 14 || size > 1514) fault("a frame of a size that no frame has");
  Frame frame = fetch_bytes(fetch(tx_.current), size);
  if (!(reg(mac_config) & 2)) fault("sending while the transmitter is off");
  if (!spoils_frames) leave(std::move(frame));
  put(tx_.current + 12, first | last | (spoils_frames ? (1u << 15) | (1u << 9) : 0));
  tx_.current = next(tx_, tx_.current);
  reg(channel_status) |= 1;
}

bool Stm32h7Model::lets_in(const Frame& frame) const {
  if (std::all_of(frame.begin(), frame.begin() + 6, [](auto byte) { return byte == 0xFF; })) {
    return true;
  }
  if (frame[0] & 1) return reg(mac_filter) & (1u << 4);
  return matches(frame, reg(address_high), reg(address_low));
}

EthernetModel::Speed Stm32h7Model::speed() const {
  return {(reg(mac_config) & (1u << 14)) != 0, (reg(mac_config) & (1u << 13)) != 0};
}

bool Stm32h7Model::hears_itself() const { return !(reg(mac_config) & (1u << 10)); }

bool Stm32h7Model::has_room(std::size_t size) {
  std::size_t room = 0;
  for (std::uint32_t look = rx_.current; room < size; look = next(rx_, look)) {
    if (!rx_.is_awake || look == rx_.tail) return false;
    const std::uint32_t control = fetch(look + 12);
    if (!(control & own)) {
      fault("the tail passed a descriptor that is not the DMA's");
      return false;
    }
    if (!(control & (1u << 24))) fault("a descriptor without a buffer");
    room += (reg(rx_control) >> 1) & 0x3FFF;
  }
  return true;
}

// Where the ring has no room for all of a frame, all of it is missed; the chip would begin it.
void Stm32h7Model::deliver(const Frame& whole, bool is_cut, Damage damage) {
  if (!rx_.is_started || is_broken_ || !(reg(mac_config) & 1)) return;
  const bool is_bad = is_cut || damage != Damage::none;
  if (is_bad && !(reg(rx_queue_mode) & (1u << 4))) return;  // the queue drops it
  if (!has_room(whole.size())) {
    rx_.is_awake = false;
    ++missed_;
    reg(channel_status) |= 1u << 7;
    return;
  }
  for (std::size_t done = 0; done < whole.size(); rx_.current = next(rx_, rx_.current)) {
    const std::size_t buffer_size = (reg(rx_control) >> 1) & 0x3FFF;
    const std::size_t part = std::min(buffer_size, whole.size() - done);
    put_bytes(fetch(rx_.current), std::span(whole).subspan(done, part));
    std::uint32_t status = static_cast<std::uint32_t>(whole.size()) | (done == 0 ? first : 0);
    done += part;
    if (done == whole.size()) {
      status |= last | (is_bad ? (1u << 15) | (is_cut ? 1u << 22 : 1u << 24) : 0);
    }
    for (const std::uint32_t offset : {0u, 4u, 8u}) put(rx_.current + offset, 0);
    put(rx_.current + 12, status);
  }
  reg(channel_status) |= 1u << 6;
}

}  // namespace firmware::model
