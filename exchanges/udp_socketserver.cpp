// udp_socketserver: a UdpServer gives each datagram to its handler, which answers in capitals.
#include <utility>

#include <twinsock/socketserver.hpp>

#include "discovery.hpp"
#include "table.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::udp_socketserver {

namespace {

constexpr std::string_view questions[] = {"first request", "second request", "third request"};
constexpr std::string_view answers[] = {"FIRST REQUEST", "SECOND REQUEST", "THIRD REQUEST"};

struct Service {
  const ClientEnd& end;
  bool ended = false;
  Result<void> sent{};
};

void handle(void* context, Socket& socket, const Received& request) {
  auto& service = *static_cast<Service*>(context);
  service.ended = service.end.is(request);
  if (request.data.empty()) return;
  make_upper({reinterpret_cast<char*>(request.data.data()), request.data.size()});
  const auto sent = socket.sendto(request.data, request.peer);
  // Without room, or with the queue full, it is as if the network had lost the answer.
  const bool lost =
      !sent && (sent.error() == Errc::no_buffer_space || sent.error() == Errc::would_block);
  if (!sent && !lost) service.sent = sent.error();
}

// The first datagram is only looked at: the server is to receive it.
Result<Received> look_at_first(Run& run, Socket& socket) {
  std::array<char, 4> room;
  Result<Received> first = first_datagram(run, socket, room, not_empty, Flags::peek);
  return first;
}

}  // namespace

Verdict client(Run& run) {
  Result<Socket> opened = Socket::open(run.peer.family(), Type::datagram);
  if (!opened) return Verdict::failed("open", "a socket", opened.error());
  for (std::size_t i = 0; i < std::size(questions); ++i) {
    const auto server = ask_until_answered(run, *opened, questions[i], answers[i], run.peer);
    if (!server) return Verdict::failed(questions[i], answers[i], server.error());
    run.context.report(Line("asked: ", questions[i], ", answer: ", answers[i]));
  }
  if (const auto done = say_goodbye(Timed(run, *opened), run.peer); !done) {
    return Verdict::failed("end", "to send an empty datagram", done.error());
  }
  return Verdict::ok();
}

Verdict server(Run& run, Socket& socket) {
  const Result<Received> first = look_at_first(run, socket);
  if (!first) return Verdict::failed("request", "a client's", first.error());
  run.context.report("first request came");
  const ClientEnd end(run, first->peer);
  Service service{end};
  UdpServer<64> server(handle, &service);
  if (const auto opened = server.open(std::move(socket)); !opened) {
    return Verdict::failed("open", "a server", opened.error());
  }
  Result<void> handled;
  while (handled && service.sent && !service.ended) {
    const std::uint32_t heard_at_ms = now_ms();
    handled = server.handle_request(shorter(end.silence(), run.deadline.remaining()));
    if (!handled && end.is(run, handled.error(), heard_at_ms)) {
      service.ended = true;
      handled = {};
    }
  }
  socket = std::move(server.socket());
  if (!handled) return Verdict::failed("request", "one, then an empty one", handled.error());
  if (!service.sent) return Verdict::failed("answer", "to send it", service.sent.error());
  run.context.report("client ended");
  return Verdict::ok();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::udp_socketserver
