// The loop of a simulation in real time: catch up, take what came, sleep until the next event.
#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include <host_sim/real_time.hpp>

namespace host_sim {

namespace {

Duration desktop_clock() {
  return std::chrono::duration_cast<Duration>(
      std::chrono::steady_clock::now().time_since_epoch());  // CLOCK_MONOTONIC
}

Instant later(Instant instant, Duration by) {
  return by > forever - instant ? forever : instant + by;
}

}  // namespace

RealTime::RealTime(Simulation& simulation, const RealTimeOptions& options)
    : simulation_(simulation), options_(options) {}
RealTime::~RealTime() = default;

void RealTime::add(Bridge& bridge) { bridges_.push_back(&bridge); }

void RealTime::add_descriptor(int descriptor, std::function<void()> readable) {
  descriptors_.push_back({descriptor, std::move(readable)});
}

RunResult RealTime::run_for(Duration duration) {
  RunResult result = run_until([] { return false; }, duration);
  if (result.stop != Stop::deadline) return result;
  result.reached = true;
  result.text.clear();
  return result;
}

RunResult RealTime::run_until(const std::function<bool()>& predicate, Duration deadline,
                              const char* what) {
  origin_ = desktop_clock() - simulation_.now();
  planned_ = simulation_.now();
  waited_ = false;
  const Instant end = later(simulation_.now(), deadline);
  uint64_t events = 0;
  while (true) {
    const Instant until = std::min(present(), end);
    RunResult result = simulation_.run_until(predicate, until - simulation_.now(), what);
    result.events = events += result.events;
    if (result.reached || result.stop == Stop::panic) return result;
    if (result.stop == Stop::idle) simulation_.run_for(until - simulation_.now());
    result.at = simulation_.now();
    const std::string waited = std::string("waited for ") + what + ": ";
    if (const std::string why = failure(); !why.empty()) {
      result.stop = Stop::bridge;
      result.text = waited + why;
      return result;
    }
    if (until == end) {
      result.stop = Stop::deadline;
      result.text = waited + "the deadline of " + format_duration(deadline) + " passed";
      return result;
    }
    if (!handle_waits()) wait(end);
  }
}

Instant RealTime::present() {
  const Instant due = desktop_clock() - origin_;
  const Duration late = due - std::max(simulation_.now(), planned_);
  const Duration lost = std::max(Duration(0), late - options_.longest_leap);
  origin_ += lost;
  stood_still_ += lost;
  return std::max(due - lost, simulation_.now());
}

// Sleeps until the next event, and no longer than until `end`.
void RealTime::wait(Instant end) {
  waits_.clear();
  counts_.clear();
  waited_ = true;
  Duration longest = forever;
  for (Bridge* bridge : bridges_) {
    const size_t before = waits_.size();
    bridge->prepare(waits_, longest);
    counts_.push_back(waits_.size() - before);
  }
  for (const Descriptor& descriptor : descriptors_) {
    waits_.push_back({descriptor.number, POLLIN, 0});
  }
  // No event of the simulation's past is left, but what the bridges just gave is due at once.
  const Instant wakes =
      std::min({simulation_.next_event(), end, later(simulation_.now(), longest)});
  const Duration rest = std::max(Duration(0), wakes - (desktop_clock() - origin_));
  planned_ = rest == Duration(0) ? simulation_.now() : wakes;  // late already: not by sleeping
  const auto seconds = std::chrono::floor<std::chrono::seconds>(rest);
  const timespec timeout{static_cast<time_t>(seconds.count()),
                         static_cast<long>((rest - seconds).count())};
  const int count =
      ppoll(waits_.data(), waits_.size(), wakes == forever ? nullptr : &timeout, nullptr);
  if (count >= 0) return;
  if (errno != EINTR && errno != EAGAIN) bug("RealTime: poll() refuses its descriptors");
  for (pollfd& each : waits_) each.revents = 0;
}

// True: something came, so that the predicate is to be asked again.
bool RealTime::handle_waits() {
  if (!waited_) return false;
  waited_ = false;
  const bool came =
      std::ranges::any_of(waits_, [](const pollfd& each) { return each.revents != 0; });
  const std::span<const pollfd> all(waits_);
  size_t first = 0;
  for (size_t index = 0; index < bridges_.size(); ++index) {
    bridges_[index]->handle(all.subspan(first, counts_[index]));
    first += counts_[index];
  }
  for (const Descriptor& descriptor : descriptors_) {
    if (all[first++].revents != 0) descriptor.readable();
  }
  return came;
}

std::string RealTime::failure() const {
  for (const Bridge* bridge : bridges_) {
    if (!bridge->failure().empty()) return bridge->failure();
  }
  return "";
}

}  // namespace host_sim
