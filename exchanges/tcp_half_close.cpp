// tcp_half_close: the client ends its half of the stream; the server answers what it counted.
#include <charconv>

#include "pattern.hpp"
#include "table.hpp"
#include "text.hpp"
#include "timed.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_half_close {

namespace {
constexpr std::size_t piece_size = 500;
constexpr std::size_t piece_count = 6;
constexpr std::size_t total = piece_size * piece_count;
}  // namespace

Verdict client(Run& run) {
  Result<Socket> opened = connect_to_server(run);
  if (!opened) return Verdict::failed("connect", "a connection", opened.error());
  const Timed socket(run, *opened);
  run.context.report("connected");

  std::array<std::byte, piece_size> buffer;
  for (std::size_t i = 0; i < piece_count; ++i) {
    if (const auto done = socket.sendall(fill_message(buffer, piece_size)); !done) {
      return Verdict::failed(Line("piece ", i + 1), "to send it", done.error());
    }
  }
  if (const auto done = opened->shutdown(Shutdown::write); !done) {
    return Verdict::failed("shutdown", "to end the writing half", done.error());
  }
  run.context.report(Line("sent ", total, " bytes and ended"));

  MutableBytes answer;  // up to the end of the stream, which is all the framing there is
  for (;;) {
    const MutableBytes room = MutableBytes(buffer).without_first(answer.size());
    const Result<MutableBytes> came = socket.recv(room);
    if (!came) return Verdict::failed("answer", "a count, then the end", came.error());
    if (came->empty()) break;
    answer = MutableBytes(buffer).first(answer.size() + came->size());
    if (answer.size() > 20) return Verdict::failed("answer", "a count", "more than 20 bytes");
  }
  make_printable({reinterpret_cast<char*>(answer.data()), answer.size()});
  if (const Line expected(total); answer.text() != std::string_view(expected)) {
    return Verdict::failed("answer", expected, answer.empty() ? "end of stream" : answer.text());
  }
  run.context.report(Line("received: ", answer.text()));

  const Result<MutableBytes> again = socket.recv(buffer);  // an end is for ever
  if (!again) return Verdict::failed("after the end", "end of stream again", again.error());
  if (!again->empty()) return Verdict::failed("after the end", "end of stream again", "data");
  run.context.report("server ended");
  return Verdict::ok();
}

Verdict server(Run& run, Socket& listening) {
  Result<Socket> accepted = accept_client(run, listening);
  if (!accepted) return Verdict::failed("accept", "a client", accepted.error());
  const Timed socket(run, *accepted);
  run.context.report("client connected");

  std::array<std::byte, piece_size> buffer;
  std::size_t count = 0;
  for (;;) {
    const Result<MutableBytes> came = socket.recv(buffer);
    if (!came) {
      return Verdict::failed(Line("after ", count, " bytes"), "bytes or their end", came.error());
    }
    if (came->empty()) break;
    count += came->size();
  }
  run.context.report(Line("client ended after ", count, " bytes"));
  if (const auto done = socket.sendall(std::string_view(Line(count))); !done) {
    return Verdict::failed("answer", "to send it", done.error());
  }
  run.context.report(Line("sent: ", count));
  return Verdict::ok();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_half_close
