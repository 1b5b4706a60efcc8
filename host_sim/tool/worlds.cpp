// The worlds that this program has: their names, and which options belong to which.
#include "worlds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "board/board_files.hpp"
#include "board/board_options.hpp"
#include "board/board_world.hpp"
#include "text.hpp"

namespace host_sim::tool {

namespace {

// Kinds of worlds, as bits: an option may belong to several.
using Kinds = unsigned;
constexpr Kinds posix = 1, sim = 2, desk = 4, link = 8;

struct WorldEntry {
  std::string_view name;
  Kinds kind;
  std::unique_ptr<World> (*make)(const Arguments& arguments);
};

constexpr std::array<WorldEntry, 2> entries{{
    {"posix", posix, [](const Arguments&) { return make_posix_world(); }},
    {"sim", sim, make_sim_world},
}};

std::string no_such_world(std::string_view name) {
  const std::vector<std::string_view> names = world_names();
  return fmt::format("there is no world '{}'{} allowed: {}, or two partners, as board:NAME,sim",
                     name, nearest(name, names).empty() ? ";" : suggestion(name, names),
                     joined(names));
}

Kinds kind_of(std::string_view name) {
  if (is_board_world(name)) {
    return parse_partners(std::string(name)).size() == 1 ? desk : link;
  }
  const auto entry = std::ranges::find(entries, name, &WorldEntry::name);
  if (entry == entries.end()) throw UsageError(no_such_world(name));
  return entry->kind;
}

struct PlacedOption {
  std::string name;
  Kinds kinds;  // of the worlds that take it
};

// Those that were given and that some world does not take.
std::vector<PlacedOption> placed_options(const Arguments& arguments) {
  std::vector<PlacedOption> given;
  const auto add = [&](bool is_given, std::string_view name, Kinds kinds) {
    if (is_given) given.push_back({std::string(name), kinds});
  };
  for (const GivenOption& option : arguments.network) add(true, option.name, sim | link);
  add(arguments.profile.has_value(), "--profile", sim | link);
  add(arguments.image.has_value(), "--image", sim | link);
  add(arguments.pcap.has_value(), "--pcap", sim | desk | link);
  add(arguments.report.has_value(), "--report", sim | link);
  add(arguments.chaos, "--chaos", sim);
  add(arguments.trace, "--trace", sim | link);
  add(arguments.sockets, "--sockets", sim);
  add(arguments.hash, "--hash", sim);
  add(arguments.tap.has_value(), "--tap", sim);
  add(arguments.as.has_value(), "--as", desk | link);
  add(arguments.firmware.has_value(), "--firmware", desk | link);
  add(arguments.serial.has_value(), "--serial", desk);
  add(arguments.board_at.has_value(), "--board-at", desk);
  add(arguments.host_at.has_value(), "--host-at", desk);
  return given;
}

std::string owners(Kinds kinds) {
  std::vector<std::string_view> words;
  if (kinds & sim) words.emplace_back("the sim world");
  if (kinds & desk) words.emplace_back("the world board:NAME");
  if (kinds & link) words.emplace_back("a board's link, as board:NAME,sim");
  return joined(words, " and ");
}

void refuse_misplaced_options(const Arguments& arguments, Kinds asked_for,
                              std::string_view worlds) {
  for (const PlacedOption& option : placed_options(arguments)) {
    if (option.kinds & asked_for) continue;
    throw UsageError(
        fmt::format("{} is for {}, and only {} was asked for; leave it out, or name "
                    "such a world",
                    option.name, owners(option.kinds), worlds));
  }
  if ((arguments.board_at || arguments.host_at) && !arguments.serial) {
    throw UsageError("--board-at and --host-at go with --serial");
  }
}

std::unique_ptr<World> make(const std::string& name, const Arguments& arguments) {
  if (is_board_world(name)) return make_board_world(name, arguments);
  return std::ranges::find(entries, std::string_view(name), &WorldEntry::name)->make(arguments);
}

}  // namespace

void refuse_network_options(const Arguments& arguments, std::string_view world) {
  refuse_misplaced_options(arguments, kind_of(world), world);
}

std::optional<std::string> World::lacks(const Exchange& exchange, Family family) {
  const char* why = twinsock::exchanges::lacking_over_lwip(exchange, family);
  return why != nullptr ? std::optional<std::string>(why) : std::nullopt;
}

std::vector<std::string_view> world_names() {
  static const std::vector<std::string> boards = [] {
    std::vector<std::string> names;
    for (const std::string_view board : board_names()) {
      names.push_back(fmt::format("{}{}", board_prefix, board));
    }
    return names;
  }();
  std::vector<std::string_view> names;
  names.reserve(std::size(entries) + boards.size());
  for (const WorldEntry& entry : entries) names.push_back(entry.name);
  names.insert(names.end(), boards.begin(), boards.end());
  return names;
}

std::unique_ptr<World> make_world(std::string_view name, const Arguments& arguments) {
  refuse_misplaced_options(arguments, kind_of(name), name);
  return make(std::string(name), arguments);
}

std::vector<std::unique_ptr<World>> make_worlds(const std::string& names,
                                                const Arguments& arguments) {
  std::vector<std::string> chosen;
  Kinds kinds = 0;
  for (const std::string& name : split(names, ',')) {
    kinds |= kind_of(name);
    if (std::ranges::find(chosen, name) != chosen.end()) {
      throw UsageError(fmt::format("--worlds: {} is named twice; name each world once", name));
    }
    chosen.push_back(name);
  }
  if (chosen.size() < 2) {
    throw UsageError(
        fmt::format("--worlds: {} alone has nothing to be compared with; allowed: two "
                    "or more of {}, parted by commas (partners by +, as board:NAME+sim)",
                    names, joined(world_names())));
  }
  refuse_misplaced_options(arguments, kinds, names);
  std::vector<std::unique_ptr<World>> worlds;
  worlds.reserve(chosen.size());
  for (const std::string& name : chosen) worlds.push_back(make(name, arguments));
  return worlds;
}

}  // namespace host_sim::tool
