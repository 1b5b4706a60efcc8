// Timed: a socket whose every call gets what is left of its exchange's deadline.
#pragma once

#include <twinsock/socket.hpp>

#include "exchange.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

// The calls are Socket's own. Once the deadline has passed each fails at once with Errc::timed_out,
// even if there would be bytes to read, so that no peer keeps an exchange alive for ever.
// Refers to the run and the socket; both must outlive it. For one thread at a time.
class Timed {
 public:
  Timed(const Run& run, Socket& socket) : run_(run), socket_(socket) {}

  Result<void> connect(const Endpoint& peer) const;
  Errc connect_ex(const Endpoint& peer) const;
  Result<void> sendall(Bytes data) const;
  Result<MutableBytes> recv(MutableBytes buffer) const;
  Result<void> recv_exactly(MutableBytes buffer) const;
  Result<std::size_t> sendto(Bytes data, const Endpoint& peer) const;
  // `at_most`: a further bound, for an answer that may have been lost.
  Result<Received> recvfrom(MutableBytes buffer, Timeout at_most = Timeout::none(),
                            Flags flags = Flags::none) const;
  // Before a call that is not Socket's own.
  Result<void> arm(Timeout at_most = Timeout::none()) const;

 private:
  const Run& run_;
  Socket& socket_;
};

Timeout shorter(Timeout a, Timeout b);
// What is left of the deadline, `at_most` of it; timed_out once it has passed.
Result<Timeout> time_left(const Run& run, Timeout at_most = Timeout::none());

// The server's first steps, which honour Run::after_arrival: context.ready(), then a client.
// Datagrams that are not wanted are passed over: empty ones, if nothing else is said, which are the
// end of a client that went before.
Result<Socket> accept_client(Run& run, Socket& listening);
Result<void> await_client(Run& run, Socket& listening);  // it can be accepted then
// For what these have no part in: ready(), and how long to wait; then that a client is there.
Result<Timeout> time_to_arrive(Run& run);
void arrived(Run& run);
bool not_empty(Bytes datagram);
Result<Received> first_datagram(Run& run, Socket& socket, MutableBytes buffer,
                                bool (*wanted)(Bytes datagram) = not_empty,
                                Flags flags = Flags::none);

// The client's: an open stream, connected to run.peer.
Result<Socket> connect_to_server(Run& run);

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
