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
  bool interactive = false;        // a person types, on standard input
  std::string host{};              // client of dns_connect: the server's name
  twinsock::IpAddress everyone{};  // client of udp_broadcast
  std::uint32_t interface = 0;     // of groups and frames
  std::string local{};             // client of unix_echo: the server's name
};

inline constexpr std::uint32_t loopback_interface = 1;  // on every Linux, in each namespace

// Groups, broadcasts and frames of the loopback, where `address` is of it. Else frames are of the
// interface that has it, or leads to it, and the rest is the system's choice.
void stay_with(const twinsock::IpAddress& address, RoleSetup& setup);

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
  Endpoint endpoint;  // with the port that 0 became
  Endpoint local{};   // as it was asked for
  std::string failure{};
  std::string name{};  // of a local socket, in place of an endpoint
};
Listening open_listening(const Exchange& exchange, const Endpoint& local);
// The same over local names; "": a free one.
Listening open_local_listening(const std::string& name);

}  // namespace host_sim::tool
