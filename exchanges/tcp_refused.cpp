// tcp_refused: connect_ex returns the refusal of a closed port, and none of an open one.
#include "table.hpp"
#include "text.hpp"
#include "timed.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_refused {

namespace {

// connect_ex on a socket of its own: after a failure a socket can only be closed.
Verdict try_connect(Run& run, std::string_view which, const Endpoint& peer, Errc expected) {
  Result<Socket> opened = Socket::open(peer.family(), Type::stream);
  if (!opened) return Verdict::failed(which, "a socket", opened.error());
  const Errc outcome = Timed(run, *opened).connect_ex(peer);
  const std::string_view came = outcome == Errc::none ? "connected" : name(outcome);
  if (outcome != expected) {
    return Verdict::failed(which, expected == Errc::none ? "connected" : name(expected), came);
  }
  run.context.report(Line(which, ": ", came));
  return Verdict::ok();
}

}  // namespace

Verdict client(Run& run) {
  const Endpoint closed =
      run.closed.family() == Family::unspecified ? Endpoint(run.peer.address(), 1) : run.closed;
  Verdict verdict = try_connect(run, "closed port", closed, Errc::connection_refused);
  if (!verdict.passed) return verdict;
  return try_connect(run, "open port", run.peer, Errc::none);
}

Verdict server(Run& run, Socket& listening) {
  Result<Socket> accepted = accept_client(run, listening);
  if (!accepted) return Verdict::failed("accept", "a client", accepted.error());
  run.context.report("client connected");
  std::byte byte;
  const Result<MutableBytes> came = Timed(run, *accepted).recv(MutableBytes(&byte, 1));
  if (!came) return Verdict::failed("end", "end of stream", came.error());
  if (!came->empty()) return Verdict::failed("end", "end of stream", "data");
  run.context.report("client closed");
  return Verdict::ok();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_refused
