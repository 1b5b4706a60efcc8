// Board files: found from the program's own place or from --firmware, and checked before they run.
#include "board/board_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "arguments.hpp"
#include "text.hpp"

namespace host_sim::tool {

namespace {

namespace fs = std::filesystem;

constexpr const char* facts_file = "board.json";
constexpr const char* image_file = "exchanges.elf";

std::string contents(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// A value of a flat JSON object of strings, such as firmware/CMakeLists.txt writes.
std::string value_of(std::string_view json, std::string_view key) {
  std::size_t at = json.find(fmt::format("\"{}\":", key));
  if (at == std::string_view::npos) return "";
  at = json.find('"', at + key.size() + 3);
  const std::size_t end = at == std::string_view::npos ? at : json.find('"', at + 1);
  return end == std::string_view::npos ? "" : std::string(json.substr(at + 1, end - at - 1));
}

template <class Number>
Number number_at(std::string_view bytes, std::size_t at) {
  Number number = 0;
  for (std::size_t i = 0; i < sizeof number && at + i < bytes.size(); ++i) {
    number |= static_cast<Number>(static_cast<Number>(static_cast<unsigned char>(bytes[at + i]))
                                  << (8 * i));
  }
  return number;
}

// What a 32-bit Arm executable puts into memory; "": it is none. See the ELF specification, figures
// 1-3 and 2-1.
std::string loaded_bytes(std::string_view elf) {
  constexpr std::string_view magic(
      "\x7f"
      "ELF\x01\x01",
      6);
  constexpr std::uint16_t executable = 2, arm = 40;
  constexpr std::uint32_t load = 1;
  if (!elf.starts_with(magic) || number_at<std::uint16_t>(elf, 16) != executable ||
      number_at<std::uint16_t>(elf, 18) != arm) {
    return "";
  }
  const std::size_t table = number_at<std::uint32_t>(elf, 28);
  const std::size_t size = number_at<std::uint16_t>(elf, 42);
  const std::size_t count = number_at<std::uint16_t>(elf, 44);
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = table + i * size;
    if (number_at<std::uint32_t>(elf, at) != load) continue;
    const std::size_t begin = number_at<std::uint32_t>(elf, at + 4);
    if (begin < elf.size()) bytes += elf.substr(begin, number_at<std::uint32_t>(elf, at + 16));
  }
  return bytes;
}

bool holds_word(std::string_view bytes, std::string_view word) {
  const std::string ended = std::string(word) + '\0';
  return bytes.find(ended) != std::string_view::npos;
}

// Refuses what is no image of ours, and what is for another board: that one would end in a fault
// that says nothing.
void check_image(const std::string& path, const std::string& board, std::string_view elf) {
  const std::string bytes = loaded_bytes(elf);
  if (bytes.empty() || !holds_word(bytes, "twinsock on ")) {
    throw UsageError(
        fmt::format("{} is no firmware image of twinsock; allowed: an exchanges.elf built for {}",
                    path, board));
  }
  if (holds_word(bytes, board)) return;
  for (const std::string_view other : board_names()) {
    if (holds_word(bytes, other)) {
      throw UsageError(
          fmt::format("{} is an image for {}, not for {}; take --world board:{}, or "
                      "the other image",
                      path, other, board, other));
    }
  }
  throw UsageError(fmt::format("{} is an image for another board than {}", path, board));
}

BoardFiles read_board(const fs::path& facts_path, const fs::path& image, const std::string& name) {
  const std::string elf = contents(image);
  check_image(image.string(), name, elf);
  const std::string facts = contents(facts_path);
  const std::string board = value_of(facts, "board");
  if (board.empty()) {
    throw UsageError(
        fmt::format("{}, which tells what QEMU must know, is not beside the image; "
                    "take the image in the directory of its build",
                    facts_path.string()));
  }
  if (board != name) {
    throw UsageError(
        fmt::format("{} is of the board {}, not of {}; take --world board:{}, or "
                    "another --firmware",
                    facts_path.string(), board, name, board));
  }
  return {.board = board,
          .machine = value_of(facts, "machine"),
          .nic = value_of(facts, "nic"),
          .image = image.string(),
          .has_ipv6 = holds_word(elf, "ip6_input")};  // of its symbols
}

FoundBoard find_in(const fs::path& place, const std::string& name) {
  std::error_code error;
  if (!fs::exists(place, error)) {
    throw UsageError(
        fmt::format("--firmware: there is no '{}'; allowed: an exchanges.elf, or the "
                    "directory of its build",
                    place.string()));
  }
  if (fs::is_regular_file(place, error)) {
    return {read_board(place.parent_path() / facts_file, place, name), ""};
  }
  for (const fs::path& folder : {place, place / name}) {
    if (fs::exists(folder / facts_file, error) && fs::exists(folder / image_file, error)) {
      return {read_board(folder / facts_file, folder / image_file, name), ""};
    }
  }
  throw UsageError(
      fmt::format("--firmware: neither '{}' nor '{}' holds {} and {}; build the firmware there "
                  "first (firmware/README.md)",
                  place.string(), (place / name).string(), image_file, facts_file));
}

}  // namespace

std::vector<std::string_view> board_names() { return {HOST_SIM_BOARDS}; }

FoundBoard find_board(const std::string& name, const std::optional<std::string>& firmware) {
  const std::vector<std::string_view> names = board_names();
  const bool known = std::ranges::find(names, name) != names.end();
  if (!known && !firmware) {
    throw UsageError(fmt::format("there is no board '{}'{} allowed: {}", name,
                                 nearest(name, names).empty() ? ";" : suggestion(name, names),
                                 joined(names)));
  }
  if (firmware) return find_in(*firmware, name);
  const std::vector<std::string> in_qemu = split(HOST_SIM_BOARDS_IN_QEMU, ',');
  if (std::ranges::find(in_qemu, name) == in_qemu.end()) {
    return {std::nullopt, "QEMU has no such machine; take the board itself with --serial"};
  }
  std::error_code error;
  const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  const fs::path place = (folder / HOST_SIM_BOARDS_FROM_BUILD / name).lexically_normal();
  if (fs::exists(place / image_file, error)) {
    return {read_board(place / facts_file, place / image_file, name), ""};
  }
  const fs::path build = (folder / HOST_SIM_BUILD).lexically_normal();
  if (fs::exists(build / "CMakeCache.txt", error)) {
    return {std::nullopt,
            fmt::format("its image is not built; run cmake --build {} --target firmware-{}",
                        shell_word(build.string()), name)};
  }
  return {std::nullopt, "its image is not here; name it with --firmware"};
}

}  // namespace host_sim::tool
