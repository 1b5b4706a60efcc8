// What `serve` does in every world: exchange after exchange, each with its line, until a signal.
#pragma once

#include <cstdint>
#include <functional>

#include "arguments.hpp"
#include "console.hpp"
#include "role.hpp"
#include "stop_signal.hpp"

namespace host_sim::tool {

// Counts the exchanges that were served and says how each ended.
class ServedExchanges {
 public:
  ServedExchanges(const Arguments& arguments, const Exchange& exchange, Console& console)
      : arguments_(arguments), exchange_(exchange), console_(console) {}

  // `failure`: "" passed. Returns whether it did.
  bool tell(const std::string& failure);
  // Says that serving was stopped; the exit status.
  int stop();

 private:
  const Arguments& arguments_;
  const Exchange& exchange_;
  Console& console_;
  std::uint64_t count_ = 0;
};

// Runs a server role that blocks. While it lives Ctrl-C and SIGTERM end the loop, not the program.
class ServeLoop {
 public:
  struct Served {
    RoleOutcome outcome;
    bool is_last;  // there can be no other
  };

  ServeLoop(const Arguments& arguments, const Exchange& exchange, Console& console)
      : is_once_(arguments.once), served_(arguments, exchange, console) {}

  // Calls `serve_one` in a thread of its own, so that a signal is heard at once. The exit status;
  // where a signal came, the program ends in here. `leave` is called at the end either way.
  int run(
      const std::function<Served()>& serve_one, const std::function<void()>& leave = [] {});

 private:
  int run_until_last(const std::function<Served()>& serve_one);
  Served hear_one(const std::function<Served()>& serve_one);
  [[noreturn]] void end_program();

  bool is_once_;
  ServedExchanges served_;
  StopSignal stop_;
  std::function<void()> leave_;
};

}  // namespace host_sim::tool
