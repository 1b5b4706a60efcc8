// host_sim: runs the exchanges on the desktop, in a simulated network, and with peers anywhere.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>

#include "command.hpp"
#include "text.hpp"

namespace host_sim::tool {

namespace {

constexpr std::array commands{&list_command,  &run_command,   &compare_command, &sweep_command,
                              &merge_command, &serve_command, &connect_command};

const Page main_page{"",
                     "run exchanges here, in a simulated network, and with peers",
                     "host_sim COMMAND [ARGUMENT...]\nhost_sim COMMAND --help",
                     R"(An exchange is a client role and a server role that talk over TCP or UDP.
The same roles run over this host's own sockets (the posix world), and on
two simulated nodes with lwIP, on a simulated network and in virtual time
(the sim world); `serve` and `connect` let them talk with any program.

Transcript lines, `client: …` and `server: …`, and what list and --help
print go to standard output; everything else goes to standard error.)",
                     R"(0   Passed.
1   An exchange failed, or transcripts differ.
2   Wrong use; one line says what is allowed.)",
                     R"(host_sim list
host_sim compare
host_sim run tcp_bulk --world sim --loss 5% --seed 7
host_sim serve tcp_chat --listen :5005)"};

std::vector<std::string_view> command_names() {
  std::vector<std::string_view> names;
  names.reserve(std::size(commands));
  for (const Command* command : commands) names.emplace_back(command->page.name);
  return names;
}

std::string command_list() {
  std::string out;
  for (const Command* command : commands) {
    out += fmt::format("    {:10} {}\n", command->page.name, command->page.summary);
  }
  return out + "\n    `host_sim COMMAND --help` is the manual of each.\n";
}

int complain(Console& console, const std::string& command, std::string_view what) {
  const std::string prefix = command.empty() ? "" : command + ": ";
  const std::string page = command.empty() ? "" : command + " ";
  console.complain(fmt::format("{}{}; see host_sim {}--help", prefix, what, page));
  return exit_wrong_use;
}

// The first word that no option and no argument of the command took.
void refuse_leftovers(const CLI::App& app) {
  const std::vector<std::string> left = app.remaining();
  if (left.empty()) return;
  if (!left[0].starts_with('-') || left[0] == "-") {
    throw UsageError(fmt::format("'{}' is one word too many", left[0]));
  }
  const std::string word = left[0].substr(0, left[0].find('='));
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_positional()) names.push_back(option->get_name());
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string near = suggestion(word, views);
  throw UsageError(fmt::format("there is no option '{}'{}", word,
                               near.empty() ? fmt::format("; allowed: {}", joined(views)) : near));
}

void prepare(CLI::App& app, const std::string& help) {
  app.allow_extras();
  app.option_defaults()->group("OPTIONS");
  app.set_help_flag("-h,--help", help)->group("OPTIONS");
}

int run_command_line(const Command& command, CLI::App& app, const Arguments& arguments,
                     Console& console) {
  try {
    refuse_leftovers(app);
    return command.run(arguments, console);
  } catch (const UsageError& error) {
    return complain(console, command.page.name, error.what());
  }
}

int parse_and_run(int argc, char** argv, Console& console) {
  const std::string_view name = argc > 1 ? argv[1] : "";
  if (name == "--help" || name == "-h" || name == "help") {
    CLI::App app;
    prepare(app, "Print this page; behind a command, the manual of that command.");
    app.add_flag("--version")->description("Print the version.");
    console.print(manual(main_page, app, command_list()));
    return exit_passed;
  }
  if (name == "--version") {
    console.print(fmt::format("host_sim {}\n", HOST_SIM_VERSION));
    return exit_passed;
  }
  const auto found = std::ranges::find(
      commands, name, [](const Command* command) { return std::string_view(command->page.name); });
  if (found == commands.end()) {
    const std::vector<std::string_view> names = command_names();
    const std::string what =
        name.empty() ? "COMMAND is missing" : fmt::format("there is no command '{}'", name);
    return complain(
        console, "",
        fmt::format("{}{} allowed: {}", what,
                    nearest(name, names).empty() ? ";" : suggestion(name, names), joined(names)));
  }

  const Command& command = **found;
  Arguments arguments;
  CLI::App app;
  prepare(app, "Print this manual.");
  command.add_options(app, arguments);
  try {
    app.parse(argc - 1, argv + 1);
  } catch (const CLI::CallForHelp&) {
    console.print(manual(command.page, app));
    return exit_passed;
  } catch (const CLI::ArgumentMismatch& error) {
    const std::string what = error.what();
    return complain(console, command.page.name,
                    fmt::format("{} takes one value, and once", what.substr(0, what.find(':'))));
  } catch (const CLI::ParseError& error) {
    return complain(console, command.page.name, error.what());
  } catch (const UsageError& error) {
    return complain(console, command.page.name, error.what());
  }
  return run_command_line(command, app, arguments, console);
}

}  // namespace

}  // namespace host_sim::tool

int main(int argc, char** argv) {
  using namespace host_sim::tool;
  Console console;
  try {
    const int status = parse_and_run(argc, argv, console);
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      console.complain("cannot write to standard output; make room there, then run again");
      return status == exit_passed ? exit_failed : status;
    }
    return status;
  } catch (const std::exception& error) {
    console.complain(error.what());
    return exit_failed;
  }
}
