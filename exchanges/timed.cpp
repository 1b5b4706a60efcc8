// Timed: a socket whose every call gets what is left of its exchange's deadline.
#include "timed.hpp"

#include <utility>

#include <twinsock/poll.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

Timeout shorter(Timeout a, Timeout b) {
  if (a.is_none()) return b;
  if (b.is_none()) return a;
  return a.ms() < b.ms() ? a : b;
}

Result<Timeout> time_left(const Run& run, Timeout at_most) {
  const Timeout rest = run.deadline.remaining();
  if (rest.is_zero()) return Errc::timed_out;
  return shorter(rest, at_most);
}

Result<void> Timed::arm(Timeout at_most) const {
  const Result<Timeout> left = time_left(run_, at_most);
  return left ? socket_.settimeout(*left) : left.error();
}

Result<void> Timed::connect(const Endpoint& peer) const {
  if (const auto armed = arm(); !armed) return armed;
  return socket_.connect(peer);
}

Errc Timed::connect_ex(const Endpoint& peer) const {
  if (const auto armed = arm(); !armed) return armed.error().code();
  return socket_.connect_ex(peer);
}

Result<void> Timed::sendall(Bytes data) const {
  if (const auto armed = arm(); !armed) return armed;
  return socket_.sendall(data);
}

Result<MutableBytes> Timed::recv(MutableBytes buffer) const {
  if (const auto armed = arm(); !armed) return armed.error();
  return socket_.recv(buffer);
}

Result<void> Timed::recv_exactly(MutableBytes buffer) const {
  if (const auto armed = arm(); !armed) return armed;
  return socket_.recv_exactly(buffer);
}

Result<std::size_t> Timed::sendto(Bytes data, const Endpoint& peer) const {
  if (const auto armed = arm(); !armed) return armed.error();
  return socket_.sendto(data, peer);
}

Result<Received> Timed::recvfrom(MutableBytes buffer, Timeout at_most, Flags flags) const {
  if (const auto armed = arm(at_most); !armed) return armed.error();
  return socket_.recvfrom(buffer, flags);
}

// The wait for a client: all the time there is if the deadline only starts on its arrival.
Result<Timeout> time_to_arrive(Run& run) {
  run.context.ready();
  if (!run.after_arrival.is_none()) return Timeout::none();
  return time_left(run);
}

void arrived(Run& run) {
  if (run.after_arrival.is_none()) return;
  run.deadline = Deadline(run.after_arrival);
  run.after_arrival = Timeout::none();
}

namespace {

Result<void> arm_for_arrival(Run& run, Socket& socket) {
  const Result<Timeout> left = time_to_arrive(run);
  return left ? socket.settimeout(*left) : left.error();
}

}  // namespace

Result<Socket> accept_client(Run& run, Socket& listening) {
  if (const auto armed = arm_for_arrival(run, listening); !armed) return armed.error();
  Result<Accepted> accepted = listening.accept();
  if (!accepted) return accepted.error();
  arrived(run);
  return std::move(accepted->socket);
}

Result<void> await_client(Run& run, Socket& listening) {
  if (const auto armed = arm_for_arrival(run, listening); !armed) return armed;
  PollItem items[] = {{listening, Ready::read}};
  const Result<std::size_t> ready = poll(items, listening.gettimeout());
  if (!ready) return ready.error();
  if (*ready == 0) return Errc::timed_out;
  arrived(run);
  return {};
}

bool not_empty(Bytes datagram) { return !datagram.empty(); }

Result<Received> first_datagram(Run& run, Socket& socket, MutableBytes buffer,
                                bool (*wanted)(Bytes datagram), Flags flags) {
  for (;;) {
    if (const auto armed = arm_for_arrival(run, socket); !armed) return armed.error();
    const Result<Received> received = socket.recvfrom(buffer, flags);
    if (received && !wanted(received->data)) {
      if (flags != Flags::none) (void)socket.recvfrom(buffer);  // it was only looked at
      continue;
    }
    if (received) arrived(run);
    return received;
  }
}

Result<Socket> connect_to_server(Run& run) {
  Result<Socket> socket = Socket::open(run.peer.family(), Type::stream);
  if (!socket) return socket;
  if (const auto done = Timed(run, *socket).connect(run.peer); !done) return done.error();
  return socket;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
