// The loop of a sweep: gives runs to processes, hears what became of them, shrinks what failed.
#include "sweep.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "chaos_options.hpp"
#include "text.hpp"

namespace host_sim::tool {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_run = std::chrono::minutes(2);  // of wall time
constexpr milliseconds progress_period{100};
constexpr std::size_t most_shrunk = 10;
constexpr unsigned most_shrink_runs = 60;

std::string title(const Trial& trial) {
  return fmt::format("{}, {}, seed {}", trial.exchange->name, twinsock::name(trial.family),
                     trial.seed);
}

std::string suite_name(const Trial& trial) {
  return fmt::format("{}.{}", trial.exchange->name, twinsock::name(trial.family));
}

std::string_view first_line(std::string_view text) { return text.substr(0, text.find('\n')); }

}  // namespace

std::vector<SweepPlan::Kind> SweepPlan::kinds() const {
  std::vector<Kind> kinds;
  for (const Family family : families) {
    for (const Exchange* exchange : exchanges) {
      if (twinsock::exchanges::lacking_over_lwip(*exchange, family) == nullptr) {
        kinds.emplace_back(exchange, family);
      }
    }
  }
  return kinds;
}

std::uint64_t SweepPlan::size() const {
  const std::uint64_t all = (seeds.last - seeds.first + 1) * kinds().size();
  return all / shard.count + (all % shard.count >= shard.index ? 1 : 0);
}

Trial SweepPlan::trial(std::uint64_t number) const {
  const std::vector<Kind> all = kinds();
  const std::uint64_t index = number * shard.count + shard.index - 1;
  const auto& [exchange, family] = all[index % all.size()];
  Trial trial;
  trial.exchange = exchange;
  trial.family = family;
  trial.seed = seeds.first + index / all.size();
  trial.network = chaos ? chaos_options(trial.seed) : network;
  return trial;
}

Sweep::Sweep(SweepPlan plan, Image image, bool strict, bool keep_passed, Words words,
             Console& console)
    : plan_(std::move(plan)),
      image_(std::move(image)),
      strict_(strict),
      keep_passed_(keep_passed),
      words_(std::move(words)),
      console_(console) {
  progress_.planned = plan_.size();
}

void Sweep::run(unsigned jobs) {
  begin_ = WorkerPool::Clock::now();
  const StopSignal stop;
  std::optional<SimRunner> runner;  // each process makes its own
  const auto work = [&](const std::string& request) {
    if (!runner) runner.emplace(image_);
    return encode(run_trial(*runner, decode_trial(request), plan_.deadline));
  };
  const auto workers = static_cast<unsigned>(std::min<std::uint64_t>(jobs, progress_.planned));
  WorkerPool pool(workers, work, longest_run);
  run_all(pool, stop);
  if (!interrupted_ && !failures_.empty()) shrink_all(pool, stop);
}

void Sweep::run_all(WorkerPool& pool, const StopSignal& stop) {
  std::uint64_t next = 0;
  while (next < progress_.planned || pool.pending() > 0) {
    while (next < progress_.planned && pool.has_room()) {
      pool.give({next, encode(plan_.trial(next))});
      ++next;
    }
    for (const Answer& answer : pool.wait(progress_period, stop.descriptor())) {
      record(plan_.trial(answer.id), answer);
    }
    if (stop.came()) {
      interrupted_ = true;
      return;
    }
    show_progress(false);
  }
}

TrialResult Sweep::result_of(const Answer& answer) const {
  if (answer.fate == Answer::Fate::answered) {
    TrialResult result = decode_result(answer.text);
    if (strict_ && result.ending == Ending::gave_up) result.ending = Ending::failed;
    return result;
  }
  // The simulator's own last words say more than how the process ended.
  std::string text(first_line(answer.text));
  const std::size_t words = answer.text.find("\nhost_sim: ");
  if (words != std::string::npos) {
    text =
        fmt::format("{} ({})", first_line(std::string_view(answer.text).substr(words + 11)), text);
  }
  return {Ending::failed, printable(text), answer.text};
}

void Sweep::record(const Trial& trial, const Answer& answer) {
  TrialResult result = result_of(answer);
  ++progress_.done;
  TestCase test{.seed = trial.seed, .seconds = answer.seconds, .message = result.text};
  switch (result.ending) {
    case Ending::passed: break;
    case Ending::gave_up:
      ++progress_.gave_up;
      test.state = CaseState::skipped;
      test.message = "gave up cleanly: " + test.message;
      break;
    case Ending::failed:
      ++progress_.failed;
      test.state = CaseState::failed;
      test.body = fmt::format("replay: {}\n{}", words_(trial), result.details);
      console_.complain(fmt::format("{}: {}", title(trial), result.text));
      console_.say(fmt::format("replay: {}", words_(trial)));
      failures_.push_back({trial, std::move(result.text), std::move(result.details), {}, 0});
      break;
  }
  if (keep_passed_ || result.ending != Ending::passed) {
    cases_[suite_name(trial)].push_back(std::move(test));
  }
}

void Sweep::show_progress(bool at_once) {
  const auto now = WorkerPool::Clock::now();
  progress_.seconds = std::chrono::duration<double>(now - begin_).count();
  if (!at_once && now - shown_ < progress_period) return;
  shown_ = now;
  console_.progress(progress_line(progress_));
}

// As many failures at a time as there are processes; each goes one run after the other.
void Sweep::shrink_all(WorkerPool& pool, const StopSignal& stop) {
  const std::size_t count = std::min(failures_.size(), most_shrunk);
  std::vector<Shrinker> shrinkers;
  for (std::size_t i = 0; i < count; ++i) {
    shrinkers.emplace_back(failures_[i].trial.network, most_shrink_runs);
  }
  const auto try_next = [&](std::size_t i) {
    const auto candidate = shrinkers[i].next();
    if (!candidate) {
      failures_[i].smallest = shrinkers[i].smallest();
      failures_[i].shrink_runs = shrinkers[i].runs();
      print_smallest(failures_[i]);
      return;
    }
    Trial trial = failures_[i].trial;
    trial.network = *candidate;
    pool.give({i, encode(trial)});
  };
  for (std::size_t i = 0; i < count; ++i) try_next(i);
  while (pool.pending() > 0) {
    console_.progress(fmt::format("looking for the smallest faults of {} failures", count));
    for (const Answer& answer : pool.wait(progress_period, stop.descriptor())) {
      shrinkers[answer.id].answer(result_of(answer).ending == Ending::failed);
      try_next(answer.id);
    }
    if (stop.came()) {
      interrupted_ = true;
      return;
    }
  }
}

void Sweep::print_smallest(const Failure& failure) {
  if (failure.shrink_runs == 0) return;
  Trial smallest = failure.trial;
  smallest.network = failure.smallest;
  console_.say(fmt::format("{}: fails with {}, after {} runs with less:", title(failure.trial),
                           failure.smallest.empty() ? "no fault at all" : "these faults alone",
                           failure.shrink_runs));
  console_.say(fmt::format("replay: {}", words_(smallest)));
}

std::vector<TestSuite> Sweep::suites() const {
  std::vector<TestSuite> suites;
  for (const auto& [suite, cases] : cases_) suites.push_back({suite, cases});
  for (TestSuite& suite : suites) std::ranges::sort(suite.cases, {}, &TestCase::seed);
  for (const Failure& failure : failures_) {
    if (failure.shrink_runs == 0) continue;
    Trial smallest = failure.trial;
    smallest.network = failure.smallest;
    for (TestSuite& suite : suites) {
      if (suite.name != suite_name(failure.trial)) continue;
      const auto test = std::ranges::find(suite.cases, failure.trial.seed, &TestCase::seed);
      if (test != suite.cases.end()) {
        test->body = fmt::format("smallest: {}\n{}", words_(smallest), test->body);
      }
    }
  }
  return suites;
}

}  // namespace host_sim::tool
