// Text without a heap: lines put together from pieces, and received bytes made fit to be shown.
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>

#include <twinsock/bytes.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

// One line of bounded length; what does not fit is cut off. Line("size ", 17) is "size 17".
template <std::size_t N = 80>
class Line {
 public:
  template <class... Pieces>
  explicit Line(const Pieces&... pieces) {
    (add(pieces), ...);
  }
  void add(std::string_view text) {
    for (const char c : text) {
      if (size_ < N) chars_[size_++] = c;
    }
  }
  template <std::integral Number>
  requires(!std::same_as<Number, char> && !std::same_as<Number, bool>) void add(Number number) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    add(std::string_view(digits, static_cast<std::size_t>(end - digits)));
  }
  operator std::string_view() const { return {chars_.data(), size_}; }

 private:
  std::array<char, N> chars_;
  std::size_t size_ = 0;
};

// Eight digits, lower case.
struct Hex {
  explicit Hex(std::uint32_t value);
  operator std::string_view() const { return {digits, sizeof digits}; }
  char digits[8];
};

enum class Utf8 : std::uint8_t { valid, cut_short, malformed };
// Strict (RFC 3629): no overlong forms, no surrogates. cut_short: valid so far, but the last
// character lacks bytes.
Utf8 check_utf8(std::string_view text);

// Puts a '.' for each byte that is no part of valid UTF-8 and for each control character, so that
// whatever a peer sends stays one line and cannot steer a terminal.
void make_printable(std::span<char> text);

// The first `limit` bytes of it at most, without the part of a character at their end.
std::string_view whole_characters(std::string_view text, std::size_t limit);

std::string_view without_line_end(std::string_view text);  // of people who type into netcat

// Room for one message of the text exchanges, with what is put before it in an answer or a report.
class Message {
 public:
  static constexpr std::size_t limit = 1024;

  MutableBytes room() { return {chars_ + prefix_size, limit}; }
  void set_size(std::size_t size) { size_ = size; }
  std::string_view text() const { return {chars_ + prefix_size, size_}; }
  bool is(std::string_view word) const { return without_line_end(text()) == word; }

  std::string_view answer();  // "you said: TEXT"
  // TEXT and "received: TEXT", printable; both alter text().
  std::string_view shown();
  std::string_view report();
  // "sent: LINE", printable, for a line that fits and may be in room(); the message is gone.
  std::string_view report_sent(std::string_view line);

 private:
  static constexpr std::size_t prefix_size = 10;
  char chars_[prefix_size + limit];
  std::size_t size_ = 0;
};

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
