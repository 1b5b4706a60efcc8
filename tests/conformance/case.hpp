// Case: one behaviour of the socket layer, the clause that promises it, and the worlds that keep
// it.
//
//   {"Bind.PortZeroTakesAFreeOne", "BIND-2", each_family, [](Context& t) {
//      Socket socket = t.tcp();
//      CHECK_OK(socket.bind(t.any_port()));
//      CHECK(socket.getsockname()->port() != 0);
//    }},
//
// A case runs on one node with both ends in the same program. Portable: no heap, no exceptions, no
// RTTI; a table of cases is constant data.
#pragma once

#include <span>
#include <string_view>

#include <twinsock/socket.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

class Context;

enum Worlds : std::uint8_t {
  on_posix = 1,
  on_sim = 2,
  on_board = 4,
  on_lwip = on_sim | on_board,
  everywhere = on_posix | on_lwip,
};

// What a case needs beyond sockets that reach each other. A world without it cannot run the case.
enum Needs : std::uint32_t {
  nothing = 0,
  signals = 1,          // a thread can be interrupted by a signal
  raw_sockets = 2,      // and the permission to open them
  big_scratch = 4,      // 128 KiB of scratch memory
  loopback = 8,         // 127.0.0.1 and ::1
  few_sockets = 16,     // so few that a case can open them all
  big_datagrams = 64,   // the stack has memory for the largest datagram
  more_sockets = 128,   // nine sockets at once, or two raw ones
  more_threads = 256,   // two besides the case's own
  local_sockets = 512,  // AF_UNIX
  rights = 2048,        // privileges that a program can drop
  own_frames = 1024,    // an interface that gives back the frames that were sent on it
  lossless = 4096,      // a network that loses, delays and doubles nothing
  undisturbed = 65536,  // no loss of a packet that nobody sends again: tried again where it may be
  silencer = 8192,      // a peer can be made to fall silent
  no_route = 16384,     // some address has no route, or the program can go where that is so
  skips_time = 32768,   // minutes pass at once
};
constexpr Needs operator|(Needs a, Needs b) {
  return static_cast<Needs>(static_cast<std::uint32_t>(a) | static_cast<std::uint32_t>(b));
}

enum Families : std::uint8_t {
  any_family = 0,  // runs once, with the first family that the world has
  inet_only = 1,
  inet6_only = 2,
  each_family = 3,  // runs as NAME/inet and NAME/inet6
};

struct Case {
  const char* name;    // "Group.BehaviourAsASentence"
  const char* clause;  // of docs/SOCKET_CONTRACT.md
  Families families;
  void (*run)(Context& t);
  // Elsewhere it must fail, or the run does: a declared difference, for the reason given.
  Worlds passes = everywhere;
  const char* reason = nullptr;
  Needs needs = nothing;
};

struct Group {
  const char* name;
  std::span<const Case> cases;
};

std::span<const Group> all_groups();

// One for each file of cases. Weak: a program too large for its board is several, each with some of
// the files.
[[gnu::weak]] std::span<const Case> life_cases();
[[gnu::weak]] std::span<const Case> listen_cases();
[[gnu::weak]] std::span<const Case> accept_cases();
[[gnu::weak]] std::span<const Case> connect_cases();
[[gnu::weak]] std::span<const Case> stream_cases();
[[gnu::weak]] std::span<const Case> exact_cases();
[[gnu::weak]] std::span<const Case> end_cases();
[[gnu::weak]] std::span<const Case> datagram_cases();
[[gnu::weak]] std::span<const Case> datagram_peer_cases();
[[gnu::weak]] std::span<const Case> raw_cases();
[[gnu::weak]] std::span<const Case> option_cases();
[[gnu::weak]] std::span<const Case> time_cases();
[[gnu::weak]] std::span<const Case> task_cases();
[[gnu::weak]] std::span<const Case> task_end_cases();
[[gnu::weak]] std::span<const Case> address_cases();
[[gnu::weak]] std::span<const Case> poll_cases();
[[gnu::weak]] std::span<const Case> server_cases();
[[gnu::weak]] std::span<const Case> build_cases();
[[gnu::weak]] std::span<const Case> local_cases();
[[gnu::weak]] std::span<const Case> message_cases();
[[gnu::weak]] std::span<const Case> packet_cases();
[[gnu::weak]] std::span<const Case> network_cases();

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
