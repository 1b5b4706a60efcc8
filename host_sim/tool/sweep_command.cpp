// host_sim sweep: many seeds, on as many processors as there are.
#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "chaos_options.hpp"
#include "command.hpp"
#include "run_options.hpp"
#include "sweep.hpp"
#include "text.hpp"

namespace host_sim::tool {

namespace {

void add_options(CLI::App& app, Arguments& arguments) {
  app.add_option(
      "EXCHANGE...", arguments.exchanges,
      fmt::format("What to run with each seed: all, or any of {}.", joined(exchange_names())));
  app.add_option("--seeds", arguments.seeds,
                 "The seeds, both ends included: 0 to 18446744073709551615, at most 100,000,000 of "
                 "them.")
      ->type_name("A..B");
  add_text(app, "--jobs", "N", arguments.jobs,
           "How many processes run at once: 1 to 1024. Default: one for each processor.");
  add_text(app, "--shard", "I/N", arguments.shard,
           "Do the I-th of N equal parts, I from 1 to N: the N parts together are the whole sweep, "
           "on as many machines. Default: 1/1.");
  add_text(app, "--junit", "FILE", arguments.junit,
           "Write what became of each run to FILE, in JUnit's format, for CI systems and for "
           "`host_sim merge`. A run that gave up cleanly is a skipped case.");
  add_family(app, arguments, "inet (IPv4), inet6 (IPv6), or both. Default: inet.");
  add_deadline(app, arguments,
               "Of each run, in virtual time: 1ms to 24d; a number alone is seconds. Default: 10s; "
               "with --chaos 10min.");
  app.add_flag("--strict", arguments.strict,
               "A run that gave up cleanly is a failure too: every exchange has to pass.");
  add_faults(app, arguments);
  add_chaos(app, arguments);
}

std::vector<const Exchange*> chosen_exchanges(const std::vector<std::string>& words) {
  std::vector<const Exchange*> chosen;
  if (words == std::vector<std::string>{"all"}) {
    for (const Exchange& exchange : twinsock::exchanges::all()) chosen.push_back(&exchange);
    return chosen;
  }
  if (words.empty()) {
    throw UsageError(
        fmt::format("EXCHANGE is missing; it is all, or any of: {}", joined(exchange_names())));
  }
  for (const std::string& word : words) {
    const Exchange& exchange = parse_exchange(word);
    if (std::ranges::find(chosen, &exchange) != chosen.end()) {
      throw UsageError(fmt::format("{} is named twice; name each exchange once", word));
    }
    chosen.push_back(&exchange);
  }
  return chosen;
}

std::vector<Family> chosen_families(const Arguments& arguments) {
  const std::string word = arguments.family.value_or("inet");
  if (word == "both") return {Family::inet, Family::inet6};
  if (word == "inet" || word == "inet6") return {parse_family(word)};
  throw UsageError(fmt::format("--family: '{}' is not a family; allowed: inet, inet6, both", word));
}

SweepPlan read_plan(const Arguments& arguments) {
  check_chaos(arguments);
  SweepPlan plan{.exchanges = chosen_exchanges(arguments.exchanges),
                 .families = chosen_families(arguments),
                 .seeds = parse_seeds(arguments.seeds),
                 .shard = parse_shard(arguments.shard.value_or("1/1")),
                 .chaos = arguments.chaos,
                 .network = arguments.network,
                 .deadline = parse_deadline(arguments.deadline.value_or("10s"))};
  if (plan.kinds().empty()) check_over_lwip(*plan.exchanges.front(), plan.families.front());
  read_network(plan.network);  // refuses what is wrong before anything runs
  if (plan.size() == 0) {
    throw UsageError(
        fmt::format("--shard: {} has nothing to do, as there are fewer runs than "
                    "shards; allowed: at most as many shards as runs",
                    arguments.shard.value_or("")));
  }
  return plan;
}

// What the shards of one sweep have in common.
std::string sweep_words(const Arguments& arguments) {
  std::string words = "host_sim sweep";
  for (const std::string& exchange : arguments.exchanges) words += " " + exchange;
  words += fmt::format(" --seeds {}", arguments.seeds);
  if (arguments.family) words += fmt::format(" --family {}", *arguments.family);
  if (arguments.deadline) words += fmt::format(" --deadline {}", *arguments.deadline);
  if (arguments.strict) words += " --strict";
  if (arguments.chaos) words += " --chaos";
  return words + network_words(arguments);
}

// Made before anything runs, so that a name that cannot be written costs no night of work.
class JunitFile {
 public:
  explicit JunitFile(const std::string& path) : path_(path), file_(std::fopen(path.c_str(), "we")) {
    if (file_ != nullptr) return;
    throw UsageError(
        fmt::format("--junit: cannot write '{}': {}; name a file in a folder that "
                    "exists and may be written",
                    path, std::strerror(errno)));
  }
  ~JunitFile() {
    if (file_ != nullptr) std::fclose(file_);
  }
  JunitFile(const JunitFile&) = delete;
  JunitFile& operator=(const JunitFile&) = delete;

  bool write(const TestFile& tests, Console& console) {
    const std::string text = format_junit(tests);
    bool complete = std::fwrite(text.data(), 1, text.size(), file_) == text.size();
    complete = std::fclose(std::exchange(file_, nullptr)) == 0 && complete;
    if (!complete) {
      console.complain(fmt::format("cannot write '{}': {}; make room, then run again", path_,
                                   std::strerror(errno)));
    }
    return complete;
  }

 private:
  std::string path_;
  std::FILE* file_;
};

void print_summary(const Sweep& sweep, Console& console) {
  const Progress& progress = sweep.progress();
  const std::uint64_t passed = progress.done - progress.failed - progress.gave_up;
  if (sweep.interrupted() && progress.done < progress.planned) {
    console.say(
        fmt::format("interrupted: {} of {} runs were made", progress.done, progress.planned));
  }
  const std::string failed = fmt::format("{} failed", progress.failed);
  console.say(fmt::format(
      "sweep: {} runs: {} passed, {} gave up cleanly, {}; {}, {:.0f} runs a second", progress.done,
      passed, progress.gave_up,
      console.painted(failed, progress.failed > 0 ? Paint::bad : Paint::good),
      rough_time(progress.seconds),
      progress.seconds > 0 ? static_cast<double>(progress.done) / progress.seconds : 0));
}

int run(const Arguments& given, Console& console) {
  Arguments arguments = given;
  if (arguments.chaos && !arguments.deadline) arguments.deadline = chaos_deadline;
  SweepPlan plan = read_plan(arguments);
  const unsigned jobs = arguments.jobs ? parse_jobs(*arguments.jobs) : processor_count();
  SimImage image = open_image(arguments);
  if (!image.image) throw UsageError(fmt::format("world sim is not available: {}", image.missing));
  std::optional<JunitFile> junit;
  if (arguments.junit) junit.emplace(*arguments.junit);

  const auto words = [&arguments](const Trial& trial) {
    Arguments one = arguments;
    one.network = trial.network;
    const Settings settings{.family = trial.family, .seed = trial.seed, .deadline = {}, .say = {}};
    return replay_words(*trial.exchange, "sim", settings, one);
  };
  const std::uint64_t planned = plan.size();
  Sweep sweep(std::move(plan), *image.image, arguments.strict, junit.has_value(), words, console);
  sweep.run(jobs);
  print_summary(sweep, console);
  bool written = true;
  if (junit) {
    written = junit->write({.sweep = sweep_words(arguments),
                            .shard = arguments.shard.value_or("1/1"),
                            .planned = planned,
                            .suites = sweep.suites()},
                           console);
  }
  if (sweep.progress().failed > 0 || !written) return exit_failed;
  return sweep.interrupted() ? exit_interrupted : exit_passed;
}

}  // namespace

const Command sweep_command{{"sweep", "run exchanges with many seeds, and shrink what fails",
                             "host_sim sweep EXCHANGE...|all --seeds A..B [OPTION...]",
                             R"(Runs each EXCHANGE in the sim world once with each seed, in as many
processes as there are processors. A run that crashes or hangs is one
failure, and the rest goes on.

A run fails when the socket layer broke a promise: wrong bytes or a wrong
end of the stream, a role that ended more than 1 s behind its deadline or
never, a panic or a crash, a reset or a refusal that neither the other
role's end nor a power cycle explains, anything that a node still holds
when all connections have faded, and 2 minutes of wall time without an end.
Without any fault everything but a pass is a failure.

Under faults a role may also give up cleanly: it ends within its deadline,
with timed_out, connection_aborted or unreachable, and the other role for
that reason. Those runs are counted by themselves and are no failures,
unless --strict is given.

Each failure is printed as soon as it is found, with a line that replays
it; at the end the first ten are run again with fewer and smaller faults,
as long as they still fail. Ctrl-C ends the sweep and loses nothing that
was found.)",
                             R"(0    No run failed.
1    A run failed.
2    Wrong use; nothing was run.
130  Interrupted, and no run had failed until then.)",
                             R"(host_sim sweep all --seeds 1..200 --chaos
host_sim sweep tcp_bulk --seeds 1..1000 --loss 5% --deadline 10min --strict
host_sim sweep all --seeds 1..100000 --chaos --shard 3/50 --junit 3.xml)"},
                            add_options,
                            run};

}  // namespace host_sim::tool
