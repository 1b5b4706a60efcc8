// Bridged: one role of an exchange on an lwIP node, in real time, joined to the desktop by libslirp
// or by a TAP device: the sim world of `serve` and `connect`.
#pragma once

#include <deque>

#include <host_sim/real_time.hpp>
#include <host_sim/scenario.hpp>
#include <host_sim/slirp_bridge.hpp>
#include <host_sim/tap_bridge.hpp>
#include <host_sim/trace.hpp>

#include "sim_image.hpp"
#include "stop_signal.hpp"
#include "world.hpp"

namespace host_sim::tool {

class Bridged final : private Observer {
 public:
  // UsageError where an option is wrong, or nodes cannot run here.
  Bridged(const Arguments& arguments, const Exchange& exchange, Side side, Watcher& watcher);
  ~Bridged() override;

  // Joins it with the desktop. A failure is one line that says what to do.
  std::string join();
  // The node; its link; what somebody wants to see. UsageError where the scenario does not fit or
  // a file cannot be written.
  void add_role(std::vector<std::string> arguments);
  // Of the desktop: what is sent to `local` comes to that port of the node. Where it listens, or
  // why not. Not with a TAP device, by which the node is reached as it is.
  Expected<std::string> forward(const Endpoint& local, std::uint16_t port);
  // How the node calls a peer of the desktop. UsageError for one that it cannot reach.
  Endpoint seen_from_node(const Endpoint& peer) const;

  // RealTime::run_until(), but a signal ends it too.
  RunResult run_until(const std::function<bool()>& predicate, Duration deadline, const char* what);
  // Until the desktop has all that the role sent, at most 10 s.
  void drain();
  // Files, and their names on standard error.
  void finish(Console& console);

  bool has_tap() const { return tap_ != nullptr; }
  bool stopped() const { return stopped_; }  // by a signal
  Node& node() { return *node_; }
  Simulation& simulation() { return simulation_; }
  const std::string& listening() const { return listening_; }  // where the role said it does

  // The verdicts of exchanges that have ended, in order: "" passed, else a line as of role.hpp.
  bool has_verdict() const { return !verdicts_.empty(); }
  std::string take_verdict();

 private:
  void on_node(const NodeRecord& record) override;
  void add_observers();
  void flush_every_second();
  bool settled() const;

  const Arguments& arguments_;
  const Exchange& exchange_;
  Side side_;
  Watcher& watcher_;
  StopSignal stop_;  // before the nodes' copies are made, which else take the signals
  Scenario network_;
  SimImage image_;
  Simulation simulation_;
  std::unique_ptr<SlirpBridge> slirp_;
  std::unique_ptr<TapBridge> tap_;
  RealTime real_time_{simulation_};
  Node* node_ = nullptr;
  Link* link_ = nullptr;
  std::optional<TextTrace> trace_;
  std::unique_ptr<Capture> capture_;
  std::deque<std::string> verdicts_;
  std::string listening_;
  bool stopped_ = false;
};

// serve and connect in the sim world.
int serve_bridged(const Arguments& arguments, const Exchange& exchange, Console& console);
int connect_bridged(const Arguments& arguments, const Exchange& exchange, Console& console);

}  // namespace host_sim::tool
