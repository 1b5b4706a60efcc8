// One exchange of which one node is denied memory, and what became of it.
#pragma once

#include <string>
#include <vector>

#include "common.hpp"

namespace host_sim {

struct Starvation {
  std::string exchange;
  std::string family = "inet";
  std::string side = "server";  // whose node it is: "client" or "server"
  Drought drought{};
};

struct StarvedRun {
  bool denied = false;                // anything
  std::string client{}, server{};     // why the role failed, as it says; empty: it passed
  std::vector<std::string> wrongs{};  // what may not be; empty: nothing
  std::string description{};          // of the simulation, if something was wrong
};

// `trace`: every frame and event to standard output.
StarvedRun run_starved(const Starvation& starvation, bool trace = false);

}  // namespace host_sim
