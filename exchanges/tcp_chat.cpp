// tcp_chat: lines to and fro until the client says ###, which still gets its answer.
#include "chat.hpp"
#include "table.hpp"
#include "timed.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_chat {

Verdict client(Run& run) {
  ChatLines lines(run);
  if (const std::string_view* line = lines.unfit()) {
    return Verdict::failed("lines to say", Line("1 to ", longest_line, " bytes each"),
                           Line("one of ", line->size(), " bytes"));
  }
  Result<Socket> opened = connect_to_server(run);
  if (!opened) return Verdict::failed("connect", "a connection", opened.error());
  const Timed socket(run, *opened);
  run.context.report("connected");

  Message message;
  for (int number = 1;; ++number) {
    const std::string_view line = lines.next(message.room());
    if (const auto done = socket.sendall(line); !done) {
      return Verdict::failed(Line("line ", number), "to send it", done.error());
    }
    const bool ends = line == chat_end;  // a typed line is in `message`, which is needed now
    run.context.report(message.report_sent(line));

    const Result<MutableBytes> came = socket.recv(message.room());
    const Line step("answer to line ", number);
    if (!came) return Verdict::failed(step, "an answer", came.error());
    if (came->empty()) return Verdict::failed(step, "an answer", "end of stream");
    message.set_size(came->size());
    run.context.report(message.report());
    if (ends) return Verdict::ok();
  }
}

Verdict server(Run& run, Socket& listening) {
  Result<Socket> accepted = accept_client(run, listening);
  if (!accepted) return Verdict::failed("accept", "a client", accepted.error());
  const Timed socket(run, *accepted);
  run.context.report("client connected");

  Message message;
  for (int number = 1;; ++number) {
    const Result<MutableBytes> came = socket.recv(message.room());
    if (!came) return Verdict::failed(Line("line ", number), "a line or the end", came.error());
    if (came->empty()) break;
    message.set_size(came->size());
    const auto answered =
        chat_answer(run, message, [&](Bytes answer) { return socket.sendall(answer); });
    if (!answered) {
      return Verdict::failed(Line("answer to line ", number), "to send it", answered.error());
    }
  }
  run.context.report("client closed");
  return Verdict::ok();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_chat
