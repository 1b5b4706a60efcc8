// What `run` and `compare` share.
#include "run_options.hpp"

#include <fmt/format.h>

#include "command.hpp"
#include "text.hpp"

namespace host_sim::tool {

Settings parse_settings(const Arguments& arguments, const Exchange& exchange) {
  check_say(arguments.say, exchange);
  return {.family = parse_family(arguments.family.value_or("inet")),
          .seed = parse_seed(arguments.seed),
          .deadline = parse_deadline(arguments.deadline.value_or("10s")),
          .say = arguments.say};
}

void LiveWatcher::line(Side side, std::string_view line) { console_.transcript(side, line); }

void LiveWatcher::log(Side side, std::string_view line) {
  console_.say(
      console_.painted(fmt::format("{} log: {}", name(side), printable(line)), Paint::dim));
}

void report_outcome(Console& console, const Exchange& exchange, const World& world,
                    const Settings& settings, const Outcome& outcome) {
  const std::string what =
      fmt::format("{} in {}, {}", exchange.name, world.name(), twinsock::name(settings.family));
  for (const std::string& note : outcome.notes) console.say(note);
  for (const Side side : {Side::client, Side::server}) {
    const std::string& failure = outcome.role(side).failure;
    if (!failure.empty()) console.complain(fmt::format("{}: {}: {}", what, name(side), failure));
  }
  for (const std::string& line : outcome.broken) {
    console.complain(fmt::format("{}: {}", what, line));
  }
  console.say(fmt::format("{}: {}", what,
                          outcome.interrupted ? console.painted("interrupted", Paint::bad)
                          : outcome.passed()  ? console.painted("passed", Paint::good)
                                              : console.painted("failed", Paint::bad)));
}

std::string replay_words(const Exchange& exchange, std::string_view world, const Settings& settings,
                         const Arguments& arguments) {
  std::string words = fmt::format("host_sim run {} --world {}", exchange.name, world);
  if (settings.family != Family::inet) {
    words += fmt::format(" --family {}", twinsock::name(settings.family));
  }
  if (arguments.deadline) words += fmt::format(" --deadline {}", shell_word(*arguments.deadline));
  for (const std::string& line : settings.say) words += fmt::format(" --say {}", shell_word(line));
  return fmt::format("{}{} --seed {}", words, network_words(arguments), settings.seed);
}

}  // namespace host_sim::tool
