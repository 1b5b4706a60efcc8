// Applies a scenario: its faults from the start, its steps at their times.
#include <host_sim/scenario.hpp>

namespace host_sim {
namespace {

std::string place(const Scenario& scenario, const Scenario::Step& step) {
  return scenario.file + ":" + std::to_string(step.line) + ": ";
}

Expected<void> change(Faults& faults, const Scenario::Step& step) {
  for (const auto& [name, value] : step.settings) {
    if (auto set = set_fault(faults, name, value); !set) return set;
  }
  return check_faults(faults);
}

void take_step(Simulation& simulation, Link& link, const Scenario::Step& step, const Faults& out,
               const Faults& in) {
  if (!step.node.empty()) {
    Node& node = *simulation.find_node(step.node);
    switch (step.power) {
      case Scenario::Power::none: return;
      case Scenario::Power::off: return node.power_off();
      case Scenario::Power::on: return node.power_on();
      case Scenario::Power::reset: return node.reset();
      case Scenario::Power::restart: return node.restart(step.duration);
      case Scenario::Power::skew: return node.set_clock_skew(step.skew_ppm);
    }
  }
  for (const Way way : {Way::out, Way::in}) {
    if (step.way != Way::both && step.way != way) continue;
    Faults faults = step.clear ? (way == Way::out ? out : in) : link.faults(way);
    // Each step was tried when the scenario was applied.
    if (change(faults, step)) static_cast<void>(!link.set_faults(faults, way));
  }
}

}  // namespace

Expected<void> Scenario::apply(Simulation& simulation, Link& link) const {
  // All of it is tried before anything happens: a mistake is known at the start.
  Faults now[2] = {out, in};
  for (const Step& step : steps) {
    if (!step.node.empty() && simulation.find_node(step.node) == nullptr) {
      std::string names;
      for (const Node* node : simulation.nodes()) {
        names += (names.empty() ? "" : ", ") + node->name();
      }
      return Error{place(*this, step) + "there is no node '" + step.node + "': allowed are " +
                   names};
    }
    for (const Way way : {Way::out, Way::in}) {
      if (!step.node.empty() || (step.way != Way::both && step.way != way)) continue;
      Faults& faults = now[way == Way::out ? 0 : 1];
      if (step.clear) faults = way == Way::out ? out : in;
      if (auto changed = change(faults, step); !changed) {
        return Error{place(*this, step) + changed.error()};
      }
    }
  }
  if (auto set = link.set_faults(out, Way::out); !set) return Error{file + ": " + set.error()};
  if (auto set = link.set_faults(in, Way::in); !set) return Error{file + ": " + set.error()};
  for (const Step& step : steps) {
    simulation.at(step.at, [&simulation, &link, step, first = out, second = in] {
      take_step(simulation, link, step, first, second);
    });
  }
  return {};
}

}  // namespace host_sim
