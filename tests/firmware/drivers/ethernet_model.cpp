// Memory, line and time of the modelled Ethernet chips.
#include "ethernet_model.hpp"

#include <algorithm>
#include <cstring>

#include "arch/cortex_m/dma.hpp"
#include "arch/cortex_m/registers.hpp"

namespace firmware {
namespace {

model::EthernetModel* chip;  // the one of the running test

}  // namespace

std::uint32_t load_register(std::uintptr_t address) { return chip->load(address); }
void store_register(std::uintptr_t address, std::uint32_t value) { chip->store(address, value); }
void dma::order() { chip->order(); }
std::uint32_t dma::address(const volatile void* object) { return chip->address(object); }

namespace model {

EthernetModel::EthernetModel(std::span<std::uint8_t> memory, std::uint32_t bus_clock_hz)
    : memory_(memory), bus_clock_hz_(bus_clock_hz) {
  std::fill(memory.begin(), memory.end(), std::uint8_t{0xA5});  // nobody clears it
  ordered_.assign(memory.begin(), memory.end());
  seen_ = ordered_;
  chip = this;
}

EthernetModel::~EthernetModel() { chip = nullptr; }

void EthernetModel::place(std::uint32_t bus_address, MemoryKind kind) {
  begin_ = bus_address;
  kind_ = kind;
}

std::uint32_t EthernetModel::load(std::uintptr_t offset) {
  tick();
  return on_load(offset);
}

void EthernetModel::store(std::uintptr_t offset, std::uint32_t value) { on_store(offset, value); }

void EthernetModel::order() {
  on_order();
  constexpr std::size_t block = 16;
  for (std::size_t i = 0; i + block <= memory_.size(); i += block) {
    if (!is_changed(i, block)) continue;
    std::copy_n(memory_.begin() + i, block, ordered_.begin() + i);
    if (kind_ == MemoryKind::uncached) std::copy_n(memory_.begin() + i, block, seen_.begin() + i);
  }
}

std::uint32_t EthernetModel::address(const volatile void* object) {
  const auto at = reinterpret_cast<std::uintptr_t>(object);
  const auto begin = reinterpret_cast<std::uintptr_t>(memory_.data());
  if (at < begin || at >= begin + memory_.size()) {
    fault("an address outside of the shared memory");
    return 0;
  }
  return begin_ + static_cast<std::uint32_t>(at - begin);
}

void EthernetModel::tick() {
  ++ticks_;
  if (phy_busy_ > 0) --phy_busy_;
  if (!is_sending()) {
    until_sent_ = ticks_per_frame;
    return;
  }
  until_sent_ = std::min(until_sent_, ticks_per_frame);
  if (until_sent_ > 0 && --until_sent_ > 0) return;
  until_sent_ = ticks_per_frame;
  try {
    send_next();
  } catch (const BusError&) {
    break_bus();
  }
}

void EthernetModel::receive(const Frame& frame, Damage damage) {
  const Speed own = speed();
  if (!phy.is_up() || own.is_fast != phy.is_fast()) return;
  if (own.is_full_duplex != phy.is_full_duplex()) damage = Damage::checksum;
  if (frame.size() + checksum_size < 64 || !lets_in(frame)) return;  // runts are the MAC's to drop
  Frame whole = frame;
  whole.insert(whole.end(), checksum_size, 0xCC);
  const bool is_cut = whole.size() > watchdog_size;
  if (is_cut) whole.resize(watchdog_size);
  try {
    deliver(whole, is_cut, damage);
  } catch (const BusError&) {
    break_bus();
  }
}

void EthernetModel::leave(Frame frame) {
  if (frame.size() < 60) frame.resize(60);  // the MAC pads
  if (!phy.is_up() || speed().is_fast != phy.is_fast()) return;
  if (!phy.is_full_duplex() && hears_itself()) receive(frame);
  sent.push_back(std::move(frame));
}

bool EthernetModel::matches(const Frame& frame, std::uint32_t high, std::uint32_t low) const {
  for (std::size_t i = 0; i < 6; ++i) {
    if (frame[i] != static_cast<std::uint8_t>((i < 4 ? low : high) >> (8 * (i % 4)))) return false;
  }
  return true;
}

void EthernetModel::begin_phy_access(bool is_write, std::uint32_t index, std::uint32_t clock_code) {
  constexpr std::uint32_t dividers[] = {42, 62, 16, 26, 102};
  if (phy_busy_ > 0) fault("a PHY access while another is under way");
  if (clock_code >= std::size(dividers)) return fault("no such management clock");
  if (bus_clock_hz_ / dividers[clock_code] > 2'500'000) fault("the management clock is too fast");
  phy_busy_ = 5;
  if (is_write) {
    phy.write(index, phy_data);
  } else {
    phy_data = phy.read(index);
  }
}

std::size_t EthernetModel::reach(std::uint32_t bus_address, std::size_t size) {
  const std::size_t offset = bus_address - begin_;
  if (kind_ == MemoryKind::unreachable || bus_address < begin_ || offset > memory_.size() ||
      memory_.size() - offset < size) {
    fault("the DMA cannot reach the memory it was given");
    throw BusError{};
  }
  if (bus_address % 4 != 0) {
    fault("the DMA was given an address that is not aligned");
    throw BusError{};
  }
  return offset;
}

std::uint32_t EthernetModel::fetch(std::uint32_t bus_address) {
  std::uint32_t word;
  std::memcpy(&word, seen_.data() + reach(bus_address, 4), 4);
  return word;
}

void EthernetModel::put(std::uint32_t bus_address, std::uint32_t word) {
  std::array<std::uint8_t, 4> bytes;
  std::memcpy(bytes.data(), &word, 4);
  put_bytes(bus_address, bytes);
}

Frame EthernetModel::fetch_bytes(std::uint32_t bus_address, std::size_t size) {
  const std::uint8_t* const from = seen_.data() + reach(bus_address, size);
  return Frame(from, from + size);
}

void EthernetModel::put_bytes(std::uint32_t bus_address, std::span<const std::uint8_t> bytes) {
  const std::size_t offset = reach(bus_address, bytes.size());
  std::copy(bytes.begin(), bytes.end(), seen_.data() + offset);
  if (kind_ != MemoryKind::uncached) return;
  std::copy(bytes.begin(), bytes.end(), memory_.data() + offset);
  std::copy(bytes.begin(), bytes.end(), ordered_.data() + offset);
}

bool EthernetModel::is_changed(std::size_t offset, std::size_t size) const {
  return std::memcmp(memory_.data() + offset, ordered_.data() + offset, size) != 0;
}

std::uint32_t EthernetModel::stored(std::size_t offset) const {
  std::uint32_t word;
  std::memcpy(&word, memory_.data() + offset, 4);
  return word;
}

std::uint32_t EthernetModel::ordered(std::size_t offset) const {
  std::uint32_t word;
  std::memcpy(&word, ordered_.data() + offset, 4);
  return word;
}

}  // namespace model
}  // namespace firmware
