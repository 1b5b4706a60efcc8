// Desk: QEMU's user network with a port of this host's, or a network with a real board.
#include "board/desk.hpp"

#include <fmt/format.h>

#include "advice.hpp"
#include "board/board_options.hpp"
#include "role.hpp"

namespace host_sim::tool {

namespace {

using twinsock::IpAddress;
using twinsock::Socket;

// What QEMU's user network calls this host.
constexpr std::string_view host_in_user_network = "10.0.2.2";
constexpr int tries = 5;

// A port that is free for TCP and for UDP now; whether it still is when QEMU takes it, shows then.
std::uint16_t free_port(const IpAddress& address) {
  for (int i = 0; i < 100; ++i) {
    auto stream = Socket::open(address.family(), twinsock::Type::stream);
    auto datagram = Socket::open(address.family(), twinsock::Type::datagram);
    if (!stream || !datagram || !stream->bind({address, 0})) break;
    const auto name = stream->getsockname();
    if (name && datagram->bind(*name)) return name->port();
  }
  throw BoardError("this host has no free port; close other programs");
}

std::vector<std::string> user_network(const BoardFiles& files, const Endpoint& host,
                                      const std::optional<std::string>& pcap) {
  std::string nic = fmt::format("user,id=n0,model={}", files.nic);
  for (const char* kind : {"tcp", "udp"}) {
    nic += fmt::format(",hostfwd={}:{}-:{}", kind, host.to_text().view(), board_port);
  }
  std::vector<std::string> words{"-nic", nic};
  if (pcap) {
    std::string path;
    for (const char c : *pcap) path += c == ',' ? ",," : std::string(1, c);
    words.insert(words.end(),
                 {"-object", fmt::format("filter-dump,id=frames,netdev=n0,file={}", path)});
  }
  return words;
}

// This host's address on the way to a peer, without a word to it.
IpAddress own_address_towards(const Endpoint& peer) {
  auto socket = Socket::open(peer.family(), twinsock::Type::datagram);
  const auto connected = socket ? socket->connect(peer) : socket.error();
  const auto name = connected ? socket->getsockname() : connected.error();
  if (!name) {
    throw BoardError(fmt::format("this host has no way to {}: {}; {}", peer.to_text().view(),
                                 described(name.error()), advice(name.error().code())));
  }
  return name->address();
}

std::string in_brackets(const IpAddress& address) {
  const auto text = address.to_text();
  return address.family() == Family::inet6 ? fmt::format("[{}]", text.view())
                                           : std::string(text.view());
}

}  // namespace

Desk emulated_desk(const BoardFiles& files, const std::string& seed,
                   const std::optional<std::string>& pcap, const Endpoint& listen) {
  for (int i = 1;; ++i) {
    const std::uint16_t port = listen.port() != 0 ? listen.port() : free_port(listen.address());
    const Endpoint forwarded(listen.address(), port);
    auto board = std::make_unique<Emulator>(
        files, EmulatorOptions{.settings = {"seed=" + seed},
                               .network = user_network(files, forwarded, pcap),
                               .kept = {}});
    try {
      board->boot();
      return {.board = std::move(board),
              .board_at = forwarded,
              .listen = Endpoint(IpAddress::loopback(Family::inet), 0),
              .host = std::string(host_in_user_network)};
    } catch (const BoardError&) {
      if (!board->port_was_taken()) throw;
      if (listen.port() == 0 && i < tries) continue;
      throw BoardError(fmt::format("cannot listen on {}: {}; {}", forwarded.to_text().view(),
                                   described(twinsock::Errc::address_in_use),
                                   advice(twinsock::Errc::address_in_use)));
    }
  }
}

Desk serial_desk(const std::string& board_name, const Arguments& arguments, Family family) {
  Desk desk{};
  desk.board = std::make_unique<SerialBoard>(board_name, *arguments.serial);
  desk.board->boot();
  if (arguments.board_at) {
    desk.board_at = parse_peer(*arguments.board_at);
  } else {
    const auto address = IpAddress::parse(desk.board->address(family));
    if (!address) {
      throw BoardError(
          fmt::format("board {} has no {} address; check its cable and who gives "
                      "addresses there",
                      board_name, family == Family::inet6 ? "global IPv6" : "IPv4"));
    }
    desk.board_at = Endpoint(*address, board_port);
  }
  const IpAddress own = own_address_towards(desk.board_at);
  desk.listen = Endpoint(own, 0);
  desk.host = arguments.host_at.value_or(in_brackets(own));
  return desk;
}

}  // namespace host_sim::tool
