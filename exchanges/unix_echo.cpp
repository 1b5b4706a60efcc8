// unix_echo: tcp_echo's bytes over a local stream, then the same messages in datagrams, which a
// local socket neither loses nor reorders. Over lwIP there are no such sockets, which is said.
#include <array>
#include <utility>

#include "echo_stream.hpp"
#include "local.hpp"
#include "pattern.hpp"
#include "table.hpp"
#include "timed.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::unix_echo {

namespace {

// Bound for as long as it lives: a path's file goes with it.
class Datagrams {
 public:
  explicit Datagrams(Run& run) : run_(run) {}
  ~Datagrams() { (void)remove_local(name_); }
  Datagrams(const Datagrams&) = delete;
  Datagrams& operator=(const Datagrams&) = delete;

  Result<void> open(const LocalAddress& name) {
    Result<Socket> opened = open_local(Type::datagram);
    if (!opened) return opened.error();
    if (const auto bound = bind_anew(*opened, name); !bound) return bound.error();
    socket_ = std::move(*opened);
    name_ = name;
    return {};
  }
  Result<std::size_t> send(Bytes data, const LocalAddress& peer) {
    if (const auto armed = Timed(run_, socket_).arm(); !armed) return armed.error();
    return sendto(socket_, data, peer);
  }
  Result<LocalReceived> receive(MutableBytes buffer) {
    if (const auto armed = Timed(run_, socket_).arm(); !armed) return armed.error();
    return recvfrom_local(socket_, buffer);
  }

 private:
  Run& run_;
  Socket socket_;
  LocalAddress name_;
};

Verdict wrong(int first, Bytes came) {
  return Verdict::failed(Line("datagrams, ", std::string_view(round_name(first))),
                         "its bytes back, in order", Line(came.size(), " others"));
}

Verdict check_datagrams(Run& run, const LocalAddress& server) {
  Datagrams datagrams(run);
  std::array<std::byte, longest_message + 1> buffer;
  if (const auto done = datagrams.open(LocalAddress()); !done) {
    return Verdict::failed("datagrams", "a name to be answered at", done.error());
  }
  const auto failed = [](int first, Error error) {
    return Verdict::failed(Line("datagrams, ", std::string_view(round_name(first))),
                           "its bytes back", error);
  };
  for (int first = 1; first <= message_count; first = last_of_round(first) + 1) {
    const int last = last_of_round(first);
    for (int number = first; number <= last; ++number) {
      const auto sent = datagrams.send(fill_message(buffer, number), server);
      if (!sent) return failed(first, sent.error());
    }
    for (int number = first; number <= last; ++number) {
      const Result<LocalReceived> came = datagrams.receive(buffer);
      if (!came) return failed(first, came.error());
      const bool whole = came->data.size() == message_size(number) && came->peer == server;
      if (!whole || first_difference(came->data, number) != came->data.size()) {
        return wrong(first, came->data);
      }
    }
    if (first == single_count) run.context.report("datagrams of 1 to 1200 bytes: all echoed");
  }
  run.context.report(Line("datagrams, ", burst_count, " bursts of ", burst_length, ": all echoed"));
  if (const auto done = datagrams.send(Bytes(), server); !done) {
    return Verdict::failed("end", "to send an empty datagram", done.error());
  }
  return Verdict::ok();
}

Verdict echo_datagrams(Run& run, Datagrams& datagrams) {
  std::array<std::byte, longest_message + 80> buffer;
  std::size_t count = 0;
  for (;;) {
    const Line<40> step("after ", count, " datagrams");
    const Result<LocalReceived> came = datagrams.receive(buffer);
    if (!came) return Verdict::failed(step, "one, or an empty one", came.error());
    if (came->data.empty()) break;
    if (came->truncated || came->peer.is_unnamed()) {
      run.context.log(came->truncated
                          ? Line("a datagram of more than ", buffer.size(), " bytes was not echoed")
                          : Line("a datagram from nobody's name was not echoed"));
      continue;
    }
    if (const auto done = datagrams.send(came->data, came->peer); !done) {
      return Verdict::failed(step, "to echo one", done.error());
    }
    ++count;
  }
  run.context.report(Line("echoed ", count, " datagrams"));
  return Verdict::ok();
}

}  // namespace

Verdict client(Run& run) {
  Result<Socket> stream = open_local(Type::stream);
  if (!stream) return Verdict::failed("open", "a local socket", stream.error());
  const Result<LocalAddress> server = parse_local(run.local);
  const Result<LocalAddress> datagrams = server ? datagram_name(*server) : server;
  if (!datagrams) return Verdict::failed("connect", "a name: @NAME, or a path", run.local);
  const auto armed = Timed(run, *stream).arm();
  const Result<void> connected = armed ? connect(*stream, *server) : armed;
  if (!connected) return Verdict::failed("connect", "a connection", connected.error());
  run.context.report("connected");
  const Verdict verdict = check_echoes(run, *stream);
  stream->close();
  return verdict.passed ? check_datagrams(run, *datagrams) : verdict;
}

// The datagram socket is there before its client may start, for one exchange.
Verdict server(Run& run, Socket& listening) {
  const Result<LocalAddress> own = local_name(listening);
  const Result<LocalAddress> beside = own ? datagram_name(*own) : own;
  if (!beside) return Verdict::failed("listen", "a name of up to 101 bytes", beside.error());
  Datagrams datagrams(run);
  if (const auto done = datagrams.open(*beside); !done) {
    return Verdict::failed("listen", text_of(*beside), done.error());
  }
  Result<Socket> stream = accept_client(run, listening);
  if (!stream) return Verdict::failed("accept", "a client", stream.error());
  run.context.report("client connected");
  const Verdict verdict = echo_until_end(run, *stream);
  return verdict.passed ? echo_datagrams(run, datagrams) : verdict;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::unix_echo
