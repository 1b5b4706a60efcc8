// tcp_socketserver: a TcpServer with two tasks. The second client is served while the first is
// still there; the answers are what was asked, in capitals.
#include <algorithm>
#include <array>
#include <atomic>
#include <utility>

#include <twinsock/socketserver.hpp>

#include "discovery.hpp"
#include "table.hpp"
#include "text.hpp"
#include "timed.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_socketserver {

namespace {

constexpr int guest_count = 2;

Verdict ask(Run& run, Socket& socket, std::string_view question) {
  const Timed timed(run, socket);
  if (const auto done = timed.sendall(question); !done) {
    return Verdict::failed(question, "to send it", done.error());
  }
  std::array<char, 64> room;
  const MutableBytes answer = MutableBytes(room).first(question.size());
  if (const auto done = timed.recv_exactly(answer); !done) {
    return Verdict::failed(question, "its answer", done.error());
  }
  std::array<char, 64> capitals;
  std::ranges::copy(question, capitals.begin());
  make_upper({capitals.data(), question.size()});
  const std::string_view expected(capitals.data(), question.size());
  make_printable({room.data(), answer.size()});
  if (answer.text() != expected) return Verdict::failed(question, expected, answer.text());
  run.context.report(Line("asked: ", question, ", answer: ", answer.text()));
  return Verdict::ok();
}

// What the handlers share; each runs on a task of its own.
struct Service {
  Run& run;
  TcpServer<guest_count>* server = nullptr;
  std::atomic<int> ended = 0;
  std::atomic<int> failed = 0;
};

void handle(void* context, Socket& connection, const Endpoint&) {
  auto& service = *static_cast<Service*>(context);
  const Timed socket(service.run, connection);
  std::array<char, 64> room;
  for (;;) {
    const Result<MutableBytes> came = socket.recv(room);
    if (came && came->empty()) break;
    if (came) make_upper({room.data(), came->size()});
    if (came && socket.sendall(*came)) continue;
    service.failed.store(1);
    break;
  }
  if (service.ended.fetch_add(1) + 1 == guest_count) service.server->shutdown();
}

}  // namespace

Verdict client(Run& run) {
  Result<Socket> first = connect_to_server(run);
  if (!first) return Verdict::failed("connect", "a connection", first.error());
  Verdict verdict = ask(run, *first, "one");
  if (!verdict.passed) return verdict;
  Result<Socket> second = connect_to_server(run);
  if (!second) return Verdict::failed("connect", "a second connection", second.error());
  verdict = ask(run, *second, "two, while one is there");
  if (!verdict.passed) return verdict;
  second->close();
  return ask(run, *first, "one again");
}

Verdict server(Run& run, Socket& listening) {
  if (const auto arrived = await_client(run, listening); !arrived) {
    return Verdict::failed("accept", "a client", arrived.error());
  }
  Service service{.run = run};
  TcpServer<guest_count> server(handle, &service);
  service.server = &server;
  if (const auto opened = server.open(std::move(listening)); !opened) {
    return Verdict::failed("open", "a server", opened.error());
  }
  const Result<void> served = server.serve_for(run.deadline.remaining());
  listening = std::move(server.socket());
  const Line step(service.ended.load(), " of ", guest_count, " connections");
  if (!served) return Verdict::failed(step, "to serve until the last", served.error());
  if (service.failed.load() != 0) return Verdict::failed(step, "each to its end", "a broken one");
  run.context.report(Line("served ", guest_count, " connections at once, then shut down"));
  return Verdict::ok();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_socketserver
