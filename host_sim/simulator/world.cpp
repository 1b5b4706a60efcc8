// The loop: takes the earliest event, moves the clock, handles it.
#include "world.hpp"

#include <unistd.h>

#include <algorithm>

#include "crash.hpp"
#include "stacks.hpp"
#include "watchdog.hpp"

namespace host_sim {

World::World(const SimulationOptions& chosen)
    : options(chosen), recorder(chosen.flight_recorder), queue_(chosen.shuffle_ties, chosen.seed) {
  if (chosen.ipv4_prefix != 24 && chosen.ipv4_prefix != 16) bug("ipv4_prefix: 24 or 16");
  install_crash_handler();
  if (options.watchdog_s != 0) watchdog_add(*this);
}

World::~World() {
  watchdog_remove(*this);
  for (LiveNode& node : nodes_) {
    node.copy.reset();
    for (const Stack& stack : node.stacks) give_back(stack);
  }
}

void World::at(Instant instant, std::function<void()> action) {
  uint64_t slot = actions_.size();
  if (free_actions_.empty()) {
    actions_.push_back(std::move(action));
  } else {
    slot = free_actions_.back();
    free_actions_.pop_back();
    actions_[slot] = std::move(action);
  }
  queue_.push(std::max(now_ns, instant.count()), EventKind::action, 0, nullptr, slot);
}

void World::handle(const Event& event) {
  switch (event.kind) {
    case EventKind::arrival:
      --arrival_count_;
      arrive(event);
      break;
    case EventKind::wake: wake(nodes_[event.index], event); break;
    case EventKind::action: {
      const auto action = std::move(actions_[event.number]);
      actions_[event.number] = nullptr;
      free_actions_.push_back(event.number);
      action();
      break;
    }
  }
}

RunResult World::run(const std::function<bool()>& predicate, Duration deadline, Duration quiet,
                     const char* what) {
  const CrashScope scope(*this);
  const int64_t end_ns =
      deadline.count() > INT64_MAX - now_ns ? INT64_MAX : now_ns + deadline.count();
  const uint64_t first_event = event_count;
  const int64_t first_ns = now_ns;
  RunResult result{Stop::deadline, false, {}, 0, {}};
  const auto stop = [&](Stop why, const std::string& text) {
    result.stop = why;
    result.at = Instant(now_ns);
    result.events = event_count - first_event;
    result.text = text;
    return result;
  };
  const std::string waited = predicate ? std::string("waited for ") + what + ": " : "";
  panicked_ = false;
  while (true) {
    if (predicate && predicate()) {
      result.reached = true;
      return stop(Stop::predicate, "");
    }
    // Quiet: nothing is under way, and nothing will have been sent for so long.
    if (quiet >= Duration(0) && arrival_count_ == 0) {
      const int64_t quiet_ns = std::max(first_ns, last_sent_ns_) + quiet.count();
      if (quiet_ns <= end_ns && (queue_.empty() || queue_.top().time_ns > quiet_ns)) {
        now_ns = std::max(now_ns, quiet_ns);
        result.reached = true;
        return stop(Stop::idle, "");
      }
    }
    if (queue_.empty()) {
      result.reached = !predicate;
      if (!predicate && deadline != forever) now_ns = end_ns;
      return stop(Stop::idle, predicate ? waited + "nothing is left to do at " +
                                              format_instant(Instant(now_ns)) + " s"
                                        : "");
    }
    if (queue_.top().time_ns > end_ns) {
      now_ns = end_ns;
      result.reached = !predicate && quiet < Duration(0);
      return stop(Stop::deadline, result.reached ? ""
                                                 : waited + "the deadline of " +
                                                       format_duration(deadline) + " passed");
    }
    const Event event = queue_.pop();
    now_ns = event.time_ns;
    ++event_count;
    handle(event);
    if (panicked_) {
      std::string text = waited + "a node panicked";
      for (const LiveNode& node : nodes_) {
        if (node.state() == NodeState::panicked) text += "; " + node.name() + ": " + node.panic();
      }
      return stop(Stop::panic, text);
    }
  }
}

void World::add_observer(Observer& observer) {
  observers_.push_back(&observer);
  for (const Link* link : link_list) observer.on_link(*link);
}

void World::flush_for_the_end() {
  for (Observer* observer : observers_) observer->flush();
  const std::string frames = recorder.text();
  std::string text = frames.empty() ? "" : "last frames\n" + frames;
  if (!options.replay.empty()) text += "replay: " + options.replay + "\n";
  static_cast<void>(!write(STDERR_FILENO, text.data(), text.size()));
}

void World::remove_observer(Observer& observer) { std::erase(observers_, &observer); }

}  // namespace host_sim
