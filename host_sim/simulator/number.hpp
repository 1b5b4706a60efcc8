// Decimal numbers with a unit, in integer arithmetic: "1.5s" is exactly 1,500,000,000 ns.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace host_sim {

struct Decimal {
  uint64_t digits;   // 15 of "1.5"
  uint64_t divisor;  // 10
  std::string_view unit;

  // The value in a unit `size` times smaller; nothing if it is no integer or above `limit`.
  std::optional<uint64_t> times(uint64_t size, uint64_t limit) const;
};

// Digits with at most nine decimals, then letters; no sign, no blank, no exponent.
std::optional<Decimal> split_number(std::string_view text);

// value / divisor (a power of ten) without trailing zeros: "1.5", "20".
std::string format_decimal(uint64_t value, uint64_t divisor);

// Digits alone, within [lowest, highest].
std::optional<uint64_t> parse_count(std::string_view text, uint64_t lowest, uint64_t highest);

std::string_view trim(std::string_view text);

}  // namespace host_sim
