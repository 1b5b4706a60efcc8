// The worlds that this program has: their names, and which options belong to which.
#include "worlds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "text.hpp"

namespace host_sim::tool {

namespace {

struct WorldEntry {
  std::string_view name;
  bool has_network;  // a simulated one, that takes the network options
  std::unique_ptr<World> (*make)(const Arguments& arguments);
};

constexpr std::array<WorldEntry, 2> entries{{
    {"posix", false, [](const Arguments&) { return make_posix_world(); }},
    {"sim", true, make_sim_world},
}};

const WorldEntry& find_entry(std::string_view name) {
  const auto entry = std::ranges::find(entries, name, &WorldEntry::name);
  if (entry != entries.end()) return *entry;
  const std::vector<std::string_view> names = world_names();
  throw UsageError(fmt::format("there is no world '{}'{} allowed: {}", name,
                               nearest(name, names).empty() ? ";" : suggestion(name, names),
                               joined(names)));
}

// The first network option that was given; "" for none.
std::string first_network_option(const Arguments& arguments) {
  if (!arguments.network.empty()) return arguments.network.front().name;
  if (arguments.profile) return "--profile";
  if (arguments.image) return "--image";
  if (arguments.pcap) return "--pcap";
  if (arguments.report) return "--report";
  if (arguments.chaos) return "--chaos";
  if (arguments.trace) return "--trace";
  if (arguments.sockets) return "--sockets";
  if (arguments.hash) return "--hash";
  return "";
}

void refuse_network_options(const Arguments& arguments, std::string_view worlds) {
  const std::string option = first_network_option(arguments);
  if (option.empty()) return;
  throw UsageError(
      fmt::format("{} is for the sim world, and only {} was asked for; leave it out, "
                  "or name the sim world",
                  option, worlds));
}

}  // namespace

std::vector<std::string_view> world_names() {
  std::vector<std::string_view> names;
  names.reserve(std::size(entries));
  for (const WorldEntry& entry : entries) names.push_back(entry.name);
  return names;
}

std::unique_ptr<World> make_world(std::string_view name, const Arguments& arguments) {
  const WorldEntry& entry = find_entry(name);
  if (!entry.has_network) refuse_network_options(arguments, name);
  return entry.make(arguments);
}

std::vector<std::unique_ptr<World>> make_worlds(const std::string& names,
                                                const Arguments& arguments) {
  std::vector<const WorldEntry*> chosen;
  for (const std::string& name : split(names, ',')) {
    const WorldEntry& entry = find_entry(name);
    if (std::ranges::find(chosen, &entry) != chosen.end()) {
      throw UsageError(fmt::format("--worlds: {} is named twice; name each world once", name));
    }
    chosen.push_back(&entry);
  }
  if (chosen.size() < 2) {
    throw UsageError(
        fmt::format("--worlds: {} alone has nothing to be compared with; allowed: two "
                    "or more of {}, parted by commas",
                    names, joined(world_names())));
  }
  if (std::ranges::none_of(chosen, &WorldEntry::has_network)) {
    refuse_network_options(arguments, names);
  }
  std::vector<std::unique_ptr<World>> worlds;
  worlds.reserve(chosen.size());
  for (const WorldEntry* entry : chosen) worlds.push_back(entry->make(arguments));
  return worlds;
}

}  // namespace host_sim::tool
