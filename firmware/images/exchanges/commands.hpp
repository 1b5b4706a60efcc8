// The image's commands: typed on the console, or given as the emulator's arguments.
#pragma once

#include <span>
#include <string_view>

namespace firmware {

using Words = std::span<const std::string_view>;  // after the command's name

struct Command {
  std::string_view name;
  std::string_view arguments;
  std::string_view summary;
  std::size_t fewest, most;  // how many arguments
  int (*run)(Words arguments);
};

// 0; 1: what was asked for failed; 2: it made no sense, and a line says what does.
int run_command(Words words);

// In files of their own.
int serve(Words arguments);
int connect(Words arguments);
int list_exchanges(Words);
int ping(Words arguments);
int print_sockets(Words);
int print_pools(Words);
extern const char* const pool_names[];  // in lwIP's order

}  // namespace firmware
