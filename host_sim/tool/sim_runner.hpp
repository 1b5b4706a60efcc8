// SimRunner: one exchange after another on simulated nodes of one image, each on its own network.
#pragma once

#include <atomic>

#include <host_sim/scenario.hpp>

#include "ending.hpp"
#include "looking.hpp"
#include "sim_stage.hpp"

namespace host_sim::tool {

// The network as the options say: a scenario, or a good cable, and the other options on top.
// UsageError for what is out of range or contradictory.
Scenario read_network(const std::vector<GivenOption>& options);
Adversity adversity_of(const Scenario& network);

// Why the node's role did not pass; "": it did.
std::string failure_of(const Node& node, const RunResult& result);

class SimRunner {
 public:
  explicit SimRunner(Image image) : image_(std::move(image)) {}

  // Ends by virtual time. What goes wrong is in the outcome; UsageError where a file cannot be
  // written or a scenario does not fit.
  Outcome run(const Exchange& exchange, const Settings& settings, const Scenario& network,
              const Looking& looking, Watcher& watcher);
  // From any thread: the run ends where it is, and is interrupted.
  void stop() { stopped_ = true; }

 private:
  Image image_;
  std::vector<TwinsockPoolRow> at_rest_;  // from the first run on
  std::atomic<bool> stopped_{false};
};

}  // namespace host_sim::tool
