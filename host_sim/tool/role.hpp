// One role of an exchange on the desktop's own sockets: what the posix world, `serve` and `connect`
// run.
#pragma once

#include <functional>
#include <string>

#include "world.hpp"

namespace host_sim::tool {

struct RoleSetup {
  const Exchange& exchange;
  Side side;
  twinsock::Deadline deadline;
  twinsock::Timeout after_arrival = twinsock::Timeout::none();  // server: exchanges::Run's
  Endpoint peer{};                                              // client: the server
  Endpoint closed{};                                            // client: where nobody listens
  twinsock::Socket* listening = nullptr;                        // server
  std::vector<std::string> say{};
  bool interactive = false;  // a person types, on standard input
};

// Runs the role in this thread; `ready` is called when it listens, at the latest when it returns.
RoleOutcome run_role(const RoleSetup& setup, Watcher& watcher, const std::function<void()>& ready);

// A port of this host's loopback at which nobody listens for as long as the socket lives.
struct ReservedPort {
  twinsock::Socket socket;
  Endpoint endpoint;
};
twinsock::Result<ReservedPort> reserve_closed_port(Family family);

// The server's socket and where it listens; a failure is one line that says what to do.
struct Listening {
  twinsock::Socket socket;
  Endpoint endpoint;
  std::string failure;
};
Listening open_listening(const Exchange& exchange, const Endpoint& local);

}  // namespace host_sim::tool
