// Faults as people write them, in options and files: every value with its unit, nothing clipped.
#include <algorithm>
#include <array>

#include <host_sim/faults.hpp>

#include "number.hpp"

namespace host_sim {
namespace {

constexpr std::array<FaultSetting, 13> kAll{{
    {"loss", "PERCENT", "0% to 100%", "each frame is lost with this chance"},
    {"burst", "ENTER,LEAVE[,LOSS]", "0% to 100% each, LEAVE above 0%",
     "bursts of loss begin and end with these chances a frame (Gilbert-Elliott); within one, LOSS "
     "of the frames are lost (100%)"},
    {"delay", "TIME", "0ms to 1h", "each frame takes this long"},
    {"jitter", "TIME", "0ms to 1h", "and up to this much longer, in order"},
    {"reorder", "PERCENT", "0% to 100%", "each frame is held back with this chance"},
    {"reorder-delay", "TIME", "1ns to 1h", "for up to this long (5ms)"},
    {"duplicate", "PERCENT", "0% to 100%", "each frame comes twice with this chance"},
    {"corrupt", "PERCENT", "0% to 100%", "one to three bits of a frame turn with this chance"},
    {"rate", "RATE", "1kbit to 1000Gbit, or unlimited", "bits a second (100Mbit)"},
    {"queue", "FRAMES", "1 to 1000000", "frames that may wait for the wire (1000)"},
    {"mtu", "BYTES", "68 to 1986", "longer frames are lost (1500)"},
    {"partition", "AT,LENGTH[,every:PERIOD][,out|in]", "times; LENGTH may be forever",
     "frames are lost silently from AT on, for LENGTH"},
    {"down", "AT,LENGTH[,every:PERIOD]", "times; LENGTH may be forever",
     "the cable is down from AT on, for LENGTH, and both ends see it"},
}};

Error wrong(std::string_view text, const char* what, const char* allowed) {
  return {"'" + std::string(text) + "' is no " + what + ": allowed is " + allowed};
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.push_back(trim(text.substr(0, end)));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

template <typename Value, typename Field>
Expected<void> assign(Field& field, Expected<Value> value) {
  if (!value) return Error{value.error()};
  field = static_cast<Field>(*value);
  return {};
}

Expected<void> assign_count(uint32_t& field, std::string_view text, const char* what,
                            uint64_t lowest, uint64_t highest, const char* allowed) {
  const auto count = parse_count(text, lowest, highest);
  if (!count) return wrong(text, what, allowed);
  field = static_cast<uint32_t>(*count);
  return {};
}

Expected<BurstLoss> parse_burst(std::string_view text) {
  const auto parts = split(text, ',');
  if (parts.size() < 2 || parts.size() > 3) {
    return wrong(text, "burst loss", "ENTER,LEAVE[,LOSS], as in 1%,30%");
  }
  BurstLoss burst;
  Probability* const fields[] = {&burst.enter, &burst.leave, &burst.loss};
  for (size_t index = 0; index < parts.size(); ++index) {
    auto value = parse_probability(parts[index]);
    if (!value) return Error{value.error()};
    *fields[index] = *value;
  }
  return burst;
}

Expected<void> add_outage(std::vector<Outage>& outages, std::string_view text) {
  auto outage = parse_outage(text);
  if (!outage) return Error{outage.error()};
  outages.push_back(*outage);
  return {};
}

Expected<void> assign_fault(Faults& faults, std::string_view name, std::string_view value) {
  if (name == "loss") return assign(faults.loss, parse_probability(value));
  if (name == "burst") return assign(faults.burst, parse_burst(value));
  if (name == "delay") return assign(faults.delay, parse_duration(value));
  if (name == "jitter") return assign(faults.jitter, parse_duration(value));
  if (name == "reorder") return assign(faults.reorder, parse_probability(value));
  if (name == "reorder-delay") return assign(faults.reorder_delay, parse_duration(value));
  if (name == "duplicate") return assign(faults.duplicate, parse_probability(value));
  if (name == "corrupt") return assign(faults.corrupt, parse_probability(value));
  if (name == "rate") return assign(faults.rate_bps, parse_rate(value));
  if (name == "queue") {
    return assign_count(faults.queue, value, "queue", 1, 1'000'000, "1 to 1000000 frames");
  }
  if (name == "mtu") return assign_count(faults.mtu, value, "mtu", 68, 1986, "68 to 1986 bytes");
  if (name == "partition") return add_outage(faults.partitions, value);
  if (name == "down") return add_outage(faults.downs, value);
  std::string known;
  for (const FaultSetting& setting : kAll)
    known += std::string(known.empty() ? "" : ", ") + setting.name;
  return Error{"unknown fault '" + std::string(name) + "': allowed are " + known};
}

}  // namespace

std::span<const FaultSetting> fault_settings() { return kAll; }

Expected<void> set_fault(Faults& faults, std::string_view name, std::string_view value) {
  Faults changed = faults;
  auto result = assign_fault(changed, name, value);
  if (!result) {
    const bool known = std::any_of(kAll.begin(), kAll.end(), [&](const FaultSetting& setting) {
      return name == setting.name;
    });
    return Error{known ? std::string(name) + ": " + result.error() : result.error()};
  }
  faults = std::move(changed);
  return {};
}

Expected<Faults> parse_faults(std::string_view text, const Faults& base) {
  Faults faults = base;
  std::vector<std::string_view> seen;
  while (!(text = trim(text)).empty()) {
    const size_t end = text.find_first_of(" \t");
    const std::string_view setting = text.substr(0, end);
    text.remove_prefix(std::min(end, text.size()));
    const size_t equals = setting.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == setting.size()) {
      return wrong(setting, "fault", "NAME=VALUE, as in loss=5%");
    }
    const std::string_view name = setting.substr(0, equals);
    if (std::find(seen.begin(), seen.end(), name) != seen.end() && name != "partition" &&
        name != "down") {
      return Error{"'" + std::string(name) + "' is set twice; allowed is once"};
    }
    seen.push_back(name);
    if (auto result = set_fault(faults, name, setting.substr(equals + 1)); !result) {
      return Error{result.error()};
    }
  }
  if (auto result = check_faults(faults); !result) return Error{result.error()};
  return faults;
}

std::string format_faults(const Faults& faults) {
  const Faults good;
  std::string text;
  const auto add = [&](const char* name, const std::string& value) {
    text += (text.empty() ? "" : " ") + std::string(name) + "=" + value;
  };
  if (faults.loss != good.loss) add("loss", format_probability(faults.loss));
  if (faults.burst != good.burst) {
    std::string burst =
        format_probability(faults.burst.enter) + "," + format_probability(faults.burst.leave);
    if (faults.burst.loss != always) burst += "," + format_probability(faults.burst.loss);
    add("burst", burst);
  }
  if (faults.delay != good.delay) add("delay", format_duration(faults.delay));
  if (faults.jitter != good.jitter) add("jitter", format_duration(faults.jitter));
  if (faults.reorder != good.reorder) add("reorder", format_probability(faults.reorder));
  if (faults.reorder_delay != good.reorder_delay) {
    add("reorder-delay", format_duration(faults.reorder_delay));
  }
  if (faults.duplicate != good.duplicate) add("duplicate", format_probability(faults.duplicate));
  if (faults.corrupt != good.corrupt) add("corrupt", format_probability(faults.corrupt));
  if (faults.rate_bps != good.rate_bps) add("rate", format_rate(faults.rate_bps));
  if (faults.queue != good.queue) add("queue", std::to_string(faults.queue));
  if (faults.mtu != good.mtu) add("mtu", std::to_string(faults.mtu));
  for (const Outage& outage : faults.partitions) add("partition", format_outage(outage));
  for (const Outage& outage : faults.downs) add("down", format_outage(outage));
  return text;
}

}  // namespace host_sim
