// Servers: each task waits for the listener and the wake-up handle, and takes what comes first.
#include <utility>

#include <core/socket_core.hpp>
#include <twinsock/clock.hpp>
#include <twinsock/socketserver.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::detail {

void ServerBase::close() {
  socket_.close();
  wakeup_.close();
}

Result<void> ServerBase::adopt(Result<Socket> socket) {
  if (!socket) return socket.error();
  // Several tasks wait for one socket: who comes too late must not be stuck in it.
  if (const auto ok = socket->setblocking(false); !ok) return ok;
  if (const auto ok = wakeup_.open(); !ok) return ok;
  socket_ = std::move(*socket);
  return {};
}

Result<void> ServerBase::serve(std::span<Thread> helpers, void (*work)(void* server),
                               Timeout at_most) {
  if (!socket_.is_open()) return Errc::closed;
  if (!at_most.valid()) return Errc::invalid_argument;
  deadline_ = Deadline(at_most);
  Result<void> outcome;
  std::size_t started = 0;
  while (outcome && started < helpers.size()) {
    outcome = helpers[started].start("server", work, this);
    if (outcome) ++started;
  }
  if (outcome) {
    work(this);
  } else {
    shutdown();
  }
  for (Thread& helper : helpers.first(started)) helper.join();
  if (outcome && deadline_.expired()) return Errc::timed_out;
  return outcome;
}

Result<bool> ServerBase::wait(Timeout timeout) {
  PollItem items[] = {{socket_, Ready::read}, {wakeup_}};
  const Result<std::size_t> ready = poll(items, timeout);
  if (!ready) return ready.error();
  if (any(items[1].ready)) return false;
  if (*ready == 0) return Errc::timed_out;
  return true;
}

Result<void> TcpServerBase::open(const Endpoint& local, const ServerOptions& options) {
  close();
  return adopt(create_server(local, options));
}

Result<void> TcpServerBase::open(Socket listening) {
  close();
  if (SocketCore::phase(listening) != Phase::listening) return Errc::invalid_argument;
  return adopt(std::move(listening));
}

Result<void> TcpServerBase::handle_request(Timeout timeout) {
  const Deadline deadline(timeout);
  while (true) {
    const Result<bool> go = wait(deadline.remaining());
    if (!go) return go.error();
    if (!*go) return Errc::closed;
    Result<Accepted> accepted = socket_.accept();
    if (accepted) {
      handler_(context_, accepted->socket, accepted->peer);
      return {};
    }
    if (accepted.error() != Errc::would_block) return accepted.error();  // another task was faster
  }
}

void TcpServerBase::work(void* server) {
  auto& self = *static_cast<TcpServerBase*>(static_cast<ServerBase*>(server));
  while (true) {
    const Result<void> outcome = self.handle_request(self.deadline_.remaining());
    if (self.deadline_.expired()) return;
    if (outcome) continue;
    if (outcome.error() == Errc::closed) return;
    // Out of sockets or memory: somebody else has to give some back first.
    sleep_for(std::chrono::milliseconds(10));
  }
}

Result<void> UdpServerBase::open(const Endpoint& local) {
  close();
  Result<Socket> socket = Socket::open(local.family(), Type::datagram);
  if (!socket) return socket.error();
  if (const auto ok = socket->bind(local); !ok) return ok;
  return adopt(std::move(socket));
}

Result<void> UdpServerBase::open(Socket bound) {
  close();
  if (bound.type() != Type::datagram) return Errc::operation_not_supported;
  return adopt(std::move(bound));
}

Result<void> UdpServerBase::handle(MutableBytes room, Timeout timeout) {
  const Deadline deadline(timeout);
  while (true) {
    const Result<bool> go = wait(deadline.remaining());
    if (!go) return go.error();
    if (!*go) return Errc::closed;
    const Result<Received> request = socket_.recvfrom(room);
    if (request) {
      handler_(context_, socket_, *request);
      return {};
    }
    // The answer to an earlier request was refused: no concern of this one.
    if (request.error() == Errc::would_block || request.error() == Errc::connection_refused)
      continue;
    return request.error();
  }
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::detail
