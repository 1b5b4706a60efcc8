// Which boards there are, and where the image of each and its build's facts lie.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace host_sim::tool {

struct BoardFiles {
  std::string board;
  std::string machine;  // QEMU's name; "": QEMU has none
  std::string nic;      // QEMU's Ethernet model
  std::string image;    // the ELF file
  bool has_ipv6 = false;
};

struct FoundBoard {
  std::optional<BoardFiles> files;
  std::string missing;  // if there are none: why, and what to do
};

// The boards of firmware/boards, by name.
std::vector<std::string_view> board_names();

// The image `exchanges` of that board: where `firmware` says (an ELF with its build's board.json
// beside it, the build directory of one board, or a directory of several, each under its board's
// name), else in the build tree of this program. UsageError: there is no such board, or `firmware`
// leads to nothing or to another board's image.
FoundBoard find_board(const std::string& name, const std::optional<std::string>& firmware);

}  // namespace host_sim::tool
