// Shrinker: the smallest fault options with which a run still fails. It says what to try next and
// is told what came of it; who runs it, and where, is no business of its own.
#pragma once

#include <optional>
#include <vector>

#include "arguments.hpp"

namespace host_sim::tool {

// First nothing at all, then one option less as long as that fails, then half of each.
class Shrinker {
 public:
  Shrinker(std::vector<GivenOption> options, unsigned most_runs);

  // What to try next; nullopt: done.
  std::optional<std::vector<GivenOption>> next();
  void answer(bool fails);  // to the last next()

  const std::vector<GivenOption>& smallest() const { return smallest_; }
  unsigned runs() const { return runs_; }

 private:
  enum class Step { none_at_all, drop, halve, done };

  bool propose();

  std::vector<GivenOption> smallest_, candidate_;
  unsigned most_runs_, runs_ = 0;
  Step step_ = Step::none_at_all;
  std::size_t at_ = 0;
  bool dropped_ = false;  // in this round over the options
};

// Half the fault: half the loss or the time, twice the rate or the queue. nullopt: it is as small
// as it is worth trying, or cannot be halved (a scenario).
std::optional<GivenOption> halved(const GivenOption& option);

}  // namespace host_sim::tool
