// Register and descriptor work of the STM32H7's Ethernet.
//
// Invariants: the DMA reads a descriptor in several accesses, so it must never look at one that is
// being written. It looks at none from the tail pointer on: the tail is moved only after all of a
// descriptor is in memory, and the one descriptor at the tail of each ring is never the DMA's.
// Every descriptor handed over moves the tail, because only a change of it wakes the DMA.
#include "drivers/stm32h7_ethernet.hpp"

#include "drivers/stm32_ethernet_turns.hpp"

namespace firmware::drivers {
namespace {

constexpr std::uintptr_t mac_config = 0x0000, mac_filter = 0x0008, address_high = 0x0300,
                         address_low = 0x0304, counter_rx_mask = 0x070C, counter_tx_mask = 0x0710;
constexpr std::uintptr_t tx_queue_mode = 0x0D00, rx_queue_mode = 0x0D30, rx_queue_missed = 0x0D34;
constexpr std::uintptr_t bus_mode = 0x1004, channel_control = 0x1100, tx_control = 0x1104,
                         rx_control = 0x1108, tx_list = 0x1114, rx_list = 0x111C, tx_tail = 0x1120,
                         rx_tail = 0x1128, tx_ring = 0x112C, rx_ring = 0x1130,
                         missed_frames = 0x116C;

// Descriptors, word 3; a buffer's interrupt is asked for in bit 30.
constexpr std::uint32_t own = 1u << 31, interrupt = 1u << 30, first = 1u << 29, last = 1u << 28,
                        buffer_valid = 1u << 24, error = 1u << 15, size_mask = 0x7FFF;

}  // namespace

void Stm32h7Chip::write_mode(const phy::LinkMode& mode) {
  constexpr std::uint32_t must_be_one = 1u << 15, transmit = 1u << 1, receive = 1u << 0;
  constexpr std::uint32_t full_duplex = 1u << 13, ignore_own = 1u << 10;
  at(base + mac_config) = must_be_one | transmit | receive | (mode.is_fast ? 1u << 14 : 0) |
                          (mode.is_full_duplex ? full_duplex : ignore_own);
}

void Stm32h7Chip::start_mac(const MacAddress& mac, const phy::LinkMode& mode) {
  // What the counters of the MAC reach must not interrupt.
  at(base + counter_rx_mask) = (1u << 27) | (1u << 26) | (1u << 17) | (1u << 6) | (1u << 5);
  at(base + counter_tx_mask) = (1u << 27) | (1u << 26) | (1u << 21) | (1u << 15) | (1u << 14);
  at(base + address_high) = high_of(mac);
  at(base + address_low) = low_of(mac);  // the address counts from this write on
  at(base + mac_filter) = 1u << 4;       // all multicast: lwIP filters what it did not join
  // Whole frames both ways, damaged ones too so that they are counted.
  at(base + tx_queue_mode) = at(base + tx_queue_mode) | (1u << 1);
  at(base + rx_queue_mode) = at(base + rx_queue_mode) | (1u << 5) | (1u << 4);
  write_mode(mode);
}

void Stm32h7Chip::fill_rx(DmaMemory& memory, std::size_t index) {
  DmaDescriptor& one = memory.rx[index];
  one.word[0] = dma::address(&memory.rx_buffers[index]);  // the DMA writes over all four
  one.word[1] = 0;
  one.word[2] = 0;
  one.word[3] = own | interrupt | buffer_valid;
}

void Stm32h7Chip::start_rings(DmaMemory& memory) {
  for (std::size_t i = 0; i + 1 < dma_rx_count; ++i) fill_rx(memory, i);
  memory.rx[dma_rx_count - 1].word[3] = 0;  // the one at the tail
  for (DmaDescriptor& one : memory.tx) {
    for (volatile std::uint32_t& word : one.word) word = 0;
  }
  dma::order();
  at(base + bus_mode) = (1u << 12) | 1;  // bursts of fixed length on aligned addresses
  at(base + channel_control) = 0;        // one descriptor after the other
  at(base + rx_list) = dma::address(memory.rx);
  at(base + tx_list) = dma::address(memory.tx);
  at(base + rx_ring) = dma_rx_count - 1;
  at(base + tx_ring) = dma_tx_count - 1;
  at(base + status) = all_events;
  // Bursts of 32; start.
  at(base + tx_control) = (32u << 16) | (1u << 4) | 1;
  at(base + rx_control) = (32u << 16) | (static_cast<std::uint32_t>(dma_buffer_size) << 1) | 1;
  at(base + tx_tail) = dma::address(memory.tx);
  at(base + rx_tail) = dma::address(&memory.rx[dma_rx_count - 1]);
}

// Both are cleared by the reading: no descriptor, no room in the queue.
std::uint32_t Stm32h7Chip::take_missed() {
  return (at(base + missed_frames) & 0x7FF) + (at(base + rx_queue_missed) & 0x7FF);
}

bool Stm32h7Chip::has_arrived(const DmaMemory& memory, std::size_t index) {
  return !(memory.rx[index].word[3] & own);
}

DmaArrival Stm32h7Chip::arrival(const DmaMemory& memory, std::size_t index) {
  const std::uint32_t said = memory.rx[index].word[3];
  return {said & size_mask, (said & first) != 0, (said & last) != 0, (said & error) != 0};
}

void Stm32h7Chip::give_back(DmaMemory& memory, std::size_t index) {
  fill_rx(memory, (index + dma_rx_count - 1) % dma_rx_count);  // the one that was at the tail
  dma::order();
  at(base + rx_tail) = dma::address(&memory.rx[index]);
}

// The one after must be back too: it comes to the tail.
bool Stm32h7Chip::has_room(const DmaMemory& memory, std::size_t index) {
  return !(memory.tx[(index + 1) % dma_tx_count].word[3] & own);
}

bool Stm32h7Chip::was_given_up(const DmaMemory& memory, std::size_t index) {
  return memory.tx[index].word[3] & error;
}

void Stm32h7Chip::send(DmaMemory& memory, std::size_t index, std::size_t size) {
  DmaDescriptor& one = memory.tx[index];
  one.word[0] = dma::address(&memory.tx_buffers[index]);
  one.word[1] = 0;
  one.word[2] = static_cast<std::uint32_t>(size);
  one.word[3] = own | first | last | static_cast<std::uint32_t>(size);
  dma::order();
  at(base + tx_tail) = dma::address(&memory.tx[(index + 1) % dma_tx_count]);
}

template class Stm32Ethernet<Stm32h7Chip>;

}  // namespace firmware::drivers
