// Desk: a board and the way between it and this host's sockets.
#pragma once

#include <memory>

#include "board/board.hpp"

namespace host_sim::tool {

// A board that has booted, and the addresses by which it and this host reach each other.
struct Desk {
  std::unique_ptr<Board> board;
  Endpoint board_at;  // for this host: where the board serves, on its port board_port
  Endpoint listen;    // for this host's server: where to listen
  std::string host;   // for the board: this host's address, in brackets if need be
};

// A board in QEMU's user network. `pcap`: a file for its frames. `listen`: the port of this host
// that leads to the board, 0 for any free one. BoardError.
Desk emulated_desk(const BoardFiles& files, const std::string& seed,
                   const std::optional<std::string>& pcap, const Endpoint& listen);

// A board behind a serial line, on a network that this host is on too. UsageError, BoardError.
Desk serial_desk(const std::string& board, const Arguments& arguments, Family family);

}  // namespace host_sim::tool
