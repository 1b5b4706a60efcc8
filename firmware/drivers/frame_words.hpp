// Frames as the bytes of a 32-bit FIFO: the pieces of a frame need not end on a word.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "arch/cortex_m/registers.hpp"

namespace firmware::drivers {

class FifoWriter {
 public:
  explicit constexpr FifoWriter(std::uintptr_t fifo) : fifo_(fifo) {}

  void write(const std::uint8_t* data, std::size_t size) {
    while (size > 0 && count_ > 0) put(*data++), --size;
    for (; size >= 4; size -= 4, data += 4) {
      std::uint32_t word;
      std::memcpy(&word, data, 4);
      at(fifo_) = word;
    }
    while (size > 0) put(*data++), --size;
  }
  void finish() {  // the last word, filled with zeros
    while (count_ > 0) put(0);
  }

 private:
  void put(std::uint8_t byte) {
    word_ |= std::uint32_t{byte} << (8 * count_);
    if (++count_ < 4) return;
    at(fifo_) = word_;
    word_ = 0;
    count_ = 0;
  }
  std::uintptr_t fifo_;
  std::uint32_t word_ = 0;
  unsigned count_ = 0;  // bytes in word_
};

class FifoReader {
 public:
  constexpr FifoReader() = default;
  // `words` are in the FIFO; the low `count` bytes of `first` come before them.
  FifoReader(std::uintptr_t fifo, std::size_t words, std::uint32_t first = 0, unsigned count = 0)
      : fifo_(fifo), words_(words), word_(first), count_(count) {}

  void read(std::uint8_t* data, std::size_t size) {
    while (size > 0 && count_ > 0) *data++ = get(), --size;
    for (; size >= 4; size -= 4, data += 4) {
      const std::uint32_t word = next();
      std::memcpy(data, &word, 4);
    }
    while (size > 0) *data++ = get(), --size;
  }
  void skip_rest() {
    while (words_ > 0) next();
    count_ = 0;
  }

 private:
  std::uint32_t next() {
    --words_;
    return at(fifo_);
  }
  std::uint8_t get() {
    if (count_ == 0) {
      word_ = next();
      count_ = 4;
    }
    const auto byte = static_cast<std::uint8_t>(word_);
    word_ >>= 8;
    --count_;
    return byte;
  }
  std::uintptr_t fifo_ = 0;
  std::size_t words_ = 0;  // still in the FIFO
  std::uint32_t word_ = 0;
  unsigned count_ = 0;  // bytes left of word_
};

}  // namespace firmware::drivers
