// The worlds in which a board plays a role.
#pragma once

#include "world.hpp"

namespace host_sim::tool {

// "board:NAME", or a pair of partners. UsageError for options that do not fit.
std::unique_ptr<World> make_board_world(const std::string& world, const Arguments& arguments);

// Each in a file of its own, with what was already read from the world's name.
// A board, and this host's sockets as its peer.
std::unique_ptr<World> make_desk_world(const std::string& board, const Arguments& arguments);
// Two boards, or a board and a simulated node, on a link of the simulator's.
std::unique_ptr<World> make_link_world(const std::string& world,
                                       const std::vector<std::string>& partners,
                                       const Arguments& arguments);

}  // namespace host_sim::tool
