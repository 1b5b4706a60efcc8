// Stm32Ethernet: what the Ethernets of all STM32s have in common: the turns of the rings of
// dma_memory.hpp, the link, a new start after a bus error. A `Chip` knows registers and the form of
// descriptors. The board sets clocks, pins and RMII before; the PHY is at address 0.
#pragma once

#include "arch/cortex_m/dma.hpp"
#include "arch/cortex_m/registers.hpp"
#include "drivers/dma_memory.hpp"
#include "drivers/phy.hpp"

namespace firmware::drivers {

// What a descriptor says of the piece of a frame that the DMA put behind it.
struct DmaArrival {
  std::size_t frame_size;  // with the checksum; of the last piece
  bool is_first, is_last, is_damaged;
};

// A MAC's two address registers.
constexpr std::uint32_t high_of(const MacAddress& mac) {
  return mac[4] | std::uint32_t{mac[5]} << 8;
}
constexpr std::uint32_t low_of(const MacAddress& mac) {
  return mac[0] | std::uint32_t{mac[1]} << 8 | std::uint32_t{mac[2]} << 16 |
         std::uint32_t{mac[3]} << 24;
}

// `base`: the MAC's first register. Waits are counted in register reads of some 50 ns.
template <class T>
concept Stm32EthernetChip = requires(T chip, std::uintptr_t base, std::uint32_t word,
                                     const MacAddress& mac, const phy::LinkMode& mode,
                                     DmaMemory& memory, std::size_t index, std::size_t size) {
  T{base};
  // The registers of the reset (bit 0), the interrupts and their reasons; bits of the last two.
  T::reset, T::interrupt_enable, T::status, T::interrupts, T::all_events, T::bus_error;
  // The management interface (bit 0 of its first register: busy) and the words for it.
  T::mii_access, T::mii_data;
  { T::read_phy(index, word) } -> std::same_as<std::uint32_t>;
  { T::write_phy(index, word) } -> std::same_as<std::uint32_t>;
  // After the reset, in this order.
  chip.start_mac(mac, mode);
  chip.start_rings(memory);
  chip.write_mode(mode);
  // Frames that found no room since the last call.
  { chip.take_missed() } -> std::same_as<std::uint32_t>;
  // Of the ring's descriptor `index`: false while the DMA has it.
  { T::has_arrived(memory, index) } -> std::same_as<bool>;
  { T::arrival(memory, index) } -> std::same_as<DmaArrival>;
  chip.give_back(memory, index);
  { T::has_room(memory, index) } -> std::same_as<bool>;
  { T::was_given_up(memory, index) } -> std::same_as<bool>;  // the frame before in this place
  chip.send(memory, index, size);
};

template <class Chip>
class Stm32Ethernet {
  static_assert(Stm32EthernetChip<Chip>);

 public:
  static constexpr unsigned link_poll_ms = 500;

  constexpr Stm32Ethernet(std::uintptr_t base, std::uint32_t bus_clock_hz, DmaMemory& memory)
      : chip_{base}, clock_code_(phy::clock_code(bus_clock_hz)), memory_(memory) {}

  bool start(MacAddress& mac) {
    mac_ = mac;
    return phy::start(*this) && bring_up();
  }
  // Also sets the MAC to the PHY's speed, and starts the chip anew some time after a bus error.
  bool link_is_up();
  void mask() { reg(Chip::interrupt_enable) = 0; }
  bool acknowledge();
  void unmask() {
    if (state_ == State::running) reg(Chip::interrupt_enable) = Chip::interrupts;
  }

  std::size_t begin_receive();
  void read(std::uint8_t* to, std::size_t size) { cursor_.read(to, size); }
  void finish_receive() {
    if (!holds_frame_) return;
    holds_frame_ = false;
    chip_.give_back(memory_, rx_next_);
    rx_next_ = (rx_next_ + 1) % dma_rx_count;
  }

  bool begin_send(std::size_t size);
  void write(const std::uint8_t* from, std::size_t size) { cursor_.write(from, size); }
  void finish_send() {
    chip_.send(memory_, tx_next_, tx_size_);
    tx_next_ = (tx_next_ + 1) % dma_tx_count;
    ++counters_.sent;
  }

  EthernetCounters counters() const { return counters_; }

  std::uint32_t read_phy(std::uint32_t index) {
    return phy_access(Chip::read_phy(index, clock_code_)) ? reg(Chip::mii_data) & 0xFFFF
                                                          : phy::no_answer;
  }
  void write_phy(std::uint32_t index, std::uint32_t value) {
    reg(Chip::mii_data) = value;
    phy_access(Chip::write_phy(index, clock_code_));
  }

 private:
  enum class State : std::uint8_t { stopped, failed, running };

  static constexpr unsigned reset_reads = 2'000'000;  // until the PHY gives a clock, 100 ms
  static constexpr unsigned frame_reads = 40'000;     // while the longest frame leaves at 10 Mbit/s
  static constexpr unsigned phy_reads = 10'000;

  decltype(auto) reg(std::uintptr_t offset) { return at(chip_.base + offset); }
  bool bring_up();
  bool phy_access(std::uint32_t command);

  Chip chip_;
  std::uint32_t clock_code_;
  DmaMemory& memory_;
  MacAddress mac_{};
  phy::LinkMode mode_;
  State state_ = State::stopped;
  bool holds_frame_ = false;  // between begin_receive() and finish_receive()
  std::size_t rx_next_ = 0, tx_next_ = 0, tx_size_ = 0;
  DmaCursor cursor_;
  EthernetCounters counters_{};
};

}  // namespace firmware::drivers
