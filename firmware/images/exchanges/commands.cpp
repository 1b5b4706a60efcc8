// The table of commands, and the short ones.
#include "images/exchanges/commands.hpp"

#include "arch/cortex_m/clock.hpp"
#include "arch/cortex_m/fault.hpp"
#include "arch/cortex_m/registers.hpp"
#include "board.hpp"
#include "console/print.hpp"
#include "net/network.hpp"

namespace firmware {
namespace {

int help(Words);

int show_network(Words) {
  print_network();
  return 0;
}

int show_stacks(Words) {
  print_stacks();
  return 0;
}

int show_uptime(Words) {
  const auto milliseconds = static_cast<std::uint32_t>(clock::now_us() / 1000);
  const auto idle = static_cast<std::uint32_t>(clock::idle_us() / 1000);
  print_line("up ", milliseconds / 1000, " s ", milliseconds % 1000, " ms, idle ", idle / 1000,
             " s ", idle % 1000, " ms");
  return 0;
}

int reset(Words) { core::reset(); }

constexpr Command commands[] = {
    {"help", "", "this list", 0, 0, help},
    {"list", "", "the exchanges", 0, 0, list_exchanges},
    {"net", "", "the interface, its addresses and counters", 0, 0, show_network},
    {"serve", "EXCHANGE PORT [times=N] [NAME=VALUE ...]", "waits for a client", 2, 12, serve},
    {"connect", "EXCHANGE ADDR:PORT [times=N] [NAME=VALUE ...]", "calls a server", 2, 12, connect},
    {"ping", "ADDR", "four ICMP echoes", 1, 1, ping},
    {"sockets", "", "every TCP and UDP socket of lwIP", 0, 0, print_sockets},
    {"pools", "", "lwIP's memory: used, most used, failed", 0, 0, print_pools},
    {"stacks", "", "the threads and the most of their stacks that was used", 0, 0, show_stacks},
    {"uptime", "", "time since the reset, and how much of it nothing was to do", 0, 0, show_uptime},
    {"reset", "", "starts the board again", 0, 0, reset},
};

int help(Words) {
  for (const Command& command : commands) {
    const auto width = static_cast<int>(command.arguments.size());
    print_line(Column{command.name, 8}, " ", Column{command.arguments, width < 20 ? 20 : width},
               "  ", command.summary);
  }
  print_line(
      "names and values: deadline=MS, closed=ADDR:PORT, family=inet6, interactive=yes, "
      "say=TEXT or say=\"TEXT WITH BLANKS\"");
  return 0;
}

}  // namespace

int run_command(Words words) {
  for (const Command& command : commands) {
    if (words.front() != command.name) continue;
    const Words arguments = words.subspan(1);
    if (arguments.size() >= command.fewest && arguments.size() <= command.most) {
      return command.run(arguments);
    }
    print_line("usage: ", command.name, " ", command.arguments);
    return status_wrong_use;
  }
  print_line("there is no command '", words.front(), "'; help lists them");
  return status_wrong_use;
}

}  // namespace firmware
