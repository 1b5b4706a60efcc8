// Runs a role on one node that talks to itself.
#include "starved_node.hpp"

#include <cstdio>
#include <map>
#include <memory>

#include <host_sim/trace.hpp>
namespace host_sim {

namespace {

constexpr Duration deadline = 1h;         // the longest case takes a minute
constexpr Duration after_the_end = 3min;  // TIME_WAIT takes two

std::string repetition(const std::vector<std::string>& role, Drought drought) {
  std::string line = STARVE_PROGRAM " node " + words_of(drought);
  for (const std::string& word : role) line += " " + word;
  return line;
}

struct Stage {
  Stage(const std::vector<std::string>& role, Drought drought, bool trace)
      : simulation({.hash_trace = false, .replay = repetition(role, drought)}) {
    if (trace) {
      observer = std::make_unique<TextTrace>(stdout);
      simulation.add_observer(*observer);
    }
    std::vector<std::string> words{std::to_string(drought.first), std::to_string(drought.count)};
    words.insert(words.end(), role.begin(), role.end());
    node = &simulation.add_node(starve_image(),
                                {.name = "node", .role = "starve", .arguments = words});
    simulation.connect(*node, simulation.add_port("cable"));  // so that its interface is up
    ended = simulation.run_until([&] { return node->finished(); }, deadline, "the role's end");
    if (ended.reached) simulation.run_for(after_the_end);
  }
  ~Stage() {
    if (observer) simulation.remove_observer(*observer);
  }

  Simulation simulation;
  std::unique_ptr<TextTrace> observer;
  Node* node = nullptr;
  RunResult ended{};
};

// After an undisturbed run of the same.
const Pools& at_rest(const std::vector<std::string>& role) {
  static std::map<std::vector<std::string>, Pools> known;
  const auto [found, is_new] = known.try_emplace(role);
  if (is_new) found->second = Stage(role, {}, false).node->pools();
  return found->second;
}

}  // namespace

StarvedNode run_node(const std::vector<std::string>& role, Drought drought, bool trace) {
  const Pools& rest = at_rest(role);
  const Stage stage(role, drought, trace);
  const Node& node = *stage.node;
  StarvedNode run{.denied = was_denied(node), .status = node.status()};
  run.transcript = node.transcript();
  if (!node.panic().empty()) {
    run.wrongs.push_back(node.panic());
  } else if (!stage.ended.reached) {
    run.wrongs.push_back(stage.ended.text);
  } else {
    run.wrongs = lost(node, rest);
  }
  if (!run.wrongs.empty() || trace) run.description = stage.simulation.describe();
  return run;
}

}  // namespace host_sim
