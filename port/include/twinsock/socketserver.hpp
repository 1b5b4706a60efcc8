// socketserver: TCP and UDP servers around a handler, one request at a time or with a fixed number
// of tasks, after Python's module of that name. All storage is the caller's or the server's own.
//
//   void greet(void*, Socket& connection, const Endpoint& peer) { connection.sendall("hello"); }
//   TcpServer<4> server(greet);                     // four tasks: four connections at once
//   server.open({IpAddress::any(Family::inet), 5000});
//   server.serve_forever();                         // until another task calls server.shutdown()
//
// A handler runs on one of the server's tasks and may block; the connection is closed when it
// returns. A connection beyond the number of tasks waits in the backlog. A failing handler (it has
// no result) ends that request only. Not movable; it must outlive serve_forever.
// Blocking: serve_forever until shutdown(), then until the running handlers have returned;
// handle_request at most its timeout, then the handler. shutdown never blocks, may be called from
// any task, and stays in force until the next open.
#pragma once

#include <array>

#include <twinsock/clock.hpp>
#include <twinsock/connection.hpp>
#include <twinsock/poll.hpp>
#include <twinsock/thread.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace detail {

// What does not depend on the protocol or on the number of tasks.
class ServerBase {
 public:
  ServerBase(const ServerBase&) = delete;
  ServerBase& operator=(const ServerBase&) = delete;

  void shutdown() { wakeup_.wake(); }
  // From an interrupt or a signal handler. False: try again (see Wakeup).
  bool shutdown_from_interrupt() { return wakeup_.wake_from_interrupt(); }
  void close();
  // Where it listens, with the port that 0 became. closed.
  Result<Endpoint> server_address() const { return socket_.getsockname(); }
  Socket& socket() { return socket_; }

 protected:
  ServerBase() = default;
  ~ServerBase() = default;
  Result<void> adopt(Result<Socket> socket);
  // Runs `work` on this task and on each thread of `helpers`, until shutdown or timed_out; the
  // first error.
  Result<void> serve(std::span<Thread> helpers, void (*work)(void* server), Timeout at_most);
  // Until there is something to receive: true; false: shutdown. timed_out.
  Result<bool> wait(Timeout timeout);

  Socket socket_;
  Wakeup wakeup_;
  Deadline deadline_{Timeout::none()};  // of serve
};

class TcpServerBase : public ServerBase {
 public:
  using Handler = void (*)(void* context, Socket& connection, const Endpoint& peer);

  // Errors as create_server's, and too_many_sockets for the wake-up handle.
  Result<void> open(const Endpoint& local, const ServerOptions& options = {});
  Result<void> open(Socket listening);  // the same with a socket that listens already
  // One connection, on this task. timed_out; closed after shutdown(); accept's errors.
  Result<void> handle_request(Timeout timeout = Timeout::none());

 protected:
  TcpServerBase(Handler handler, void* context) : handler_(handler), context_(context) {}
  static void work(void* server);

 private:
  Handler handler_;
  void* context_;
};

class UdpServerBase : public ServerBase {
 public:
  // `request` is the datagram; answer with socket.sendto(…, request.peer).
  using Handler = void (*)(void* context, Socket& socket, const Received& request);

  Result<void> open(const Endpoint& local);
  Result<void> open(Socket bound);

 protected:
  UdpServerBase(Handler handler, void* context) : handler_(handler), context_(context) {}
  Result<void> handle(MutableBytes room, Timeout timeout);

 private:
  Handler handler_;
  void* context_;
};

}  // namespace detail

// Tasks: how many requests run at once, 1 … 32; the first is serve_forever's caller, each further
// one costs a thread while the server serves.
template <std::size_t Tasks = 1>
class TcpServer : public detail::TcpServerBase {
  static_assert(Tasks >= 1 && Tasks <= 32);

 public:
  explicit TcpServer(Handler handler, void* context = nullptr) : TcpServerBase(handler, context) {}
  // no_buffer_space: a thread could not be started; nothing is served then.
  Result<void> serve_forever() { return serve_for(Timeout::none()); }
  // The same until `at_most` has passed: timed_out then, once the running handlers have returned.
  Result<void> serve_for(Timeout at_most) { return serve(helpers_, &TcpServerBase::work, at_most); }

 private:
  std::array<Thread, Tasks - 1> helpers_;
};

// One request at a time, in datagrams of at most RoomSize bytes (longer ones arrive truncated).
template <std::size_t RoomSize = 1472>
class UdpServer : public detail::UdpServerBase {
 public:
  explicit UdpServer(Handler handler, void* context = nullptr) : UdpServerBase(handler, context) {}
  Result<void> handle_request(Timeout timeout = Timeout::none()) { return handle(room_, timeout); }
  Result<void> serve_forever() {
    Result<void> outcome;
    while (outcome) outcome = handle(room_, Timeout::none());
    return outcome.error() == Errc::closed ? Result<void>() : outcome;
  }

 private:
  std::array<std::byte, RoomSize> room_;
};

}  // namespace twinsock::inline TWINSOCK_BACKEND
