// RealTime: runs a simulation so that its clock follows the desktop's, together with bridges.
//
// The virtual clock goes with CLOCK_MONOTONIC from the beginning of each run on; between two runs
// it stands still. Between two events the thread sleeps in poll(), until the next event is due or
// something came from outside. Nothing else of the simulation changes: faults still come from the
// seed; but when frames come from outside is the outside's, so such a run cannot be replayed.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include <host_sim/bridge.hpp>

struct pollfd;  // <poll.h>

namespace host_sim {

struct RealTimeOptions {
  // When the thread got no processor for longer than this (a debugger's breakpoint, a stopped
  // process, a machine that cannot keep up), the virtual clock stands still for the rest of it,
  // so that the nodes' timers do not run out before they have seen what came meanwhile.
  Duration longest_leap = 1s;
};

// For one thread, the one that runs the simulation. Bridges and simulation outlive it.
class RealTime {
 public:
  explicit RealTime(Simulation& simulation, const RealTimeOptions& options = {});
  ~RealTime();
  RealTime(const RealTime&) = delete;
  RealTime& operator=(const RealTime&) = delete;

  void add(Bridge& bridge);
  // Calls back, between two events, when `descriptor` can be read; again and again until it is
  // read empty. For signals, keyboards and other programs' pipes.
  void add_descriptor(int descriptor, std::function<void()> readable);

  // Simulation::run_until() in real time. Blocks until the predicate holds (asked as there, and
  // after each wait), `deadline` from now has passed, a node panics, or a bridge fails
  // (Stop::bridge). It does not end because nothing is left to do: something may come from outside.
  RunResult run_until(const std::function<bool()>& predicate, Duration deadline,
                      const char* what = "the condition");
  RunResult run_for(Duration duration);

  // How long the virtual clock stood still in all (RealTimeOptions::longest_leap).
  Duration stood_still() const { return stood_still_; }

 private:
  struct Descriptor {
    int number;
    std::function<void()> readable;
  };

  Instant present();  // where the virtual clock should be now
  void wait(Instant until);
  bool handle_waits();
  std::string failure() const;

  Simulation& simulation_;
  RealTimeOptions options_;
  std::vector<Bridge*> bridges_;
  std::vector<Descriptor> descriptors_;
  std::vector<pollfd> waits_;
  std::vector<size_t> counts_;  // of waits_ for each bridge
  bool waited_ = false;         // and what came of it was not handled yet
  Duration origin_{};           // the desktop's clock when the virtual one was at 0
  Instant planned_{};           // the end of the sleep, if nothing comes
  Duration stood_still_{};
};

}  // namespace host_sim
