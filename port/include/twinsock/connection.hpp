// create_connection and create_server: the two ways in which a TCP program begins.
//
//   auto socket = create_connection("example.org", "http", {.timeout = std::chrono::seconds(5)});
//   auto server = create_server({IpAddress::any(Family::inet6), 5000}, {.dual_stack = true});
#pragma once

#include <twinsock/resolve.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

struct ConnectionOptions {
  // One deadline over all addresses, from when they are known: a look-up takes the resolver's time
  // (RESOLVE-3). The new socket keeps it as its settimeout, as in Python.
  Timeout timeout = Timeout::none();
  Family family = Family::unspecified;
  // RFC 8305: the families in turn, the next attempt begun when the one before has not ended within
  // `attempt_delay` (10 ms to 2 s), the first that connects wins. Off: one after another, each with
  // all the time that is left.
  bool happy_eyeballs = false;
  Timeout attempt_delay = Timeout::from_ms(250);
};

// Blocks until connected, refused by all, or the deadline. The error is the last attempt's, or
// timed_out, or getaddrinfo's. At most 4 addresses are tried.
Result<Socket> create_connection(std::string_view host, std::string_view service,
                                 const ConnectionOptions& options = {});
// The same to addresses that are known; at most 8.
Result<Socket> create_connection(std::span<const Endpoint> peers,
                                 const ConnectionOptions& options = {});

struct ServerOptions {
  int backlog = Socket::default_backlog;  // 1 … 255
  bool reuse_address = true;
  bool dual_stack = false;  // an inet6 server that takes IPv4 as well
};

// Open, bind, listen. Errors as theirs; invalid_argument: dual_stack without an inet6 address.
Result<Socket> create_server(const Endpoint& local, const ServerOptions& options = {});

}  // namespace twinsock::inline TWINSOCK_BACKEND
