// The values of faults and their text: chances, rates, outages.
#include <host_sim/faults.hpp>

#include "number.hpp"

namespace host_sim {
namespace {

struct RateUnit {
  const char* name;
  uint64_t size_bps;
};
constexpr RateUnit kRateUnits[] = {
    {"Gbit", 1'000'000'000}, {"Mbit", 1'000'000}, {"kbit", 1'000}, {"bit", 1}};

Error wrong_outage(std::string_view text) {
  return {"'" + std::string(text) +
          "' is no outage: allowed is AT,LENGTH[,every:PERIOD][,out|in], as in 2s,10s; LENGTH may "
          "be forever, PERIOD is longer than LENGTH"};
}

}  // namespace

Expected<Probability> parse_probability(std::string_view text) {
  const auto number = split_number(text);
  if (number && number->unit == "%") {
    if (const auto value = number->times(10'000'000, always.per_billion)) {
      return Probability{static_cast<uint32_t>(*value)};
    }
  }
  return Error{"'" + std::string(text) +
               "' is no chance: allowed is 0% to 100%, with at most seven decimals"};
}

std::string format_probability(Probability probability) {
  return format_decimal(probability.per_billion, 10'000'000) + "%";
}

Expected<uint64_t> parse_rate(std::string_view text) {
  if (text == "unlimited") return uint64_t{0};
  if (const auto number = split_number(text)) {
    for (const RateUnit& unit : kRateUnits) {
      if (number->unit != unit.name) continue;
      const auto value = number->times(unit.size_bps, 1'000'000'000'000);
      if (value && *value >= 1'000) return *value;
    }
  }
  return Error{"'" + std::string(text) +
               "' is no rate: allowed is 1kbit to 1000Gbit (bit, kbit, Mbit, Gbit a second), or "
               "unlimited"};
}

std::string format_rate(uint64_t rate_bps) {
  if (rate_bps == 0) return "unlimited";
  for (const RateUnit& unit : kRateUnits) {
    if (rate_bps % unit.size_bps == 0) return std::to_string(rate_bps / unit.size_bps) + unit.name;
  }
  return {};
}

Expected<Outage> parse_outage(std::string_view text) {
  Outage outage;
  std::string_view rest = text;
  bool has_every = false, has_way = false;
  for (size_t part_index = 0; part_index == 0 || !rest.empty(); ++part_index) {
    const size_t end = rest.find(',');
    const std::string_view part = trim(rest.substr(0, end));
    if (end != std::string_view::npos && end + 1 == rest.size()) return wrong_outage(text);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    if (part_index >= 2 && (part == "out" || part == "in") && !has_way) {
      outage.way = part == "out" ? Way::out : Way::in;
      has_way = true;
      continue;
    }
    const bool every = part_index >= 2 && part.starts_with("every:") && !has_every;
    if (part_index >= 2 && !every) return wrong_outage(text);
    if (part_index == 1 && part == "forever") {
      outage.length = forever;
      continue;
    }
    auto duration = parse_duration(every ? part.substr(6) : part);
    if (!duration) return Error{duration.error()};
    (part_index == 0 ? outage.at : every ? outage.every : outage.length) = *duration;
    has_every = has_every || every;
  }
  const bool bad = outage.length <= Duration(0) || (has_every && outage.every <= outage.length);
  if (bad) return wrong_outage(text);
  return outage;
}

std::string format_outage(const Outage& outage) {
  std::string text = format_duration(outage.at) + "," + format_duration(outage.length);
  if (outage.every != Duration(0)) text += ",every:" + format_duration(outage.every);
  if (outage.way != Way::both) text += outage.way == Way::out ? ",out" : ",in";
  return text;
}

}  // namespace host_sim
