// tcp_bulk: 1 MiB each way at once, a thread for each direction, digests compared.
#include <array>
#include <atomic>

#include <twinsock/thread.hpp>

#include "pattern.hpp"
#include "table.hpp"
#include "text.hpp"
#include "timed.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_bulk {

namespace {

constexpr std::size_t total = 1 << 20;

// Both threads use one socket, so neither may change its timeout: it is this short from the start,
// and each looks at the deadline in between.
constexpr Timeout slice = Timeout::from_ms(200);

struct Shared {
  Run& run;
  Socket& socket;
  std::atomic<bool> given_up = false;
  // The sender's; the other thread reads them after join.
  std::size_t sent = 0;
  Digest digest{};
  Result<void> outcome{};

  bool over() const { return given_up || run.deadline.expired(); }
};

// The sender. Both sides send the same stream, so that it knows what must come.
void send_all(void* argument) {
  Shared& shared = *static_cast<Shared*>(argument);
  Stream stream;
  std::array<std::byte, 512> piece;
  while (shared.sent < total) {
    for (std::byte& byte : piece) byte = stream.next();
    shared.digest.add(piece);
    for (Bytes rest = piece; !rest.empty();) {
      if (shared.over()) {
        shared.outcome = Errc::timed_out;
        return;
      }
      const Result<std::size_t> count = shared.socket.send(rest);
      if (!count && count.error() == Errc::timed_out) continue;
      if (!count) {
        shared.outcome = count.error();
        return;
      }
      rest = rest.without_first(*count);
      shared.sent += *count;
    }
  }
}

Result<MutableBytes> receive(Shared& shared, MutableBytes buffer) {
  for (;;) {
    if (shared.over()) return Errc::timed_out;
    const Result<MutableBytes> came = shared.socket.recv(buffer);
    if (came || came.error() != Errc::timed_out) return came;
  }
}

Verdict receive_all(Shared& shared, Digest& digest) {
  std::array<std::byte, 512> buffer;
  for (std::size_t count = 0; count < total;) {
    const Result<MutableBytes> came = receive(shared, MutableBytes(buffer).first(total - count));
    const Line step("receive, after ", count, " bytes");
    if (!came) return Verdict::failed(step, Line(total, " bytes"), came.error());
    if (came->empty()) return Verdict::failed(step, Line(total, " bytes"), "end of stream");
    digest.add(*came);
    count += came->size();
  }
  return Verdict::ok();
}

Verdict transfer(Run& run, Socket& socket) {
  if (const auto set = socket.settimeout(slice); !set) {
    return Verdict::failed("settimeout", "to set it", set.error());
  }
  Shared shared{run, socket};
  Thread sender;
  if (const auto started = sender.start("sender", send_all, &shared); !started) {
    return Verdict::failed("start", "a second thread", started.error());
  }
  Digest came;
  Verdict verdict = receive_all(shared, came);
  if (!verdict.passed) shared.given_up = true;
  sender.join();
  if (!verdict.passed) return verdict;
  if (!shared.outcome) {
    return Verdict::failed(Line("send, after ", shared.sent, " bytes"), "to send more",
                           shared.outcome.error());
  }
  run.context.report(Line("sent ", shared.sent, " bytes, digest ", Hex(shared.digest.value())));
  if (came.value() != shared.digest.value()) {
    return Verdict::failed("compare", Line("digest ", Hex(shared.digest.value())),
                           Line("digest ", Hex(came.value())));
  }
  run.context.report(Line("received ", total, " bytes, the same digest"));

  if (const auto done = socket.shutdown(Shutdown::write); !done) {
    return Verdict::failed("shutdown", "to end the stream", done.error());
  }
  std::byte byte;
  const Result<MutableBytes> end = receive(shared, MutableBytes(&byte, 1));
  if (!end) return Verdict::failed("end", "end of stream", end.error());
  if (!end->empty()) return Verdict::failed("end", "end of stream", "more bytes");
  run.context.report("ended");
  return Verdict::ok();
}

}  // namespace

Verdict client(Run& run) {
  Result<Socket> socket = connect_to_server(run);
  if (!socket) return Verdict::failed("connect", "a connection", socket.error());
  run.context.report("connected");
  return transfer(run, *socket);
}

Verdict server(Run& run, Socket& listening) {
  Result<Socket> socket = accept_client(run, listening);
  if (!socket) return Verdict::failed("accept", "a client", socket.error());
  run.context.report("client connected");
  return transfer(run, *socket);
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_bulk
