// Words of the board worlds, read and refused.
#include "board/board_options.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "text.hpp"

namespace host_sim::tool {

bool is_board_world(std::string_view world) {
  return world.find(board_prefix) != std::string_view::npos;
}

std::vector<std::string> parse_partners(const std::string& world) {
  constexpr std::string_view allowed =
      "allowed: board:NAME, or two of board:NAME and sim, as board:NAME,sim";
  std::string parted = world;
  std::ranges::replace(parted, '+', ',');
  std::vector<std::string> partners;
  for (const std::string& word : split(parted, ',')) {
    if (word == "sim") {
      partners.emplace_back();
    } else if (word.starts_with(board_prefix) && word.size() > board_prefix.size()) {
      partners.push_back(word.substr(board_prefix.size()));
    } else {
      throw UsageError(fmt::format("'{}' is no partner of a board; {}", word, allowed));
    }
  }
  if (partners.size() > 2) {
    throw UsageError(fmt::format("{} names {} partners; {}", world, partners.size(), allowed));
  }
  return partners;
}

Side parse_as(const Arguments& arguments) {
  const std::string word = arguments.as.value_or("server");
  if (word == "server") return Side::server;
  if (word == "client") return Side::client;
  throw UsageError(fmt::format("--as: '{}' is no role; allowed: client, server", word));
}

}  // namespace host_sim::tool
