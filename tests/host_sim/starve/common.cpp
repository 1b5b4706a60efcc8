// What a node was denied, and what it has lost for good.
#include "common.hpp"

#include <algorithm>

namespace host_sim {

namespace {

// lwIP 2.2.1 keeps a packet to this host, of which its own thread could not be told for want of a
// message, until the next such packet (contract, DGRAM-21). The longest of these tests' is a
// router solicitation, or a datagram, with its headers.
constexpr std::uint32_t longest_kept = 128;

bool keeps_a_packet(const Node& node) {
  return std::ranges::any_of(node.log(), [](const LogLine& line) {
    return line.text.starts_with("denied ") && line.text.ends_with(": TCPIP_MSG_API");
  });
}

}  // namespace

const Image& starve_image() {
  static const Image only = *Image::open(STARVE_IMAGE);
  return only;
}

std::string words_of(Drought drought) {
  return std::to_string(drought.first) + " " + std::to_string(drought.count);
}

bool was_denied(const Node& node) {
  return std::ranges::any_of(node.log(),
                             [](const LogLine& line) { return line.text.starts_with("denied "); });
}

std::vector<std::string> lost(const Node& node, const Pools& rest) {
  std::vector<std::string> lines;
  const Pools after = node.pools();  // none if it never was on
  for (std::size_t i = 0; i < after.size(); ++i) {
    const bool is_heap = std::string_view(after[i].name) == "heap";
    const std::uint32_t more = is_heap && keeps_a_packet(node) ? longest_kept : 0;
    if (after[i].used >= rest[i].used && after[i].used - rest[i].used <= more) continue;
    lines.push_back(node.name() + ": " + std::to_string(after[i].used) + " of " + after[i].name +
                    " in use after the end, " + std::to_string(rest[i].used) +
                    " after an undisturbed run");
  }
  return lines;
}

}  // namespace host_sim
