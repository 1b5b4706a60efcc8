// tcp_reply: one request, one reply, both UTF-8 text beyond ASCII.
#include "table.hpp"
#include "text.hpp"
#include "timed.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_reply {

namespace {

constexpr std::string_view request = "Olá, servidor! Você fala 日本語? ☺";
constexpr std::string_view reply = "Olá, cliente! はい, und auf Wiederhören 🙂";

// What one recv has is the message, except that a character is never left half read.
Verdict receive(Run& run, const Timed& socket, std::string_view step, Message& message) {
  std::size_t size = 0;
  for (Utf8 state = Utf8::cut_short; state == Utf8::cut_short;) {
    const Result<MutableBytes> came = socket.recv(message.room().without_first(size));
    if (!came) return Verdict::failed(step, "UTF-8 text", came.error());
    if (came->empty()) {
      return Verdict::failed(step, "UTF-8 text",
                             size == 0 ? "end of stream" : "end of stream within a character");
    }
    size += came->size();
    message.set_size(size);
    state = check_utf8(message.text());
    if (state == Utf8::malformed) {
      return Verdict::failed(step, "valid UTF-8", message.shown());
    }
  }
  run.context.report(message.report());
  return Verdict::ok();
}

}  // namespace

Verdict client(Run& run) {
  Result<Socket> opened = connect_to_server(run);
  if (!opened) return Verdict::failed("connect", "a connection", opened.error());
  const Timed socket(run, *opened);
  run.context.report("connected");
  if (const auto done = socket.sendall(request); !done) {
    return Verdict::failed("request", "to send it", done.error());
  }
  run.context.report(Line("sent: ", request));
  Message message;
  return receive(run, socket, "reply", message);
}

Verdict server(Run& run, Socket& listening) {
  Result<Socket> accepted = accept_client(run, listening);
  if (!accepted) return Verdict::failed("accept", "a client", accepted.error());
  const Timed socket(run, *accepted);
  run.context.report("client connected");
  Message message;
  if (Verdict verdict = receive(run, socket, "request", message); !verdict.passed) return verdict;
  if (const auto done = socket.sendall(reply); !done) {
    return Verdict::failed("reply", "to send it", done.error());
  }
  run.context.report(Line("sent: ", reply));
  return Verdict::ok();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_reply
