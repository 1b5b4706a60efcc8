// The worlds that this program has, and how each is set up.
#pragma once

#include "world.hpp"

namespace host_sim::tool {

std::unique_ptr<World> make_posix_world();
// UsageError for an option of the network that is out of range.
std::unique_ptr<World> make_sim_world(const Arguments& arguments);
// UsageError if an option was given that belongs to other worlds than `world`.
void refuse_network_options(const Arguments& arguments, std::string_view world);

}  // namespace host_sim::tool
