// One exchange on the simulated stage: runs it, writes what was asked for, and checks what is left.
#include "sim_runner.hpp"

#include <fmt/format.h>

#include <algorithm>

#include <host_sim/inspect.hpp>

#include "advice.hpp"
#include "text.hpp"

namespace host_sim::tool {

namespace {

// A role's own deadline is checked between two of its calls; this is enough for its last steps.
constexpr std::uint64_t grace_us = 1'000'000;

template <class T>
T checked(Expected<T> value, std::string_view option) {
  if (!value) throw UsageError(fmt::format("{}: {}", option, value.error()));
  return *std::move(value);
}

// Transcripts and logs while the simulation runs, and who ended too late by its own clock.
class Listener final : public Observer {
 public:
  Listener(const Stage& stage, std::chrono::milliseconds deadline, Watcher& watcher)
      : client_(stage.client), server_(stage.server), deadline_(deadline), watcher_(watcher) {}

  void on_node(const NodeRecord& record) override {
    if (record.node != &client_ && record.node != &server_) return;  // a name server
    const Side side = record.node == &client_ ? Side::client : Side::server;
    if (record.event == NodeEvent::report) watcher_.line(side, record.text);
    if (record.event == NodeEvent::log) watcher_.log(side, record.text);
    if (record.event == NodeEvent::finished) note_end(side, record.node->clock_us());
  }
  const std::vector<std::string>& late() const { return late_; }

 private:
  void note_end(Side side, std::uint64_t clock_us) {
    if (clock_us <= static_cast<std::uint64_t>(deadline_.count()) * 1000 + grace_us) return;
    late_.push_back(fmt::format("{}: ended {} after it began; its deadline is {}", name(side),
                                format_duration(std::chrono::microseconds(clock_us)),
                                format_duration(deadline_)));
  }

  const Node& client_;
  const Node& server_;
  std::chrono::milliseconds deadline_;
  Watcher& watcher_;
  std::vector<std::string> late_;
};

// Of a run that was interrupted: a role that had not ended is no failure.
std::string failure_at_end(const Node& node, const RunResult& result, const Outcome& outcome) {
  return outcome.interrupted && !node.finished() ? "" : failure_of(node, result);
}

void append(std::vector<std::string>& to, const std::string& text) {
  std::vector<std::string> lines = split(text, '\n');
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  to.insert(to.end(), lines.begin(), lines.end());
}

}  // namespace

std::string failure_of(const Node& node, const RunResult& result) {
  if (node.passed()) return "";
  if (!node.panic().empty()) return node.panic();
  if (node.finished() && !node.log().empty()) {
    const std::string& words = node.log().back().text;
    return fmt::format("{}; {}", words, advice(words, advice_between_ours));
  }
  if (node.finished()) return fmt::format("the role returned {}", node.status());
  return result.text.empty() ? fmt::format("it is {}", node_state_name(node.state())) : result.text;
}

// Each is an event, or two: shorter periods are more of them than anybody waits for.
void check_periods(const std::vector<Outage>& outages, std::string_view option) {
  for (const Outage& outage : outages) {
    if (outage.every == Duration(0) || outage.every >= std::chrono::milliseconds(1)) continue;
    throw UsageError(fmt::format("{}: a PERIOD of {} is too short; allowed: 1ms or more", option,
                                 format_duration(outage.every)));
  }
}

Scenario read_network(const std::vector<GivenOption>& options) {
  Scenario network;
  for (const GivenOption& given : options) {
    if (given.name == "--scenario") network = checked(read_scenario(given.value), given.name);
  }
  for (const GivenOption& given : options) {
    if (given.name == "--scenario") continue;
    for (Faults* faults : {&network.out, &network.in}) {
      const auto set = set_fault(*faults, given.name.substr(2), given.value);
      if (!set) throw UsageError(fmt::format("{}: {}", given.name, set.error()));
    }
  }
  for (const Faults* faults : {&network.out, &network.in}) {
    if (const auto sound = check_faults(*faults); !sound) throw UsageError(sound.error());
    check_periods(faults->partitions, "--partition");
    check_periods(faults->downs, "--down");
  }
  return network;
}

Adversity adversity_of(const Scenario& network) {
  const auto is_power = [](const Scenario::Step& step) {
    return step.power != Scenario::Power::none && step.power != Scenario::Power::skew;
  };
  return {.faults = network.out != Faults{} || network.in != Faults{} || !network.steps.empty(),
          .power_cycles = std::ranges::any_of(network.steps, is_power)};
}

Outcome SimRunner::run(const Exchange& exchange, const Settings& settings, const Scenario& network,
                       const Looking& looking, Watcher& watcher) {
  if (at_rest_.empty()) at_rest_ = pools_at_rest(image_);
  Outcome outcome;
  Stage stage(image_, exchange, settings,
              {.seed = settings.seed, .hash_trace = looking.hash, .replay = looking.replay});
  Simulation& simulation = stage.simulation;
  if (const auto applied = network.apply(simulation, stage.link); !applied) {
    throw UsageError(applied.error());
  }
  Listener listener(stage, settings.deadline, watcher);
  simulation.add_observer(listener);
  Writers writers(simulation, stage.link, exchange.name, looking);

  // Each role ends by its own deadline; a node that a scenario restarts or slows may take longer.
  const Duration limit = 3 * settings.deadline + std::chrono::minutes(1);
  const auto both = [&] { return stage.client.finished() && stage.server.finished(); };
  const auto one_over = [&] {
    return stopped_ || stage.client.finished() || stage.server.finished();
  };
  const auto over = [&] { return stopped_ || both(); };
  RunResult result = simulation.run_until(one_over, limit, "the end of a role");
  std::string sockets;  // before the other role closes its sockets too
  if (looking.sockets) {
    sockets = fmt::format("sockets of the client\n{}sockets of the server\n{}",
                          socket_table(stage.client), socket_table(stage.server));
  }
  if (result.reached) result = simulation.run_until(over, limit, "the end of both roles");
  outcome.interrupted = stopped_ && !both();
  outcome.client = {stage.client.transcript(), failure_at_end(stage.client, result, outcome)};
  outcome.server = {stage.server.transcript(), failure_at_end(stage.server, result, outcome)};
  outcome.broken = listener.late();
  if (outcome.interrupted) {
    result.reached = false;  // nothing more is to happen
  } else if (!outcome.passed()) {
    append(outcome.notes, simulation.describe());
  } else if (looking.sockets) {
    append(outcome.notes, sockets);
  }
  if (result.reached) simulation.run_until_idle(std::chrono::seconds(5));
  writers.finish(outcome);
  if (looking.hash) outcome.notes.push_back("trace: " + simulation.trace_hash());
  if (result.reached) {
    const std::vector<std::string> held = leaks(stage, at_rest_);
    if (!held.empty()) append(outcome.notes, simulation.describe());
    outcome.broken.insert(outcome.broken.end(), held.begin(), held.end());
  }
  writers.write_report(outcome);
  simulation.remove_observer(listener);
  return outcome;
}

}  // namespace host_sim::tool
