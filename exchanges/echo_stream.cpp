// Echoes over a stream, of whatever family.
#include "echo_stream.hpp"

#include <array>

#include "pattern.hpp"
#include "text.hpp"
#include "timed.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

namespace {

using Buffer = std::array<std::byte, longest_message>;  // a burst fits as well

struct Client {
  Timed socket;
  Buffer& buffer;
  Error error = Errc::none;  // why echo failed; none: because of a wrong byte, as follows
  int wrong_message = 0;
  std::size_t wrong_index = 0;
  std::byte wrong_byte{};

  // Sends messages `first` to `last` back to back, then reads and checks them all.
  bool echo(int first, int last) {
    std::size_t size = 0;
    for (int number = first; number <= last; ++number) {
      const Bytes message = fill_message(buffer, number);
      if (const auto done = socket.sendall(message); !done) return error = done.error(), false;
      size += message.size();
    }
    Bytes answer = MutableBytes(buffer).first(size);
    if (const auto done = socket.recv_exactly(MutableBytes(buffer).first(size)); !done) {
      return error = done.error(), false;
    }
    for (int number = first; number <= last; ++number) {
      const Bytes got = answer.first(message_size(number));
      const std::size_t index = first_difference(got, number);
      if (index != got.size()) {
        wrong_message = number;
        wrong_index = index;
        wrong_byte = got[index];
        return false;
      }
      answer = answer.without_first(got.size());
    }
    return true;
  }

  Verdict failure(int first) const {
    const Line step = round_name(first);
    if (error != Errc::none) return Verdict::failed(step, "its bytes back", error);
    const unsigned right_byte = message_byte(wrong_message, wrong_index);
    return Verdict::failed(step, Line("byte ", wrong_index, " to be ", right_byte),
                           Line(static_cast<unsigned>(wrong_byte)));
  }
};

}  // namespace

Verdict check_echoes(Run& run, Socket& connected) {
  Buffer buffer;
  Client self{Timed(run, connected), buffer};
  for (int first = 1; first <= message_count; first = last_of_round(first) + 1) {
    if (!self.echo(first, last_of_round(first))) return self.failure(first);
    if (first == single_count) run.context.report("sizes 1 to 1200: all echoed");
  }
  run.context.report(Line(burst_count, " bursts of ", burst_length, ": all echoed"));
  return Verdict::ok();
}

Verdict echo_until_end(Run& run, Socket& accepted) {
  const Timed socket(run, accepted);
  Buffer buffer;
  std::size_t count = 0;
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

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
