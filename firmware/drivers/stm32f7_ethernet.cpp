// Register and descriptor work of the STM32F7's Ethernet.
//
// Invariants: a descriptor is the DMA's from the store of its own bit until the DMA clears it; once
// the DMA runs, what else belongs to a descriptor is in memory before that store, and a poll demand
// comes after it.
#include "drivers/stm32f7_ethernet.hpp"

#include "drivers/stm32_ethernet_turns.hpp"

namespace firmware::drivers {
namespace {

constexpr std::uintptr_t mac_config = 0x00, mac_filter = 0x04, mac_interrupt_mask = 0x3C,
                         address_high = 0x40, address_low = 0x44, counter_rx_mask = 0x10C,
                         counter_tx_mask = 0x110;
constexpr std::uintptr_t bus_mode = 0x1000, tx_poll = 0x1004, rx_poll = 0x1008, rx_list = 0x100C,
                         tx_list = 0x1010, dma_mode = 0x1018, missed_frames = 0x1020;

constexpr unsigned settle_reads = 40;  // four cycles of a 2.5 MHz clock

// Descriptors.
constexpr std::uint32_t own = 1u << 31, error = 1u << 15;
constexpr std::uint32_t rx_first = 1u << 9, rx_last = 1u << 8, rx_end_of_ring = 1u << 15;
constexpr std::uint32_t tx_last = 1u << 29, tx_first = 1u << 28, tx_end_of_ring = 1u << 21;

}  // namespace

// The MAC takes a write over in its own, slower clock: a second one too early would be lost.
void Stm32f7Chip::set_mac(std::uintptr_t offset, std::uint32_t value) {
  at(base + offset) = value;
  for (unsigned i = 0; i < settle_reads; ++i) take(at(base + offset));
}

void Stm32f7Chip::write_mode(const phy::LinkMode& mode) {
  constexpr std::uint32_t must_be_one = 1u << 15, transmit = 1u << 3, receive = 1u << 2;
  constexpr std::uint32_t full_duplex = 1u << 11, ignore_own = 1u << 13;
  set_mac(mac_config, must_be_one | transmit | receive | (mode.is_fast ? 1u << 14 : 0) |
                          (mode.is_full_duplex ? full_duplex : ignore_own));
}

void Stm32f7Chip::start_mac(const MacAddress& mac, const phy::LinkMode& mode) {
  // What the counters of the MAC reach, and wake-up frames and time stamps, must not interrupt.
  at(base + counter_rx_mask) = (1u << 17) | (1u << 6) | (1u << 5);
  at(base + counter_tx_mask) = (1u << 21) | (1u << 15) | (1u << 14);
  at(base + mac_interrupt_mask) = (1u << 9) | (1u << 3);
  set_mac(address_high, high_of(mac));
  set_mac(address_low, low_of(mac));  // the address counts from this write on
  set_mac(mac_filter, 1u << 4);       // all multicast: lwIP filters what it did not join
  write_mode(mode);
}

void Stm32f7Chip::start_rings(DmaMemory& memory) {
  for (std::size_t i = 0; i < dma_rx_count; ++i) {
    DmaDescriptor& one = memory.rx[i];
    one.word[1] =
        static_cast<std::uint32_t>(dma_buffer_size) | (i + 1 == dma_rx_count ? rx_end_of_ring : 0);
    one.word[2] = dma::address(&memory.rx_buffers[i]);
    one.word[3] = 0;
    one.word[0] = own;
  }
  for (std::size_t i = 0; i < dma_tx_count; ++i) {
    DmaDescriptor& one = memory.tx[i];
    for (volatile std::uint32_t& word : one.word) word = 0;
    one.word[2] = dma::address(&memory.tx_buffers[i]);
  }
  dma::order();
  // Bursts of 32 each way, of fixed length, on aligned addresses.
  set_mac(bus_mode, (1u << 25) | (32u << 17) | (1u << 23) | (1u << 16) | (32u << 8));
  at(base + rx_list) = dma::address(memory.rx);
  at(base + tx_list) = dma::address(memory.tx);
  at(base + status) = all_events;
  // Whole frames both ways, damaged ones too so that they are counted; start.
  set_mac(dma_mode, (1u << 25) | (1u << 21) | (1u << 13) | (1u << 7) | (1u << 2) | (1u << 1));
}

std::uint32_t Stm32f7Chip::take_missed() {
  const std::uint32_t missed = at(base + missed_frames);  // reading clears them
  return (missed & 0xFFFF) + ((missed >> 17) & 0x7FF);
}

bool Stm32f7Chip::has_arrived(const DmaMemory& memory, std::size_t index) {
  return !(memory.rx[index].word[0] & own);
}

DmaArrival Stm32f7Chip::arrival(const DmaMemory& memory, std::size_t index) {
  const std::uint32_t said = memory.rx[index].word[0];
  return {(said >> 16) & 0x3FFF, (said & rx_first) != 0, (said & rx_last) != 0,
          (said & error) != 0};
}

void Stm32f7Chip::give_back(DmaMemory& memory, std::size_t index) {
  dma::order();
  memory.rx[index].word[0] = own;
  dma::order();
  at(base + rx_poll) = 1;
}

bool Stm32f7Chip::has_room(const DmaMemory& memory, std::size_t index) {
  return !(memory.tx[index].word[0] & own);
}

bool Stm32f7Chip::was_given_up(const DmaMemory& memory, std::size_t index) {
  return memory.tx[index].word[0] & error;
}

void Stm32f7Chip::send(DmaMemory& memory, std::size_t index, std::size_t size) {
  DmaDescriptor& one = memory.tx[index];
  one.word[1] = static_cast<std::uint32_t>(size);
  dma::order();
  one.word[0] = own | tx_first | tx_last | (index + 1 == dma_tx_count ? tx_end_of_ring : 0);
  dma::order();
  at(base + tx_poll) = 1;
}

template class Stm32Ethernet<Stm32f7Chip>;

}  // namespace firmware::drivers
