// udp_timeout: bind, settimeout, recvfrom. Nobody sends until it has expired; then somebody does.
#include "table.hpp"
#include "text.hpp"
#include "udp.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::udp_timeout {

namespace {
constexpr std::string_view greeting = "Hello server";
constexpr std::string_view receipt = "Hello client";
constexpr Timeout first_wait = Timeout::from_ms(200);
constexpr Timeout receipt_wait = Timeout::from_ms(300);
constexpr int sendings = 10;
}  // namespace

// The datagram may be lost, so it is sent again a few times until the receipt comes. A server that
// gives no receipt is as good: all that was promised is to send.
Verdict client(Run& run) {
  Result<Socket> opened = Socket::open(run.peer.family(), Type::datagram);
  if (!opened) return Verdict::failed("open", "a socket", opened.error());
  const Timed socket(run, *opened);
  std::array<std::byte, 64> buffer;
  for (int i = 0; i < sendings; ++i) {
    if (const auto done = send_datagram(socket, greeting, run.peer); !done) {
      return Verdict::failed("send", "to send it", done.error());
    }
    const Result<Received> came = socket.recvfrom(buffer, receipt_wait);
    if (came && is_server(came->peer, run.peer)) break;
    if (!came && came.error() != Errc::timed_out) {
      return Verdict::failed("receipt", "one, or silence", came.error());
    }
    if (run.deadline.expired()) break;
  }
  run.context.report(Line("sent: ", greeting));
  return Verdict::ok();
}

// Its client may start only when the first wait is over; one that comes sooner, as a program that
// is not ours may, is served at once.
Verdict server(Run& run, Socket& socket) {
  const Timed timed(run, socket);
  Message message;
  Result<Received> came = timed.recvfrom(message.room(), first_wait);
  if (!came && came.error() == Errc::timed_out && !run.deadline.expired()) {
    run.context.report("Client not connected");
    came = first_datagram(run, socket, message.room());
  } else {
    run.context.ready();
  }
  if (!came) return Verdict::failed("datagram", "a client's", came.error());
  run.context.log(Line("received from ", came->peer.to_text()));
  message.set_size(came->data.size());
  run.context.report(message.report());
  if (const auto done = send_datagram(timed, receipt, came->peer); !done) {
    return Verdict::failed("receipt", "to send it", done.error());
  }
  return Verdict::ok();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::udp_timeout
