// host_sim compare: every exchange in every world, and whether their transcripts are the same.
#include <fmt/format.h>

#include <algorithm>

#include "command.hpp"
#include "comparison.hpp"
#include "run_options.hpp"
#include "text.hpp"

namespace host_sim::tool {

namespace {

void add_options(CLI::App& app, Arguments& arguments) {
  add_exchanges(app, arguments);
  app.add_option(
         "--worlds", arguments.worlds,
         fmt::format("Where they run, parted by commas: two or more of {}. The first that is "
                     "available is what the others are compared with; a board's partner stands "
                     "behind a plus, as in board:NAME+sim. Default: posix,sim.",
                     joined(world_names())))
      ->type_name("WORLD,…");
  add_family(app, arguments, "inet (IPv4), inet6 (IPv6), or both. Default: inet.");
  add_seed(app, arguments);
  add_deadline(app, arguments,
               "Each run of an exchange fails when it has not ended after this time of its world: "
               "1ms to 24d; a number alone is seconds. Default: 10s.");
  app.add_flag("--show", arguments.show, "Print each transcript as its exchange runs.");
  add_boards(app, arguments);
  add_faults(app, arguments);
  add_looking(app, arguments);
}

std::vector<const Exchange*> chosen_exchanges(const Arguments& arguments) {
  std::vector<const Exchange*> chosen;
  for (const std::string& word : arguments.exchanges) chosen.push_back(&parse_exchange(word));
  if (!chosen.empty()) return chosen;
  for (const Exchange& exchange : twinsock::exchanges::all()) chosen.push_back(&exchange);
  return chosen;
}

std::vector<Family> chosen_families(const Arguments& arguments) {
  const std::string word = arguments.family.value_or("inet");
  if (word == "both") return {Family::inet, Family::inet6};
  if (word == "inet" || word == "inet6") return {parse_family(word)};
  throw UsageError(fmt::format("--family: '{}' is not a family; allowed: inet, inet6, both", word));
}

// What is heard while one exchange runs in one world.
class QuietOrLive final : public Watcher {
 public:
  QuietOrLive(Console& console, bool show) : live_(console), show_(show) {}
  void line(Side side, std::string_view line) override {
    if (show_) live_.line(side, line);
  }
  void log(Side side, std::string_view line) override {
    if (show_) live_.log(side, line);
  }

 private:
  LiveWatcher live_;
  bool show_;
};

struct Step {
  std::size_t number, count;  // of all runs
};

Cell run_cell(World& world, const Row& row, Settings settings, Step step, bool show,
              Console& console) {
  settings.family = row.family;
  Cell cell{.world = std::string(world.name())};
  if (const auto why = world.unavailable(row.family)) {
    cell.unavailable = *why;
    return cell;
  }
  if (const auto why = world.lacks(*row.exchange, row.family)) {
    cell.unavailable = *why;
    cell.excused = true;
    return cell;
  }
  const std::string what =
      fmt::format("{} in {}, {}", row.exchange->name, world.name(), twinsock::name(row.family));
  if (show) {
    console.say(console.painted(fmt::format("== {}", what), Paint::dim));
  } else {
    console.progress(fmt::format("[{}/{}] {} …", step.number, step.count, what));
  }
  QuietOrLive watcher(console, show);
  cell.outcome = world.run(*row.exchange, settings, watcher);
  return cell;
}

// Failures, differences and replay lines of a row that is not the same everywhere.
void explain(Console& console, const Row& row, const std::vector<std::unique_ptr<World>>& worlds,
             Settings settings, const Arguments& arguments) {
  settings.family = row.family;
  for (std::size_t i = 0; i < row.cells.size(); ++i) {
    const Cell& cell = row.cells[i];
    const bool here_failed = cell.unavailable.empty() && !cell.outcome.passed();
    for (const std::string& line : why_not_same(row, cell)) console.say(line);
    if (here_failed && worlds[i]->replays()) {
      console.say(fmt::format("replay: {}",
                              replay_words(*row.exchange, worlds[i]->name(), settings, arguments)));
    }
  }
}

int run(const Arguments& arguments, Console& console) {
  const std::vector<const Exchange*> exchanges = chosen_exchanges(arguments);
  const std::vector<Family> families = chosen_families(arguments);
  Arguments without_family = arguments;
  without_family.family.reset();
  const Settings settings = parse_settings(without_family, *exchanges.front());
  if (arguments.pcap) {
    throw UsageError("--pcap holds one run; give it to host_sim run");
  }
  const std::vector<std::unique_ptr<World>> worlds = make_worlds(arguments.worlds, arguments);

  std::vector<Row> rows;
  Step step{0, exchanges.size() * families.size() * worlds.size()};
  for (const Exchange* exchange : exchanges) {
    for (const Family family : families) {
      Row row{exchange, family, {}};
      for (const auto& world : worlds) {
        ++step.number;
        row.cells.push_back(run_cell(*world, row, settings, step, arguments.show, console));
      }
      rows.push_back(std::move(row));
    }
  }
  for (const std::string& line : table(rows, console)) console.say(line);
  for (const Row& row : rows) explain(console, row, worlds, settings, arguments);
  for (const std::string& line : missing_worlds(rows)) console.say(line);
  return std::ranges::all_of(rows, &Row::sound) ? exit_passed : exit_failed;
}

}  // namespace

const Command compare_command{
    {"compare", "run exchanges in several worlds and compare them",
     "host_sim compare [EXCHANGE...] [OPTION...]",
     R"(Runs each EXCHANGE in each world, and compares the transcripts of the two
roles with those of the first world that is available. Prints a table on
standard error at the end:

    same           passed, with the same transcripts
    differs        passed, with other transcripts; an excerpt follows
    failed         what was expected and what came follows
    not available  the reason follows, and what to do about it: of a whole
                   world a failure; of one exchange alone it is none
    passed         no other world passed, to be compared with

While it runs, a terminal shows how far it is; with --show each transcript
is printed as it comes, on standard output.)",
     R"(0   All transcripts are the same in all the worlds that were named, where
    they can be.
1   One differs, an exchange failed, or a whole world is not available.
2   Wrong use; nothing was run.)",
     R"(host_sim compare
host_sim compare tcp_echo udp_echo --family both --show
host_sim compare --worlds posix,sim,board:mps2-an385
host_sim compare --loss 5% --delay 20ms --seed 7 --deadline 10min)"},
    add_options,
    run};

}  // namespace host_sim::tool
