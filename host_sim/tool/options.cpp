// The options that several commands share.
#include <fmt/format.h>

#include <cctype>

#include <host_sim/faults.hpp>

#include "command.hpp"
#include "text.hpp"
#include "worlds.hpp"

namespace host_sim::tool {

namespace {

constexpr const char* network_group =
    "NETWORK OPTIONS (sim, and a board's link; faults hold in both directions)";
constexpr const char* board_group = "BOARD OPTIONS (the worlds with a board)";

void add_given(CLI::App& app, Arguments& arguments, const std::string& name, const char* value,
               const std::string& text, bool repeatable) {
  const auto store = [&arguments, name, repeatable](const std::vector<std::string>& values) {
    if (values.size() > 1 && !repeatable) {
      throw UsageError(fmt::format("{} is given twice; give it once", name));
    }
    for (const std::string& given : values) arguments.network.push_back({name, given});
  };
  app.add_option_function<std::vector<std::string>>(name, store, text)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name(value)
      ->group(network_group);
}

void add_firmware(CLI::App& app, Arguments& arguments) {
  add_text(app, "--firmware", "PATH", arguments.firmware,
           "Where the boards' images are: an exchanges.elf, the directory of its build, or a "
           "directory that holds such a one for each board. Default: the build tree of host_sim.")
      ->group(board_group);
}

std::string sentences(const FaultSetting& setting) {
  std::string text = fmt::format("{}. Allowed: {}.", setting.summary, setting.allowed);
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

}  // namespace

void add_exchange(CLI::App& app, Arguments& arguments) {
  app.add_option("EXCHANGE", arguments.exchanges,
                 fmt::format("What to run: one of {}.", joined(exchange_names())))
      ->expected(1)
      ->allow_extra_args(false);
}

void add_exchanges(CLI::App& app, Arguments& arguments) {
  app.add_option("EXCHANGE...", arguments.exchanges,
                 fmt::format("What to run, in this order: any of {}. Default: all of them.",
                             joined(exchange_names())));
}

void add_family(CLI::App& app, Arguments& arguments, const char* text) {
  app.add_option("--family", arguments.family, text)->type_name("FAMILY");
}

void add_seed(CLI::App& app, Arguments& arguments) {
  app.add_option("--seed", arguments.seed,
                 "Where all chance in the sim world comes from: 0 to 18446744073709551615. The "
                 "posix world, whose kernel takes no seed, runs the same with any. Default: 1.")
      ->type_name("N");
}

void add_deadline(CLI::App& app, Arguments& arguments, const char* text) {
  add_text(app, "--deadline", "TIME", arguments.deadline, text);
}

void add_say(CLI::App& app, Arguments& arguments) {
  app.add_option("--say", arguments.say,
                 "tcp_chat and udp_chat: a LINE of 1 to 500 bytes for the client to say; up to 16 "
                 "times, in order. ### ends the chat, and is said at the end if it is missing. "
                 "Default: the exchange's own lines.")
      ->type_name("LINE")
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_interactive(CLI::App& app, Arguments& arguments, const char* text) {
  app.add_flag("--interactive", arguments.interactive, text);
}

CLI::Option* add_text(CLI::App& app, const std::string& name, const char* value,
                      std::optional<std::string>& target, const char* text) {
  return app.add_option(name, target, text)->type_name(value);
}

void add_faults(CLI::App& app, Arguments& arguments) {
  add_given(app, arguments, "--scenario", "FILE",
            "A network in a text file: its faults, when they come and go, and what happens to the "
            "nodes. The options below are laid on top of it.",
            false);
  for (const FaultSetting& setting : fault_settings()) {
    const std::string_view name = setting.name;
    add_given(app, arguments, fmt::format("--{}", name), setting.value, sentences(setting),
              name == "partition" || name == "down");
  }
  add_text(
      app, "--profile", "PROFILE", arguments.profile,
      "How much memory the nodes' lwIP has: tiny, default or large; or default-messages, which is "
      "default without core locking. Default: default.")
      ->group(network_group);
  add_text(app, "--image", "FILE", arguments.image,
           "The node image to load instead of the one that was built or installed with host_sim.")
      ->group(network_group);
}

void add_peer_world(CLI::App& app, Arguments& arguments) {
  app.add_option("--world", arguments.world,
                 "Who does it: posix, this host's sockets; sim, a node with lwIP on a simulated "
                 "network in real time; or board:NAME, a board in QEMU, behind this host's IPv4 "
                 "addresses. Default: posix.")
      ->type_name("WORLD");
  add_firmware(app, arguments);
}

void add_boards(CLI::App& app, Arguments& arguments) {
  add_text(app, "--as", "ROLE", arguments.as,
           "Which role the board plays (of two partners the first): client or server. Default: "
           "server.")
      ->group(board_group);
  add_firmware(app, arguments);
  add_text(app, "--serial", "DEV[,BAUD]", arguments.serial,
           "Take the board on the desk whose console is at this serial device, instead of QEMU; "
           "it is reset first. Default speed: 115200.")
      ->group(board_group);
  add_text(app, "--board-at", "ADDR:PORT", arguments.board_at,
           "With --serial: where this host reaches the board's server, if something stands between "
           "them. Default: the address that the board says, port 5005.")
      ->group(board_group);
  add_text(app, "--host-at", "ADDR", arguments.host_at,
           "With --serial: the address by which the board reaches this host, likewise.")
      ->group(board_group);
}

void add_chaos(CLI::App& app, Arguments& arguments) {
  app.add_flag("--chaos", arguments.chaos,
               "Let the seed choose the faults, instead of the options above: a bad network, each "
               "different, on which every exchange can still end. The deadline is then 10min where "
               "--deadline is not given.")
      ->group(network_group);
}

void add_looking(CLI::App& app, Arguments& arguments) {
  add_text(app, "--pcap", "FILE", arguments.pcap,
           "Write every frame to FILE, for Wireshark: pcapng with nanoseconds, and a comment on "
           "each frame that did not simply arrive.")
      ->group(network_group);
  app.add_flag("--trace", arguments.trace,
               "Print every frame and event as a line of text on standard error, behind a legend.")
      ->group(network_group);
  app.add_flag(
         "--sockets", arguments.sockets,
         "Print each node's socket table, as it is when the first role has ended, on standard "
         "error; a failure prints all tables unasked.")
      ->group(network_group);
  app.add_flag("--hash", arguments.hash,
               "Print the SHA-256 of all frames, times and events on standard error: the same for "
               "the same command on every machine and with every build of one version.")
      ->group(network_group);
}

void add_tap(CLI::App& app, Arguments& arguments) {
  add_text(app, "--tap", "DEVICE", arguments.tap,
           "Join a TAP device, which exists and is up, as a cable would, instead of this host's "
           "own sockets (libslirp). The node is 10.0.0.1 and fd00::1, its router 10.0.0.254 and "
           "fd00::fe: give the device those.")
      ->group(network_group);
}

bool is_simulated(const Arguments& arguments) {
  if (arguments.world == "posix") {
    refuse_network_options(arguments, "posix");
    return false;
  }
  if (arguments.hash) {
    throw UsageError("--hash is for `run`: a run in real time is never the same again");
  }
  if (arguments.interactive) {
    throw UsageError(
        "--interactive is for the posix world: nobody can type at a simulated node; leave it out, "
        "or leave --world sim out");
  }
  return true;
}

void add_report(CLI::App& app, Arguments& arguments) {
  add_text(app, "--report", "FILE", arguments.report,
           "Write a page to look at, FILE.html: the run as a ladder, plots of each connection, "
           "transcripts, settings.")
      ->group(network_group);
}

std::string network_words(const Arguments& arguments) {
  std::string words;
  for (const GivenOption& given : arguments.network) {
    words += fmt::format(" {} {}", given.name, shell_word(given.value));
  }
  if (arguments.profile) words += fmt::format(" --profile {}", shell_word(*arguments.profile));
  if (arguments.image) words += fmt::format(" --image {}", shell_word(*arguments.image));
  return words;
}

}  // namespace host_sim::tool
