// Text without a heap: UTF-8 checked strictly, reports that stay one line.
#include "text.hpp"

#include <cstdint>
#include <cstring>

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

namespace {

constexpr int malformed = 0;
constexpr int cut_short = -1;

// The length in bytes of the character that `text` begins with.
int character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  const int size = lead >= 0xc2 && lead <= 0xdf   ? 2
                   : lead >= 0xe0 && lead <= 0xef ? 3
                   : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                  : malformed;
  for (int i = 1; i < size; ++i) {
    if (text.size() <= static_cast<std::size_t>(i)) return cut_short;
    const std::uint8_t next = byte(static_cast<std::size_t>(i));
    std::uint8_t lowest = 0x80;
    std::uint8_t highest = 0xbf;
    if (i == 1 && lead == 0xe0) lowest = 0xa0;   // overlong
    if (i == 1 && lead == 0xed) highest = 0x9f;  // surrogates
    if (i == 1 && lead == 0xf0) lowest = 0x90;   // overlong
    if (i == 1 && lead == 0xf4) highest = 0x8f;  // beyond U+10FFFF
    if (next < lowest || next > highest) return malformed;
  }
  return size;
}

bool is_control(std::string_view character) {
  const auto lead = static_cast<std::uint8_t>(character[0]);
  if (character.size() == 2) return lead == 0xc2 && static_cast<std::uint8_t>(character[1]) < 0xa0;
  return lead < 0x20 || lead == 0x7f;
}

}  // namespace

Hex::Hex(std::uint32_t value) {
  for (int i = 7; i >= 0; --i, value >>= 4) digits[i] = "0123456789abcdef"[value & 15];
}

Utf8 check_utf8(std::string_view text) {
  while (!text.empty()) {
    const int size = character_size(text);
    if (size == cut_short) return Utf8::cut_short;
    if (size == malformed) return Utf8::malformed;
    text.remove_prefix(static_cast<std::size_t>(size));
  }
  return Utf8::valid;
}

void make_printable(std::span<char> text) {
  while (!text.empty()) {
    const std::string_view rest(text.data(), text.size());
    const int size = character_size(rest);
    const std::size_t step = size > 0 ? static_cast<std::size_t>(size) : 1;
    if (size <= 0 || is_control({text.data(), step})) std::memset(text.data(), '.', step);
    text = text.subspan(step);
  }
}

std::string_view whole_characters(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  while (limit > 0 && (static_cast<std::uint8_t>(text[limit]) & 0xc0) == 0x80) --limit;
  return {text.data(), limit};
}

std::string_view without_line_end(std::string_view text) {
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::string_view Message::answer() {
  std::memcpy(chars_, "you said: ", prefix_size);
  return {chars_, prefix_size + size_};
}

std::string_view Message::shown() {
  const std::string_view shown = without_line_end(text());
  make_printable({chars_ + prefix_size, shown.size()});
  return shown;
}

std::string_view Message::report() {
  std::memcpy(chars_, "received: ", prefix_size);
  return {chars_, prefix_size + shown().size()};
}

std::string_view Message::report_sent(std::string_view line) {
  constexpr std::string_view prefix = "sent: ";
  const std::size_t size = line.size() < limit ? line.size() : limit;
  std::memmove(chars_ + prefix.size(), line.data(), size);  // it may be in here
  std::memcpy(chars_, prefix.data(), prefix.size());
  make_printable({chars_ + prefix.size(), size});
  return {chars_, prefix.size() + size};
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
