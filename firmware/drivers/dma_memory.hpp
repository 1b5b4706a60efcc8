// What an Ethernet DMA and the core share: two rings of descriptors, and a buffer for each. It must
// lie where the DMA reaches, and out of the data cache.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "drivers/ethernet.hpp"

namespace firmware::drivers {

inline constexpr std::size_t frame_checksum_size = 4;
inline constexpr std::size_t dma_rx_count = 15, dma_tx_count = 6;
inline constexpr std::size_t dma_buffer_size = 1536;  // whole cache lines
static_assert(dma_buffer_size >= longest_frame + frame_checksum_size && dma_buffer_size % 32 == 0);

struct DmaDescriptor {
  volatile std::uint32_t word[4];
};

struct alignas(32) DmaBuffer {
  std::uint8_t bytes[dma_buffer_size];
};

struct DmaMemory {
  DmaDescriptor rx[dma_rx_count], tx[dma_tx_count];
  DmaBuffer rx_buffers[dma_rx_count], tx_buffers[dma_tx_count];
};
static_assert(sizeof(DmaMemory) <= 32 * 1024);

// The bytes of one buffer, taken or put in as many pieces as wanted.
class DmaCursor {
 public:
  constexpr DmaCursor() = default;
  DmaCursor(DmaBuffer& buffer, std::size_t size) : next_(buffer.bytes), left_(size) {}

  void read(std::uint8_t* to, std::size_t size) {
    std::memcpy(to, next_, take(size));
    next_ += size;
  }
  void write(const std::uint8_t* from, std::size_t size) {
    std::memcpy(next_, from, take(size));
    next_ += size;
  }

 private:
  std::size_t take(std::size_t& size) {
    if (size > left_) size = left_;
    left_ -= size;
    return size;
  }
  std::uint8_t* next_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace firmware::drivers
