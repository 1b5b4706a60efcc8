// host_sim list: the exchanges and the worlds.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

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

// Exchanges that cannot be in a world that is here; worlds with one reason stand in one line.
class Lacking {
 public:
  void add(World& world) {
    for (const Family family : {Family::inet, Family::inet6}) {
      if (world.unavailable(family)) continue;
      for (const Exchange& exchange : twinsock::exchanges::all()) {
        if (const auto why = world.lacks(exchange, family)) add(world, exchange, family, *why);
      }
    }
  }
  std::string text() const {
    std::string out;
    for (const Line& line : lines_) {
      out += fmt::format("  {} in {}, {}: not available: {}\n", line.exchange->name,
                         fmt::join(line.worlds, ", "), twinsock::name(line.family), line.why);
    }
    return out;
  }

 private:
  struct Line {
    const Exchange* exchange;
    Family family;
    std::string why;
    std::vector<std::string> worlds;
  };

  void add(World& world, const Exchange& exchange, Family family, const std::string& why) {
    const auto same = std::find_if(lines_.begin(), lines_.end(), [&](const Line& line) {
      return line.exchange == &exchange && line.family == family && line.why == why;
    });
    Line& line =
        same != lines_.end() ? *same : lines_.emplace_back(Line{&exchange, family, why, {}});
    line.worlds.emplace_back(world.name());
  }

  std::vector<Line> lines_;
};

int run(const Arguments& arguments, Console& console) {
  std::string out = "Exchanges\n";
  for (const Exchange& exchange : twinsock::exchanges::all()) {
    out += fmt::format("  {:20} {}\n", exchange.name, exchange.summary);
  }
  out += "\nWorlds\n";
  Lacking not_everywhere;
  for (const std::string_view name : world_names()) {
    const std::unique_ptr<World> world = make_world(name, arguments);
    out += availability(*world);
    not_everywhere.add(*world);
  }
  const std::string lacking = not_everywhere.text();
  if (!lacking.empty()) out += "\nNot everywhere\n" + lacking;
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
