// An exchange: a client role and a server role that talk over TCP or UDP, the same in every world.
//
// Roles are portable code over twinsock::Socket. They take what they need from a Run, report each
// line of their transcript through it, and return a Verdict. A transcript holds nothing that a
// world chooses: no address, port or time. On the wire there is no framing: one message, one answer.
#pragma once

#include <span>
#include <string_view>

#include <twinsock/clock.hpp>
#include <twinsock/program.hpp>
#include <twinsock/socket.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

// How a role ended. A failure names the step, what was expected and what came, for people.
struct Verdict {
  bool passed = true;
  FixedText<48> step;
  FixedText<160> expected;
  FixedText<160> came;

  static Verdict ok() { return {}; }
  static Verdict failed(std::string_view step, std::string_view expected, std::string_view came);
  static Verdict failed(std::string_view step, std::string_view expected, Error error);
};

// What one role gets to work with. Lives while the role runs.
struct Run {
  RoleContext& context;   // report(), ready(), ask()
  Deadline deadline;      // of the whole exchange; roles give the rest of it to every call
  Endpoint peer;          // client: the server
  Endpoint closed;        // client of tcp_refused: where nobody listens
  std::span<const std::string_view> say;  // chat: the client's lines; empty: the exchange's own
  bool interactive = false;               // chat: a person types them, through ask()
};

struct Exchange {
  const char* name;
  const char* summary;
  Type type;                                          // what the server's socket is
  Verdict (*client)(Run& run);
  Verdict (*server)(Run& run, Socket& listening);     // serves one whole exchange
};

std::span<const Exchange> all();
const Exchange* find(std::string_view name);  // nullptr: no such exchange

// The server's socket: bound, and listening if a stream, with reuse_address set.
Result<Socket> open_server(const Exchange& exchange, const Endpoint& local);

// The same as roles of a program, for nodes and boards: "tcp_echo.client", "tcp_echo.server", with
// arguments "peer=10.0.0.2:5005", "listen=:5005", "closed=…", "family=inet6", "deadline=10000" (ms),
// "say=TEXT" (any number of times). A mistake is logged with what is allowed, and fails the role.
std::span<const Role> roles();

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
