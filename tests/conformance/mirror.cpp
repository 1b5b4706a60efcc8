// What the mirror answers itself, ARP and neighbour solicitations, and what it gives back.
#include "mirror.hpp"

#include <algorithm>
#include <array>

#include <host_sim/packet.hpp>

namespace conformance {

namespace {

using std::uint8_t;

constexpr std::array<uint8_t, 6> own_mac{0x02, 0, 0, 0, 0, 0xc8};
constexpr std::array<uint8_t, 4> own_ipv4{10, 0, 0, 200};
constexpr std::array<uint8_t, 16> own_ipv6{0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xc8};
constexpr std::size_t ethernet = 14, ipv6_header = 40, solicitation = 24;
constexpr uint8_t icmpv6 = 58, neighbour_solicitation = 135, neighbour_advertisement = 136;

template <class Bytes, class Wanted>
bool has_at(const Bytes& bytes, std::size_t at, const Wanted& wanted) {
  return bytes.size() >= at + wanted.size() &&
         std::equal(wanted.begin(), wanted.end(), bytes.begin() + static_cast<long>(at));
}

void put(std::vector<uint8_t>& frame, std::size_t at, std::span<const uint8_t> bytes) {
  std::copy(bytes.begin(), bytes.end(), frame.begin() + static_cast<long>(at));
}

void exchange(std::vector<uint8_t>& frame, std::size_t at, std::size_t size) {
  const auto first = frame.begin() + static_cast<long>(at);
  std::swap_ranges(first, first + static_cast<long>(size), first + static_cast<long>(size));
}

// The checksum of an ICMPv6 message of an even size, over its pseudo header (RFC 4443 2.3).
std::uint16_t icmpv6_checksum(std::span<const uint8_t> packet) {
  std::uint32_t sum = icmpv6 + static_cast<std::uint32_t>(packet.size() - ipv6_header);
  for (std::size_t i = 8; i + 1 < packet.size(); i += 2) {
    sum += static_cast<std::uint32_t>(packet[i] << 8 | packet[i + 1]);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

}  // namespace

Mirror::Mirror(host_sim::Simulation& simulation)
    : port_(simulation.add_port(
          "mirror",
          [this](host_sim::Instant, std::span<const uint8_t> frame) { receive(frame); })) {}

void Mirror::receive(std::span<const uint8_t> frame) {
  const host_sim::Packet packet = host_sim::parse_packet(frame);
  if (is_lost(packet)) return;
  Frame answer(frame.begin(), frame.end());
  const bool has_answer =
      packet.arp    ? answer_arp(answer)
      : packet.ipv4 ? give_back(answer, ethernet + 12, own_ipv4.size())
      : packet.ipv6 ? answer_neighbour(answer) || give_back(answer, ethernet + 8, own_ipv6.size())
                    : false;
  if (!has_answer) return;
  put(answer, 0, {packet.source, own_mac.size()});
  put(answer, own_mac.size(), own_mac);
  port_.send(answer);
}

bool Mirror::answer_arp(Frame& frame) const {
  if (frame[ethernet + 7] != 1 || !has_at(frame, ethernet + 24, own_ipv4)) return false;
  frame[ethernet + 7] = 2;  // a reply
  put(frame, ethernet + 18, std::span(frame).subspan(ethernet + 8, 10));
  put(frame, ethernet + 8, own_mac);
  put(frame, ethernet + 14, own_ipv4);
  return true;
}

// RFC 4861 4.4, to the address that asked.
bool Mirror::answer_neighbour(Frame& frame) const {
  const std::size_t message = ethernet + ipv6_header;
  const bool asked = frame.size() >= message + solicitation && frame[ethernet + 6] == icmpv6 &&
                     frame[message] == neighbour_solicitation &&
                     has_at(frame, message + 8, own_ipv6);
  constexpr std::array<uint8_t, 16> nobody{};
  if (!asked || has_at(frame, ethernet + 8, nobody)) return false;
  frame.resize(message + solicitation + 8);
  frame[ethernet + 4] = 0;
  frame[ethernet + 5] = solicitation + 8;
  put(frame, ethernet + 24, std::span(frame).subspan(ethernet + 8, 16));
  put(frame, ethernet + 8, own_ipv6);
  put(frame, message, std::array<uint8_t, 8>{neighbour_advertisement, 0, 0, 0, 0x60, 0, 0, 0});
  put(frame, message + solicitation, std::array<uint8_t, 2>{2, 1});  // its link-layer address
  put(frame, message + solicitation + 2, own_mac);
  const std::uint16_t sum = icmpv6_checksum(std::span(frame).subspan(ethernet));
  put(frame, message + 2, std::array{static_cast<uint8_t>(sum >> 8), static_cast<uint8_t>(sum)});
  return true;
}

bool Mirror::give_back(Frame& frame, std::size_t addresses, std::size_t address_size) {
  const bool is_ours = address_size == own_ipv4.size()
                           ? has_at(frame, addresses + address_size, own_ipv4)
                           : has_at(frame, addresses + address_size, own_ipv6);
  if (is_ours) exchange(frame, addresses, address_size);
  return is_ours;
}

// True for what a silent port would hear. Carries out orders.
bool Mirror::is_lost(const host_sim::Packet& packet) {
  if (packet.ipv4 && packet.udp && packet.udp->destination == order_port &&
      packet.payload.size() == 2) {
    const auto port = static_cast<std::uint16_t>(packet.payload[0] << 8 | packet.payload[1]);
    port != 0 ? silent_.set(port) : silent_.reset();
  }
  return packet.tcp && silent_.test(packet.tcp->destination);
}

}  // namespace conformance
