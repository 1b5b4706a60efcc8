// Durations and their text, exact to the nanosecond.
#include <array>
#include <cstdio>

#include <host_sim/time.hpp>

#include "number.hpp"

namespace host_sim {
namespace {

struct Unit {
  const char* name;
  uint64_t size_ns;
};
constexpr std::array<Unit, 8> kUnits{{{"d", 86'400'000'000'000},
                                      {"h", 3'600'000'000'000},
                                      {"min", 60'000'000'000},
                                      {"s", 1'000'000'000},
                                      {"ms", 1'000'000},
                                      {"us", 1'000},
                                      {"ns", 1},
                                      {"m", 0}}};  // refused by name: a minute is min
constexpr uint64_t kLongest = 10'000 * kUnits[0].size_ns;

Error wrong_duration(std::string_view text) {
  return {"'" + std::string(text) +
          "' is no duration: allowed are numbers with ns, us, ms, s, min, h or d, as in 20ms or "
          "1.5s, up to 10000d"};
}

}  // namespace

Expected<Duration> parse_duration(std::string_view text) {
  const auto number = split_number(text);
  if (!number) return wrong_duration(text);
  for (const Unit& unit : kUnits) {
    if (number->unit != unit.name || unit.size_ns == 0) continue;
    const auto value = number->times(unit.size_ns, kLongest);
    if (!value) return wrong_duration(text);
    return Duration(static_cast<int64_t>(*value));
  }
  return wrong_duration(text);
}

std::string format_duration(Duration duration) {
  if (duration == forever) return "forever";
  const auto count = duration.count();
  const uint64_t size = count < 0 ? 0 - static_cast<uint64_t>(count) : static_cast<uint64_t>(count);
  if (size == 0) return "0s";
  const std::string sign = count < 0 ? "-" : "";
  for (const Unit& unit : kUnits) {
    if (unit.size_ns != 0 && size % unit.size_ns == 0) {
      return sign + std::to_string(size / unit.size_ns) + unit.name;
    }
    // 1.5s reads better than 1500000us: up to three decimals of what is at least one unit.
    const bool decimal = unit.size_ns <= 1'000'000'000 && unit.size_ns >= 1'000;
    if (decimal && size > unit.size_ns && size % (unit.size_ns / 1'000) == 0) {
      return sign + format_decimal(size / (unit.size_ns / 1'000), 1'000) + unit.name;
    }
  }
  return sign + std::to_string(size) + "ns";
}

std::string format_instant(Instant instant) {
  char text[40];
  std::snprintf(text, sizeof text, "%lld.%09lld",
                static_cast<long long>(instant.count() / 1'000'000'000),
                static_cast<long long>(instant.count() % 1'000'000'000));
  return text;
}

}  // namespace host_sim
