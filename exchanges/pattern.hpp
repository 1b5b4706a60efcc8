// What the exchanges send when only the content counts: patterns, and a digest to compare them by.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <twinsock/bytes.hpp>

#include "text.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

// The messages of tcp_echo and udp_echo: numbers 1 to 1,200 of those sizes, then bursts of five.
// Their contents differ, so that a byte out of place, or an answer out of turn, shows.
inline constexpr int single_count = 1200;
inline constexpr std::uint16_t burst_sizes[] = {100, 200, 300, 120, 480};
inline constexpr int burst_length = 5;
inline constexpr int burst_count = 4;
inline constexpr int message_count = single_count + burst_length * burst_count;
inline constexpr std::size_t longest_message = 1200;

constexpr std::size_t message_size(int number) {
  if (number <= single_count) return static_cast<std::size_t>(number);
  return burst_sizes[(number - single_count - 1) % burst_length];
}
constexpr std::uint8_t message_byte(int number, std::size_t index) {
  return static_cast<std::uint8_t>(static_cast<std::size_t>(number) * 31 + index * 7 + index / 256);
}

// Writes message `number` to the front of `buffer`, which must be large enough; gives that part.
MutableBytes fill_message(MutableBytes buffer, int number);
// Messages go out in rounds, the next when all of one is back: a size by itself, a burst together.
constexpr int last_of_round(int first) {
  return first <= single_count ? first : first + burst_length - 1;
}
Line<24> round_name(int first);  // "size 17", "burst 2"

// The first place where `got` is not the message of that number; got.size() if there is none.
std::size_t first_difference(Bytes got, int number);

// The endless stream of tcp_bulk: a linear congruential generator's high bytes.
class Stream {
 public:
  std::byte next() {
    state_ = state_ * 1664525u + 1013904223u;
    return static_cast<std::byte>(state_ >> 24);
  }

 private:
  std::uint32_t state_ = 1;
};

// FNV-1a, 32 bits.
class Digest {
 public:
  void add(Bytes bytes) {
    for (const std::byte b : bytes) {
      value_ = (value_ ^ static_cast<std::uint32_t>(b)) * 16777619u;
    }
  }
  std::uint32_t value() const { return value_; }

 private:
  std::uint32_t value_ = 2166136261u;
};

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
