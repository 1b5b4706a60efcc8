// What `serve` and `connect` do with --world board:NAME: an emulated board is the server, or the
// client, for peers anywhere.
#pragma once

#include "arguments.hpp"
#include "console.hpp"

namespace host_sim::tool {

// True: --world names a board. UsageError for what is neither one board, posix nor
// sim, and for options that no board takes.
bool is_for_board(const Arguments& arguments);

// The exit status of the command.
int serve_from_board(const Arguments& arguments, const Exchange& exchange, Console& console);
int connect_from_board(const Arguments& arguments, const Exchange& exchange, Console& console);

}  // namespace host_sim::tool
