// One node by itself that is denied memory, and what became of it.
#pragma once

#include <string>
#include <vector>

#include "common.hpp"

namespace host_sim {

struct StarvedNode {
  bool denied = false;  // anything
  int status = -1;      // the role's
  std::vector<std::string> transcript{};
  std::vector<std::string> wrongs{};  // panics, leaks, no end; empty: none
  std::string description{};
};

// The role and its words; `trace`: every frame and event to standard output.
StarvedNode run_node(const std::vector<std::string>& role, Drought drought, bool trace = false);

}  // namespace host_sim
