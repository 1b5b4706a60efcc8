// Roles that ask one thing each, more strictly than an exchange can.
#include "roles.hpp"

#include <array>
#include <chrono>
#include <cstdio>

#include <twinsock/clock.hpp>
#include <twinsock/poll.hpp>
#include <twinsock/socket.hpp>

using namespace twinsock;
using namespace std::chrono_literals;

namespace starve {

namespace {

struct Connection {
  Socket client, server;

  bool open(Socket& listener) {
    const Result<Endpoint> at = listener.getsockname();
    Result<Socket> socket = Socket::open(Family::inet, Type::stream);
    if (!at || !socket || !socket->connect({IpAddress::loopback(Family::inet), at->port()})) {
      return false;
    }
    Result<Accepted> accepted = listener.accept();
    if (!accepted) return false;
    client = std::move(*socket);
    server = std::move(accepted->socket);
    return client.settimeout(5s) && server.settimeout(5s);
  }
  bool carries() {
    std::array<char, 5> room;
    return client.sendall("there") && server.recv_exactly(room) && server.sendall("again") &&
           client.recv_exactly(room);
  }
};

bool listen(Socket& listener) {
  Result<Socket> socket = Socket::open(Family::inet, Type::stream);
  if (!socket || !socket->bind({IpAddress::any(Family::inet), 0}) || !socket->listen(4)) {
    return false;
  }
  listener = std::move(*socket);
  return true;
}

// Both sides end; then nothing is done with the client's socket for longer than TIME_WAIT takes.
int idle_after_both_ended(bool end_is_seen) {
  Socket listener;
  Connection old, next;
  std::array<char, 8> room;
  if (!listen(listener) || !old.open(listener) || !old.client.shutdown(Shutdown::write)) return 2;
  if (const auto end = old.server.recv(room); !end || !end->empty()) return 3;
  old.server.close();
  if (end_is_seen) {
    if (const auto end = old.client.recv(room); !end || !end->empty()) return 4;
  }
  sleep_for(5min);
  if (!next.open(listener) || !next.carries()) return 5;
  const Result<Errc> pending = old.client.getsockopt(option::pending_error);
  if (!pending || *pending != Errc::none) return 7;
  if (const auto end = old.client.recv(room); !end || !end->empty()) return 8;
  if (!next.carries()) return 9;
  old.client.close();
  return next.carries() ? 0 : 6;
}

// The client sends `count` segments that nobody reads, then its end. What the server makes of that.
Errc receive_unread(Socket& listener, int count, bool server_ends_first) {
  Connection pair;
  if (!pair.open(listener) || !pair.client.setsockopt(option::no_delay, true)) {
    return Errc::io_error;
  }
  if (server_ends_first && !pair.server.shutdown(Shutdown::write)) return Errc::io_error;
  for (int i = 0; i < count; ++i) {
    if (!pair.client.sendall("x")) return Errc::io_error;
  }
  sleep_for(100ms);  // all have arrived, and the end comes alone
  if (!pair.client.shutdown(Shutdown::write)) return Errc::io_error;
  sleep_for(1s);
  std::array<char, 64> room;
  for (int total = 0;;) {
    const Result<MutableBytes> got = pair.server.recv(room);
    if (!got) return got.error().code();
    if (got->empty()) return total == count ? Errc::none : Errc::end_of_stream;
    total += static_cast<int>(got->size());
  }
}

}  // namespace

int unread(RoleContext& context) {
  Socket listener;
  if (!listen(listener)) return 2;
  for (const bool server_ends_first : {false, true}) {
    for (int count = 28; count < 40; ++count) {
      const Errc outcome = receive_unread(listener, count, server_ends_first);
      if (outcome == Errc::none) continue;
      std::array<char, 80> line;
      const int size =
          std::snprintf(line.data(), line.size(), "%d unread%s: %s", count,
                        server_ends_first ? " after an end of its own" : "", name(outcome).data());
      context.report({line.data(), static_cast<std::size_t>(size)});
    }
  }
  return 0;
}

int idle_end_seen(RoleContext&) { return idle_after_both_ended(true); }
int idle_end_unseen(RoleContext&) { return idle_after_both_ended(false); }

// A handle that opened wakes; one that did not says why.
int wakeup(RoleContext& context) {
  Wakeup wakeup;
  if (const auto opened = wakeup.open(); !opened) {
    context.report(name(opened.error().code()));
    const bool of_memory = opened.error() == Errc::too_many_sockets;
    return of_memory ? 0 : 2;
  }
  wakeup.wake();
  PollItem items[] = {{wakeup}};
  const Result<std::size_t> ready = poll(items, Timeout::from_ms(1000));
  return ready && *ready == 1 ? 0 : 3;
}

}  // namespace starve
