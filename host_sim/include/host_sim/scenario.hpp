// A network in a text file: which faults, when, and what happens to the nodes.
//
//   # comment
//   summary: A server that loses its power and comes back without its connections
//   both: delay=10ms               faults of both directions
//   out: rate=1Mbit queue=16       of frames from the client; in: of frames to it
//   at 2s both: loss=30%           from 2 s of the simulation's clock on
//   at 5s both: clear              back to what the lines without `at` say
//   at 3s node server: restart 2s  or: off, on, reset, skew=PPM (-500000 to 1000000)
//
// One link is meant: the one that connects the client to the rest. Lines without `at` hold from the
// start; `out:` and `in:` add to `both:`. A mistake is reported as FILE:LINE: what, and what is
// allowed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <host_sim/simulation.hpp>

namespace host_sim {

struct Scenario {
  enum class Power : uint8_t { none, off, on, reset, restart, skew };

  struct Step {
    Instant at{};
    uint32_t line = 0;
    // Faults, if node is empty: settings on top of what holds at the time, or a return to `base`.
    Way way = Way::both;
    bool clear = false;
    std::vector<std::pair<std::string, std::string>> settings;
    // Else what happens to a node.
    std::string node;
    Power power = Power::none;
    Duration duration{};  // restart
    int32_t skew_ppm = 0;
  };

  std::string file;
  std::string summary;
  Faults out, in;           // from the start; a tool lays its own options on top of them
  std::vector<Step> steps;  // by time; of one instant, in the order of the file

  // Sets the link's faults and schedules the steps. Refuses steps for nodes that are not there.
  Expected<void> apply(Simulation& simulation, Link& link) const;
};

Expected<Scenario> parse_scenario(std::string_view text, const std::string& file);
Expected<Scenario> read_scenario(const std::string& path);

}  // namespace host_sim
