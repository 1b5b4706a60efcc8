// What both kinds of runs share: the image, which allocations fail, and what was not given back.
#pragma once

#include <string>
#include <vector>

#include <host_sim/simulation.hpp>

namespace host_sim {

const Image& starve_image();

// Allocations of lwIP's, numbered from 1 since the role's start, that fail.
struct Drought {
  unsigned long first = 0;  // 0: none fails
  unsigned long count = 1;
};
std::string words_of(Drought drought);  // "17 20"

bool was_denied(const Node& node);  // anything; else `first` is behind its last allocation

using Pools = std::vector<TwinsockPoolRow>;

// A line for each pool of which more or less is in use than in `rest`, those of an undisturbed run.
std::vector<std::string> lost(const Node& node, const Pools& rest);

}  // namespace host_sim
