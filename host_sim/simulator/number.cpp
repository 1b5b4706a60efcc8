// Decimal numbers with a unit.
#include "number.hpp"

namespace host_sim {
namespace {

bool is_digit(char character) { return character >= '0' && character <= '9'; }

}  // namespace

std::optional<uint64_t> Decimal::times(uint64_t size, uint64_t limit) const {
  const auto product = static_cast<unsigned __int128>(digits) * size;
  if (product % divisor != 0 || product / divisor > limit) return std::nullopt;
  return static_cast<uint64_t>(product / divisor);
}

std::optional<Decimal> split_number(std::string_view text) {
  Decimal number{0, 1, {}};
  size_t index = 0, digit_count = 0, decimal_count = 0;
  bool point = false;
  for (; index < text.size(); ++index) {
    if (text[index] == '.' && !point && digit_count > 0) {
      point = true;
      continue;
    }
    if (!is_digit(text[index])) break;
    if (point && ++decimal_count > 9) return std::nullopt;
    if (++digit_count > 18) return std::nullopt;
    number.digits = number.digits * 10 + static_cast<uint64_t>(text[index] - '0');
    if (point) number.divisor *= 10;
  }
  if (digit_count == 0 || (point && decimal_count == 0)) return std::nullopt;
  number.unit = text.substr(index);
  return number;
}

std::string format_decimal(uint64_t value, uint64_t divisor) {
  std::string text = std::to_string(value / divisor);
  uint64_t rest = value % divisor;
  if (rest == 0) return text;
  text += '.';
  while (rest != 0) {
    rest *= 10;
    text += static_cast<char>('0' + rest / divisor);
    rest %= divisor;
  }
  return text;
}

std::optional<uint64_t> parse_count(std::string_view text, uint64_t lowest, uint64_t highest) {
  const auto number = split_number(text);
  if (!number || number->divisor != 1 || !number->unit.empty()) return std::nullopt;
  if (number->digits < lowest || number->digits > highest) return std::nullopt;
  return number->digits;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace host_sim
