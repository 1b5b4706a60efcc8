// tcp_echo: the server sends back what it reads; the client sends every size from 1 to 1,200, each
// after the answer to the one before, then bursts, and checks each byte that comes back.
#include <array>

#include "pattern.hpp"
#include "table.hpp"
#include "text.hpp"
#include "timed.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_echo {

namespace {

constexpr std::size_t burst_bytes = 1220;
using Buffer = std::array<std::byte, burst_bytes>;

Verdict wrong_byte(std::string_view step, Bytes got, int number, std::size_t index) {
  return Verdict::failed(
      step, Line("byte ", index, " of ", got.size(), " to be ", +message_byte(number, index)),
      Line(static_cast<unsigned>(got[index])));
}

// Sends messages `first` to `last` back to back, then reads and checks them all.
Verdict echo(const Timed& socket, Buffer& buffer, std::string_view step, int first, int last) {
  std::size_t size = 0;
  for (int number = first; number <= last; ++number) {
    const Bytes message = fill_message(buffer, number);
    if (const auto done = socket.sendall(message); !done) {
      return Verdict::failed(step, "to send it", done.error());
    }
    size += message.size();
  }
  MutableBytes answer = MutableBytes(buffer).first(size);
  if (const auto done = socket.recv_exactly(answer); !done) {
    return Verdict::failed(step, Line("its ", size, " bytes back"), done.error());
  }
  for (int number = first; number <= last; ++number) {
    const Bytes got = answer.first(message_size(number));
    const std::size_t index = first_difference(got, number);
    if (index != got.size()) return wrong_byte(step, got, number, index);
    answer = answer.without_first(got.size());
  }
  return Verdict::ok();
}

}  // namespace

Verdict client(Run& run) {
  Result<Socket> opened = connect_to_server(run);
  if (!opened) return Verdict::failed("connect", "a connection", opened.error());
  const Timed socket(run, *opened);
  run.context.report("connected");

  Buffer buffer;
  for (int size = 1; size <= single_count; ++size) {
    Verdict verdict = echo(socket, buffer, Line("size ", size), size, size);
    if (!verdict.passed) return verdict;
  }
  run.context.report("sizes 1 to 1200: all echoed");
  for (int burst = 0; burst < burst_count; ++burst) {
    const int first = single_count + burst * burst_length + 1;
    Verdict verdict =
        echo(socket, buffer, Line("burst ", burst + 1), first, first + burst_length - 1);
    if (!verdict.passed) return verdict;
  }
  run.context.report(Line(burst_count, " bursts of ", burst_length, ": all echoed"));
  return Verdict::ok();
}

Verdict server(Run& run, Socket& listening) {
  Result<Socket> accepted = accept_client(run, listening);
  if (!accepted) return Verdict::failed("accept", "a client", accepted.error());
  const Timed socket(run, *accepted);
  run.context.report("client connected");

  Buffer buffer;
  std::uint64_t count = 0;
  for (;;) {
    const Result<MutableBytes> came = socket.recv(buffer);
    if (!came) {
      return Verdict::failed(Line("after ", count, " bytes"), "bytes or their end", came.error());
    }
    if (came->empty()) break;
    if (const auto done = socket.sendall(*came); !done) {
      return Verdict::failed(Line("after ", count, " bytes"), "to echo more", done.error());
    }
    count += came->size();
  }
  run.context.report(Line("echoed ", count, " bytes"));
  return Verdict::ok();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_echo
