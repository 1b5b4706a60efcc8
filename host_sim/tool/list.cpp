// host_sim list: the exchanges and the worlds.
#include <fmt/format.h>

#include <algorithm>

#include "command.hpp"
#include "world.hpp"

namespace host_sim::tool {

namespace {

std::string availability(World& world) {
  std::string out;
  for (const Family family : {Family::inet, Family::inet6}) {
    const auto why = world.unavailable(family);
    out += fmt::format("  {:20} {:6} {}\n", world.name(), twinsock::name(family),
                       why ? fmt::format("not available: {}", *why) : "available");
  }
  return out;
}

// The exchanges that cannot be in a world that is here.
std::string lacking(World& world) {
  std::string out;
  for (const Exchange& exchange : twinsock::exchanges::all()) {
    for (const Family family : {Family::inet, Family::inet6}) {
      if (world.unavailable(family)) continue;
      const auto why = world.lacks(exchange, family);
      if (!why) continue;
      out += fmt::format("  {} in {}, {}: not available: {}\n", exchange.name, world.name(),
                         twinsock::name(family), *why);
    }
  }
  return out;
}

int run(const Arguments& arguments, Console& console) {
  std::string out = "Exchanges\n";
  for (const Exchange& exchange : twinsock::exchanges::all()) {
    out += fmt::format("  {:20} {}\n", exchange.name, exchange.summary);
  }
  out += "\nWorlds\n";
  std::string not_everywhere;
  for (const std::string_view name : world_names()) {
    const std::unique_ptr<World> world = make_world(name, arguments);
    out += availability(*world);
    not_everywhere += lacking(*world);
  }
  if (!not_everywhere.empty()) out += "\nNot everywhere\n" + not_everywhere;
  console.print(out);
  return exit_passed;
}

}  // namespace

const Command list_command{
    {"list", "list the exchanges, and the worlds they can run in here", "host_sim list",
     R"(Prints the name of each exchange with one line on what it does, then each
world with each family: available, or why not and what to do. Exchanges that
cannot be in a world that is available stand at the end, with the reason.)",
     "0   The list was printed.\n2   Wrong use.", "host_sim list"},
    [](CLI::App&, Arguments&) {},
    run};

}  // namespace host_sim::tool
