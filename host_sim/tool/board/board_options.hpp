// What the options of the board worlds mean.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.hpp"
#include "console.hpp"

namespace host_sim::tool {

inline constexpr std::string_view board_prefix = "board:";
inline constexpr std::uint16_t board_port = 5005;  // where a board serves

// "board:NAME" alone, or two partners parted by a comma or a plus, one of them a board.
bool is_board_world(std::string_view world);
// The partners: boards' names, or "" for a simulated node. UsageError for what is no pair of these.
std::vector<std::string> parse_partners(const std::string& world);
// --as: which role the first partner plays.
Side parse_as(const Arguments& arguments);

}  // namespace host_sim::tool
