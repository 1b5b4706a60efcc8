// A command of host_sim: its manual page, its options, and what it does.
#pragma once

#include <CLI/CLI.hpp>

#include "arguments.hpp"
#include "console.hpp"

namespace host_sim::tool {

inline constexpr int exit_passed = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_wrong_use = 2;
inline constexpr int exit_interrupted = 130;

// A page in the order of man(1). The options' section is made from the options themselves.
struct Page {
  const char* name;  // "run"; "" for host_sim itself
  const char* summary;
  const char* synopsis;
  const char* description;
  const char* exit_status;
  const char* examples;
};

struct Command {
  Page page;
  void (*add_options)(CLI::App& app, Arguments& arguments);
  int (*run)(const Arguments& arguments, Console& console);  // the exit status; throws UsageError
};

extern const Command list_command, run_command, compare_command, sweep_command, merge_command,
    serve_command, connect_command;

// The whole page as text, 80 columns wide.
std::string manual(const Page& page, const CLI::App& app, const std::string& commands = "");

// The options that several commands share; each describes itself for the manual.
void add_exchange(CLI::App& app, Arguments& arguments);
void add_exchanges(CLI::App& app, Arguments& arguments);
void add_family(CLI::App& app, Arguments& arguments, const char* text);
void add_seed(CLI::App& app, Arguments& arguments);
void add_deadline(CLI::App& app, Arguments& arguments, const char* text);
void add_say(CLI::App& app, Arguments& arguments);
void add_interactive(CLI::App& app, Arguments& arguments, const char* text);
void add_faults(CLI::App& app, Arguments& arguments);  // the network and its nodes
void add_boards(CLI::App& app, Arguments& arguments);
void add_peer_world(CLI::App& app, Arguments& arguments);  // of `serve` and `connect`
void add_chaos(CLI::App& app, Arguments& arguments);
void add_looking(CLI::App& app, Arguments& arguments);  // captures, traces
void add_report(CLI::App& app, Arguments& arguments);
void add_tap(CLI::App& app, Arguments& arguments);  // of `serve` and `connect`
// Whether --world names the sim world, and not posix. UsageError if an option does not belong to
// it.
bool is_simulated(const Arguments& arguments);
CLI::Option* add_text(CLI::App& app, const std::string& name, const char* value,
                      std::optional<std::string>& target, const char* text);

// The network options of the command line, quoted for a shell, with a blank before each; for
// replays.
std::string network_words(const Arguments& arguments);

}  // namespace host_sim::tool
