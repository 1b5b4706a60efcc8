// host_sim run: one exchange in one world.
#include <fmt/format.h>

#include "chaos_options.hpp"
#include "command.hpp"
#include "interruption.hpp"
#include "looking.hpp"
#include "run_options.hpp"
#include "text.hpp"
#include "transcript_file.hpp"
#include "world.hpp"

namespace host_sim::tool {

namespace {

void add_options(CLI::App& app, Arguments& arguments) {
  add_exchange(app, arguments);
  app.add_option("--world", arguments.world,
                 "Where it runs: posix, this host's sockets on loopback; sim, two lwIP nodes on a "
                 "simulated network, in virtual time; board:NAME, a board and this host's sockets; "
                 "board:NAME,board:NAME or board:NAME,sim, a board and another or a node, on a "
                 "simulated link in real time. `host_sim list` names them. Default: posix.")
      ->type_name("WORLD");
  add_family(app, arguments, "inet (IPv4) or inet6 (IPv6). Default: inet.");
  add_seed(app, arguments);
  add_deadline(app, arguments,
               "The exchange fails, and says in which step, when it has not ended after this time "
               "of its world: 1ms to 24d; a number alone is seconds. Default: 10s.");
  add_say(app, arguments);
  add_text(
      app, "--transcript", "FILE", arguments.transcript,
      "Write the transcript to FILE too, replacing it: the client's lines, then the server's.");
  add_boards(app, arguments);
  add_faults(app, arguments);
  add_chaos(app, arguments);
  add_looking(app, arguments);
  add_report(app, arguments);
}

// What --chaos stands for, as the options that a replay names.
Arguments without_chaos(Arguments arguments) {
  if (!arguments.chaos || arguments.world != "sim") return arguments;
  check_chaos(arguments);
  arguments.chaos = false;
  arguments.network = chaos_options(parse_seed(arguments.seed));
  if (!arguments.deadline) arguments.deadline = chaos_deadline;
  return arguments;
}

int run(const Arguments& given, Console& console) {
  const Exchange& exchange = parse_exchange(given.exchanges.empty() ? "" : given.exchanges[0]);
  const Arguments arguments = without_chaos(given);
  const Settings settings = parse_settings(arguments, exchange);
  check_apart({{"--transcript", arguments.transcript},
               {"--pcap", arguments.pcap},
               {"--report", arguments.report}});
  const StopSignal stop;  // before the nodes' copies are made, which else take the signals
  const std::unique_ptr<World> world = make_world(arguments.world, arguments);
  if (const auto why = world->unavailable(settings.family)) {
    throw UsageError(fmt::format("world {} is not available: {}", world->name(), *why));
  }
  if (const auto why = world->lacks(exchange, settings.family)) {
    throw UsageError(fmt::format("{} is not available in {}, {}: {}", exchange.name, world->name(),
                                 twinsock::name(settings.family), *why));
  }
  std::optional<TranscriptFile> file;
  if (arguments.transcript) file.emplace(*arguments.transcript);
  const auto conclude = [&](const Outcome& outcome) {
    std::vector<std::string> unwritten = outcome.unwritten;
    if (file) {
      if (std::string failure = file->write(outcome); !failure.empty()) {
        unwritten.push_back(std::move(failure));
      }
    }
    for (const std::string& failure : unwritten) console.complain(failure);
    report_outcome(console, exchange, *world, settings, outcome);
    if (outcome.interrupted) return StopSignal::exit_status();
    if (!outcome.passed() && world->replays()) {
      console.say(
          fmt::format("replay: {}", replay_words(exchange, world->name(), settings, arguments)));
    }
    return outcome.passed() && unwritten.empty() ? exit_passed : exit_failed;
  };
  LiveWatcher watcher(console);
  return conclude(run_until_signal(*world, exchange, settings, watcher, stop, conclude));
}

}  // namespace

const Command run_command{
    {"run", "run one exchange in one world", "host_sim run EXCHANGE [OPTION...]",
     R"(Runs the client role and the server role of EXCHANGE, the server first, and
prints their transcripts on standard output as they come, each line behind
`client: ` or `server: `. Everything else goes to standard error.

A transcript holds no address, port or time that a world chooses, so that it
is the same in every world; `host_sim compare` checks that. The lines of the
two roles may interleave differently from run to run in the posix world;
each role's own lines do not.

In the sim world one seed is one run: the same frames at the same virtual
times. A run that fails there ends with a line that replays it.

A board runs in QEMU, without root, or with --serial on the desk. With a
partner, its frames go over a simulated link, that takes the faults; when
they come is then the real time's, so that no seed replays such a run.)",
     R"(0   The exchange passed.
1   It failed: standard error says which role, in which step, what was
    expected, what came, and what to do. Or a file could not be written.
2   Wrong use, or a world that is not available here; nothing was run.
128 and a signal's number: SIGINT (Ctrl-C; 130), SIGTERM (143) or SIGHUP
    (129) ended it. Captures, reports and transcripts hold what was until
    then.)",
     R"(host_sim run tcp_echo
host_sim run udp_chat --family inet6 --say hello --say '###'
host_sim run tcp_bulk --world sim --loss 5% --delay 20ms --seed 7
host_sim run tcp_echo --world sim --pcap echo.pcapng --trace
host_sim run tcp_echo --world board:mps2-an385 --as client
host_sim run udp_echo --world board:mps2-an385,sim --loss 5% --pcap b.pcapng
host_sim run tcp_echo --world sim --chaos --seed 7 --report echo.html)"},
    add_options,
    run};

}  // namespace host_sim::tool
