// udp_echo: the server sends back each datagram; the client sends every size from 1 to 1,200, then
// bursts, again what got no answer in time, and checks each byte that comes back.
#include "pattern.hpp"
#include "table.hpp"
#include "text.hpp"
#include "udp.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::udp_echo {

namespace {

using Buffer = std::array<std::byte, longest_message + 1>;  // longer ones are not ours

// Which message, up to number `last`, these bytes are; 0 if none.
int message_number(Bytes data, int last) {
  const auto is = [&](int number) {
    return data.size() == message_size(number) && first_difference(data, number) == data.size();
  };
  const int as_single = static_cast<int>(data.size());
  if (as_single >= 1 && as_single <= single_count && is(as_single)) return as_single;
  for (int number = single_count + 1; number <= last; ++number) {
    if (is(number)) return number;
  }
  return 0;
}

struct Client {
  Run& run;
  Timed socket;
  Buffer& buffer;
  RetryTimer timer{};
  Error error = Errc::none;  // why echo failed; none: because of so many bytes never sent
  std::size_t unknown_size = 0;

  // Sends those messages from `first` on whose bit is set in `missing`.
  Result<void> send(int first, unsigned missing) {
    for (int i = 0; missing >> i != 0; ++i) {
      if ((missing >> i & 1) == 0) continue;
      const auto done = send_datagram(socket, fill_message(buffer, first + i), run.peer);
      if (!done) return done;
    }
    return {};
  }

  // Sends messages `first` to `last` back to back and waits for all of them to come back, in any
  // order. What came back before may come again, and changes nothing.
  bool echo(int first, int last) {
    unsigned missing = (1u << (last - first + 1)) - 1;
    timer.sent();
    Result<void> sent = send(first, missing);
    while (missing != 0) {
      if (!sent) return error = sent.error(), false;
      const Result<Received> came = socket.recvfrom(buffer, timer.wait());
      if (!came && came.error() == Errc::timed_out && !run.deadline.expired()) {
        timer.sent_again();
        sent = send(first, missing);
        continue;
      }
      if (!came) return error = came.error(), false;
      if (!is_server(came->peer, run.peer)) continue;
      const int number = message_number(came->data, last);
      if (number == 0) return unknown_size = came->data.size(), false;
      if (number >= first && number <= last) missing &= ~(1u << (number - first));
    }
    timer.answered();
    return true;
  }

  Verdict failure(int first) const {
    const Line step = round_name(first);
    if (error != Errc::none) return Verdict::failed(step, "its bytes back", error);
    return Verdict::failed(step, "its bytes back",
                           Line(unknown_size, " bytes that were never sent"));
  }
};

}  // namespace

Verdict client(Run& run) {
  Result<Socket> opened = Socket::open(run.peer.family(), Type::datagram);
  if (!opened) return Verdict::failed("open", "a socket", opened.error());
  Buffer buffer;
  Client self{run, Timed(run, *opened), buffer};

  for (int first = 1; first <= message_count; first = last_of_round(first) + 1) {
    if (!self.echo(first, last_of_round(first))) return self.failure(first);
    if (first == single_count) run.context.report("sizes 1 to 1200: all echoed");
  }
  run.context.report(Line(burst_count, " bursts of ", burst_length, ": all echoed"));
  if (const auto done = say_goodbye(self.socket, run.peer); !done) {
    return Verdict::failed("end", "to send an empty datagram", done.error());
  }
  return Verdict::ok();
}

// Ends with the first client's empty datagram. Should that be lost, or the client not know of it,
// silence for half the deadline is the end as well; what is reported is the same.
Verdict server(Run& run, Socket& socket) {
  const Timed timed(run, socket);
  std::array<std::byte, 1280> buffer;
  Result<Received> came = first_datagram(run, socket, buffer);
  if (!came) return Verdict::failed("first datagram", "a client's", came.error());
  const Endpoint first_client = came->peer;
  run.context.report("first datagram came");

  const Timeout rest = run.deadline.remaining();
  const Timeout silence = Timeout::from_ms(rest.is_none() ? 5000 : rest.ms() / 2 + 1);
  const auto failed = [](Error error) {
    return Verdict::failed("echo", "datagrams, then an empty one", error);
  };
  while (!(came->data.empty() && came->peer == first_client)) {
    if (came->truncated) {
      run.context.log(Line("a datagram of more than ", buffer.size(), " bytes was not echoed"));
    } else if (!came->data.empty()) {
      if (const auto done = send_datagram(timed, came->data, came->peer); !done) {
        return failed(done.error());
      }
    }
    const std::uint32_t heard_at_ms = now_ms();
    came = timed.recvfrom(buffer, silence);
    if (came) continue;
    const bool silent = !run.deadline.expired() || now_ms() - heard_at_ms >= longest_retry_ms;
    if (silent && came.error() == Errc::timed_out) break;
    return failed(came.error());
  }
  run.context.report("client ended");
  return Verdict::ok();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::udp_echo
