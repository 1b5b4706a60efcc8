// Sweep: many seeds of many exchanges in worker processes, and what became of them.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "console.hpp"
#include "junit.hpp"
#include "progress.hpp"
#include "seeds.hpp"
#include "shrinker.hpp"
#include "sim_image.hpp"
#include "stop_signal.hpp"
#include "trial.hpp"
#include "worker_pool.hpp"

namespace host_sim::tool {

// What is to be run: run i is of seed i / kinds, so that an early end has tried
// all exchanges with few seeds, not one with many. Shard I has every N-th run, from I on.
struct SweepPlan {
  using Kind = std::pair<const Exchange*, Family>;
  std::vector<const Exchange*> exchanges;
  std::vector<Family> families;
  SeedRange seeds{};
  Shard shard{};
  bool chaos = false;
  std::vector<GivenOption> network;  // without chaos
  std::chrono::milliseconds deadline{};

  std::vector<Kind> kinds() const;          // without those that cannot be
  std::uint64_t size() const;               // of this shard
  Trial trial(std::uint64_t number) const;  // number: 0 to size() - 1
};

struct Failure {
  Trial trial;
  std::string text, details;
  std::vector<GivenOption> smallest;
  unsigned shrink_runs = 0;  // 0: not shrunk
};

class Sweep {
 public:
  // `words` gives the replay line of a trial, from `host_sim` on.
  using Words = std::function<std::string(const Trial& trial)>;

  Sweep(SweepPlan plan, Image image, bool strict, bool keep_passed, Words words, Console& console);

  // Until all is done or Ctrl-C; failures are printed as they are found, then shrunk.
  void run(unsigned jobs);

  bool interrupted() const { return interrupted_; }
  const Progress& progress() const { return progress_; }
  const std::vector<Failure>& failures() const { return failures_; }
  std::vector<TestSuite> suites() const;

 private:
  TrialResult result_of(const Answer& answer) const;
  void record(const Trial& trial, const Answer& answer);
  void run_all(WorkerPool& pool, const StopSignal& stop);
  void shrink_all(WorkerPool& pool, const StopSignal& stop);
  void show_progress(bool at_once);
  void print_smallest(const Failure& failure);

  SweepPlan plan_;
  Image image_;
  bool strict_, keep_passed_;
  Words words_;
  Console& console_;
  Progress progress_;
  WorkerPool::Clock::time_point begin_{}, shown_{};
  std::vector<Failure> failures_;
  std::map<std::string, std::vector<TestCase>> cases_;  // by suite
  bool interrupted_ = false;
};

}  // namespace host_sim::tool
