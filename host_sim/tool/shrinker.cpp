// Fewer faults, then smaller ones.
#include "shrinker.hpp"

#include <algorithm>
#include <string>

#include <host_sim/faults.hpp>

namespace host_sim::tool {

namespace {

constexpr Probability smallest_chance{100'000};  // 0.01%
constexpr Duration smallest_time = std::chrono::microseconds(100);
constexpr std::uint64_t good_rate_bps = 100'000'000;

std::optional<std::string> half_chance(const std::string& value) {
  auto chance = parse_probability(value);
  if (!chance || chance->per_billion < 2 * smallest_chance.per_billion) return std::nullopt;
  // To hundredths of a percent, so that people can read it.
  chance->per_billion = chance->per_billion / 2 / 100'000 * 100'000;
  return format_probability(*chance);
}

std::optional<std::string> half_time(const std::string& value) {
  const auto time = parse_duration(value);
  if (!time || *time < 2 * smallest_time) return std::nullopt;
  return format_duration(std::chrono::floor<std::chrono::microseconds>(*time / 2));
}

std::optional<std::string> half_outage(const std::string& value) {
  auto outage = parse_outage(value);
  if (!outage || outage->length == forever || outage->length < 2 * smallest_time) {
    return std::nullopt;
  }
  outage->length = std::chrono::floor<std::chrono::microseconds>(outage->length / 2);
  return format_outage(*outage);
}

std::optional<std::string> half_burst(const std::string& value) {
  const std::size_t comma = value.find(',');
  if (comma == std::string::npos) return std::nullopt;
  const auto enter = half_chance(value.substr(0, comma));
  if (!enter) return std::nullopt;
  return *enter + value.substr(comma);
}

std::optional<std::string> twice_rate(const std::string& value) {
  const auto rate = parse_rate(value);
  if (!rate || *rate == 0 || *rate * 2 > good_rate_bps) return std::nullopt;
  return format_rate(*rate * 2);
}

std::optional<std::string> more_room(const std::string& value, unsigned good) {
  const unsigned long now = std::stoul(value);
  if (now >= good) return std::nullopt;
  return std::to_string(good == 1500 ? std::max((now + good) / 2, now + 1)
                                     : std::min<unsigned long>(now * 2, good));
}

std::optional<std::string> half_value(const std::string& name, const std::string& value) {
  if (name == "--loss" || name == "--reorder" || name == "--duplicate" || name == "--corrupt") {
    return half_chance(value);
  }
  if (name == "--delay" || name == "--jitter" || name == "--reorder-delay") return half_time(value);
  if (name == "--partition" || name == "--down") return half_outage(value);
  if (name == "--burst") return half_burst(value);
  if (name == "--rate") return twice_rate(value);
  if (name == "--queue") return more_room(value, 1000);
  if (name == "--mtu") return more_room(value, 1500);
  return std::nullopt;
}

}  // namespace

std::optional<GivenOption> halved(const GivenOption& option) {
  const auto value = half_value(option.name, option.value);
  if (!value || *value == option.value) return std::nullopt;
  return GivenOption{option.name, *value};
}

Shrinker::Shrinker(std::vector<GivenOption> options, unsigned most_runs)
    : smallest_(std::move(options)), most_runs_(most_runs) {
  if (smallest_.empty()) step_ = Step::done;
}

// False: this step has nothing at this place.
bool Shrinker::propose() {
  candidate_ = smallest_;
  switch (step_) {
    case Step::none_at_all: candidate_.clear(); return true;
    case Step::drop:
      if (smallest_.size() < 2) return false;  // none at all was tried
      candidate_.erase(candidate_.begin() + static_cast<std::ptrdiff_t>(at_));
      return true;
    case Step::halve:
      if (const auto less = halved(smallest_[at_])) {
        candidate_[at_] = *less;
        return true;
      }
      return false;
    case Step::done: break;
  }
  return false;
}

std::optional<std::vector<GivenOption>> Shrinker::next() {
  while (step_ != Step::done && runs_ < most_runs_) {
    if (step_ == Step::none_at_all || at_ < smallest_.size()) {
      if (propose()) {
        ++runs_;
        return candidate_;
      }
      ++at_;
      continue;
    }
    if (step_ == Step::halve) break;
    if (!dropped_) step_ = Step::halve;
    at_ = 0;
    dropped_ = false;
  }
  step_ = Step::done;
  return std::nullopt;
}

void Shrinker::answer(bool fails) {
  if (fails) smallest_ = candidate_;
  switch (step_) {
    case Step::none_at_all: step_ = fails ? Step::done : Step::drop; return;
    case Step::drop:
      dropped_ = dropped_ || fails;
      if (!fails) ++at_;  // else the next one stands here now
      return;
    case Step::halve:
      if (!fails) ++at_;
      return;
    case Step::done: return;
  }
}

}  // namespace host_sim::tool
