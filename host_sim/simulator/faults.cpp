// Which faults are allowed, and when an outage holds.
#include <host_sim/faults.hpp>

namespace host_sim {
namespace {

constexpr Duration kLongestDelay = 1h;

Error out_of_range(const std::string& name, const std::string& value, const std::string& allowed) {
  return {name + "=" + value + ": allowed is " + allowed};
}

Expected<void> check_duration(const char* name, Duration value, Duration lowest) {
  if (value >= lowest && value <= kLongestDelay) return {};
  return out_of_range(name, format_duration(value), format_duration(lowest) + " to 1h");
}

Expected<void> check_outages(const char* name, const std::vector<Outage>& outages) {
  for (const Outage& outage : outages) {
    const bool bad = outage.at < Duration(0) || outage.length <= Duration(0) ||
                     outage.every < Duration(0) ||
                     (outage.every != Duration(0) && outage.every <= outage.length);
    if (bad) {
      return out_of_range(name, format_outage(outage),
                          "AT,LENGTH[,every:PERIOD] with a length above 0 and a longer period");
    }
  }
  return {};
}

Expected<void> check_probabilities(const Faults& faults) {
  const std::pair<const char*, Probability> chances[] = {
      {"loss", faults.loss},        {"burst", faults.burst.enter}, {"burst", faults.burst.leave},
      {"burst", faults.burst.loss}, {"reorder", faults.reorder},   {"duplicate", faults.duplicate},
      {"corrupt", faults.corrupt}};
  for (const auto& [name, chance] : chances) {
    if (chance.per_billion > always.per_billion) {
      return out_of_range(name, format_probability(chance), "0% to 100%");
    }
  }
  return {};
}

Expected<void> check_contradictions(const Faults& faults) {
  const BurstLoss& burst = faults.burst;
  if (burst.enter != Probability{} && burst.leave == Probability{}) {
    return Error{
        "burst: with a chance of 0% to leave, the first burst never ends; allowed is more "
        "than 0% (for a lasting failure use partition=AT,forever)"};
  }
  if (faults.rate_bps == 0 && faults.queue != Faults{}.queue) {
    return Error{"queue=" + std::to_string(faults.queue) +
                 " contradicts rate=unlimited: nothing ever waits; give a rate, or no queue"};
  }
  for (const Outage& down : faults.downs) {
    if (down.way != Way::both) {
      return Error{"down: a cable is down in both ways; for one way use partition"};
    }
  }
  return {};
}

}  // namespace

bool Outage::covers(Instant instant, Way direction) const {
  if (instant < at || (way != Way::both && way != direction)) return false;
  Duration since = instant - at;
  if (every != Duration(0)) since %= every;
  return since < length || length == forever;
}

Expected<void> check_faults(const Faults& faults) {
  if (auto result = check_probabilities(faults); !result) return result;
  if (auto result = check_duration("delay", faults.delay, 0ns); !result) return result;
  if (auto result = check_duration("jitter", faults.jitter, 0ns); !result) return result;
  if (auto result = check_duration("reorder-delay", faults.reorder_delay, 1ns); !result) {
    return result;
  }
  const uint64_t rate = faults.rate_bps;
  if (rate != 0 && (rate < 1'000 || rate > 1'000'000'000'000)) {
    return out_of_range("rate", format_rate(rate), "1kbit to 1000Gbit, or unlimited");
  }
  if (faults.queue < 1 || faults.queue > 1'000'000) {
    return out_of_range("queue", std::to_string(faults.queue), "1 to 1000000 frames");
  }
  if (faults.mtu < 68 || faults.mtu > 1986) {
    return out_of_range("mtu", std::to_string(faults.mtu), "68 to 1986 bytes");
  }
  if (auto result = check_outages("partition", faults.partitions); !result) return result;
  if (auto result = check_outages("down", faults.downs); !result) return result;
  return check_contradictions(faults);
}

}  // namespace host_sim
