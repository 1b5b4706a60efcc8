// tcp_greeting: the server greets whoever connects; the client reads that, answers and closes.
#include "table.hpp"
#include "text.hpp"
#include "timed.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_greeting {

namespace {
constexpr std::string_view greeting = "Hello client";
constexpr std::string_view reply = "Hello server";
}  // namespace

Verdict client(Run& run) {
  Result<Socket> opened = connect_to_server(run);
  if (!opened) return Verdict::failed("connect", "a connection", opened.error());
  const Timed socket(run, *opened);
  run.context.report("connected");

  Message message;  // a greeting is short: one recv has it
  const Result<MutableBytes> came = socket.recv(message.room());
  if (!came) return Verdict::failed("greeting", "the server's greeting", came.error());
  if (came->empty()) return Verdict::failed("greeting", "the server's greeting", "end of stream");
  message.set_size(came->size());
  run.context.report(message.report());

  if (const auto done = socket.sendall(reply); !done) {
    return Verdict::failed("reply", "to send it", done.error());
  }
  run.context.report(Line("sent: ", reply));
  return Verdict::ok();
}

Verdict server(Run& run, Socket& listening) {
  Result<Socket> accepted = accept_client(run, listening);
  if (!accepted) return Verdict::failed("accept", "a client", accepted.error());
  const Timed socket(run, *accepted);
  run.context.report("client connected");
  if (const auto done = socket.sendall(greeting); !done) {
    return Verdict::failed("greeting", "to send it", done.error());
  }
  run.context.report(Line("sent: ", greeting));

  Message message;
  std::size_t size = 0;
  while (size < Message::limit) {  // the client says all it has to say, then ends
    const Result<MutableBytes> came = socket.recv(message.room().without_first(size));
    if (!came) return Verdict::failed("reply", Line(reply, ", then the end"), came.error());
    if (came->empty()) break;
    size += came->size();
    message.set_size(size);
  }
  if (message.text() != reply) {
    return Verdict::failed("reply", reply, size == 0 ? "end of stream" : message.shown());
  }
  run.context.report(message.report());
  run.context.report("client closed");
  return Verdict::ok();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_greeting
