// Cases: bytes over a stream: partial sends, full buffers, peeking, exact receives, sizes.
#include <utility>

#include <conformance/context.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

// Receives `total` bytes into scratch memory from `at` on.
bool receive_all(Context& t, Socket& socket, std::size_t at, std::size_t total) {
  std::size_t received = 0;
  return socket.recv_exactly(t.scratch().without_first(at).first(total), &received) &&
         received == total;
}

// Receives what fill() has sent, of whatever size.
bool drain(Context& t, Socket& socket, std::size_t total) {
  std::size_t received = 0;
  bool alive = socket.settimeout(std::chrono::seconds(60)).has_value();
  while (alive && received < total) {
    const Result<std::size_t> got = socket.recv_into(t.scratch());
    alive = got && *got > 0;
    received += got.value_or(0);
  }
  return received == total;
}

// Sends scratch memory from a thread of its own, so that more fits than the stacks hold.
struct Sender {
  Socket& socket;
  Bytes data;
  Errc outcome = Errc::io_error;
  std::size_t sent = 0;

  static void run(void* argument) {
    auto& self = *static_cast<Sender*>(argument);
    self.outcome = outcome_of(self.socket.sendall(self.data, &self.sent));
  }
};

// Each end sends `part` bytes, from a thread of its own, before it receives the other's.
void both_directions(Context& t, std::size_t part) {
  Pair pair;
  if (!t.connect(pair)) return;
  fill_pattern(t.scratch().first(part), 1);
  Sender there{pair.client, t.scratch().first(part)};
  Sender back{pair.server, t.scratch().first(part)};
  Thread first;
  Thread second;
  CHECK_OK(first.start("there", Sender::run, &there));
  const Result<void> started = second.start("back", Sender::run, &back);
  if (!started) first.join();
  CHECK_OK(started);
  const bool at_server = receive_all(t, pair.server, part, part);
  const bool at_client = receive_all(t, pair.client, 2 * part, part);
  first.join();
  second.join();
  CHECK(at_server && at_client);
  CHECK(has_pattern(t.scratch().without_first(part).first(part), 1));
  CHECK(has_pattern(t.scratch().without_first(2 * part).first(part), 1));
}

// How long a send that there was no room for took, or -1: it did not take a part.
std::int32_t time_of_a_part(Context& t, std::chrono::milliseconds timeout) {
  Pair pair;
  if (!t.connect(pair) || !pair.client.settimeout(timeout)) return -1;
  Result<std::size_t> sent = t.scratch().size();
  std::uint32_t before_ms = 0;
  while (sent && *sent == t.scratch().size()) {
    before_ms = now_ms();
    sent = pair.client.send(t.scratch());
  }
  return sent ? static_cast<std::int32_t>(now_ms() - before_ms) : -1;
}

constexpr Case cases[] = {
    {"Stream.CarriesBytesBothWays", "SEND-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       std::array<char, 16> buffer;
       CHECK_VALUE(pair.client.send("ping"), 4);
       CHECK_OK(pair.server.recv_exactly(MutableBytes(buffer).first(4)));
       CHECK_VALUE(pair.server.send("pong"), 4);
       const Result<MutableBytes> got = pair.client.recv(buffer);
       CHECK_OK(got);
       CHECK(got->text() == "pong");
     }},
    {"Stream.KeepsEveryByteValue", "SEND-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       std::array<std::uint8_t, 256> out;
       std::array<std::uint8_t, 256> in{};
       for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<std::uint8_t>(i);
       CHECK_OK(pair.client.sendall(out));
       CHECK_OK(pair.server.recv_exactly(in));
       CHECK(in == out);
     }},
    {"Stream.EverySizeFrom1To1200", "SEND-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(
           pair.client.setsockopt(option::no_delay, true));  // or each waits for the last's ACK
       const MutableBytes out = t.scratch().first(1200);
       for (std::size_t size = 1; size <= 1200; ++size) {
         fill_pattern(out, static_cast<std::uint32_t>(size));
         CHECK_OK(pair.client.sendall(out.first(size)));
         CHECK(receive_all(t, pair.server, 1200, size));
         CHECK(has_pattern(t.scratch().without_first(1200).first(size),
                           static_cast<std::uint32_t>(size)));
       }
     }},
    {"Stream.HasNoMessageBoundaries", "RECV-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.sendall("one"));
       CHECK_OK(pair.client.sendall("two"));
       CHECK_OK(pair.client.sendall("three"));
       std::array<char, 11> buffer;
       CHECK_OK(pair.server.recv_exactly(buffer));
       CHECK(MutableBytes(buffer).text() == "onetwothree");
     }},
    {"Stream.ShortBufferLeavesTheRest", "RECV-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.sendall("abcdef"));
       std::array<char, 4> buffer;
       CHECK_OK(pair.server.recv_exactly(MutableBytes(buffer).first(2)));
       CHECK_VALUE(pair.server.recv_into(buffer), 4);
       CHECK(MutableBytes(buffer).text() == "cdef");
     }},
    {"Stream.ReceiveGivesWhatIsThere", "RECV-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.sendall("abc"));
       std::array<char, 64> buffer;
       const Result<MutableBytes> got = pair.server.recv(buffer);
       CHECK_OK(got);
       CHECK_EQUAL(got->size(), 3);
       CHECK(reinterpret_cast<char*>(got->data()) == buffer.data());
     }},
    {"Stream.BurstArrivesInOrder", "SEND-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       for (std::uint32_t i = 0; i < 100; ++i) {
         std::array<std::uint8_t, 16> part;
         fill_pattern(part, i);
         CHECK_OK(pair.client.sendall(part));
       }
       for (std::uint32_t i = 0; i < 100; ++i) {
         std::array<std::uint8_t, 16> part{};
         CHECK_OK(pair.server.recv_exactly(part));
         CHECK(has_pattern(part, i));
       }
     }},
    {"Stream.LargeSendallArrivesWhole", "SEND-2", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       const std::size_t half = t.scratch().size() / 2;
       const MutableBytes out = t.scratch().first(half);
       fill_pattern(out, 5);
       for (int round = 0; round < 4; ++round) {
         Sender state{pair.client, out};
         Thread sender;
         CHECK_OK(sender.start("sender", Sender::run, &state));
         const bool received = receive_all(t, pair.server, half, half);
         sender.join();
         CHECK_ERROR(state.outcome, Errc::none);
         CHECK_EQUAL(state.sent, half);
         CHECK(received && has_pattern(t.scratch().without_first(half).first(half), 5));
       }
     }},
    {"Stream.BothDirectionsAtOnce", "TASK-1", each_family,
     [](Context& t) { both_directions(t, 2000); }, everywhere, nullptr, more_threads},
    {"Stream.BothDirectionsWithClosedWindows", "TASK-6", each_family,
     [](Context& t) { both_directions(t, t.scratch().size() / 4); }, everywhere, nullptr,
     big_scratch},
    {"Stream.BothWindowsClosedForALongTime", "TASK-6", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       const std::size_t there = t.fill(pair.client);
       const std::size_t back = t.fill(pair.server);
       sleep_for(std::chrono::milliseconds(1700));  // both ends probe the other's window
       CHECK(there > 0);
       CHECK(drain(t, pair.server, there));
       CHECK(drain(t, pair.client, back));
     }},
    {"Stream.FullBufferWouldBlock", "SEND-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK(t.fill(pair.client) > 0);
       CHECK_ERROR(pair.client.send("x"), Errc::would_block);
       CHECK_ERROR(pair.client.sendall("x"), Errc::would_block);
     }},
    {"Stream.FullBufferTimesOut", "SEND-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK(t.fill(pair.client) > 0);
       CHECK_OK(pair.client.settimeout(std::chrono::milliseconds(60)));
       const std::uint32_t began_ms = now_ms();
       CHECK_ERROR(pair.client.send("x"), Errc::timed_out);
       const std::uint32_t took_ms = now_ms() - began_ms;
       CHECK(took_ms >= 60);
       CHECK(took_ms <= 60 + t.slack_ms());
     }},
    {"Stream.FullBufferAcceptedBytesAllArrive", "SEND-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       const std::size_t total = t.fill(pair.client);
       pair.client.close();
       std::size_t received = 0;
       while (true) {
         const Result<std::size_t> got = pair.server.recv_into(t.scratch());
         CHECK_OK(got);
         if (*got == 0) break;
         received += *got;
       }
       CHECK_EQUAL(received, total);
     }},
    {"Stream.RoomAgainAfterReceiving", "SEND-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       const std::size_t total = t.fill(pair.client);
       CHECK_OK(pair.client.settimeout(t.patience()));
       for (std::size_t received = 0; received < total;) {
         const Result<std::size_t> got = pair.server.recv_into(t.scratch());
         CHECK_OK(got);
         CHECK(*got != 0);
         received += *got;
       }
       CHECK_OK(pair.client.sendall("on we go"));
       std::array<char, 8> buffer;
       CHECK_OK(pair.server.recv_exactly(buffer));
       CHECK(MutableBytes(buffer).text() == "on we go");
     }},
    {"Stream.NonBlockingSendTakesAPart", "SEND-4", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.setblocking(false));
       std::size_t sent = 0;
       Errc outcome = Errc::none;
       for (int i = 0; i < 10'000 && outcome == Errc::none; ++i) {
         std::size_t part = 0;
         outcome = outcome_of(pair.client.sendall(t.scratch(), &part));
         sent += part;
       }
       CHECK_ERROR(outcome, Errc::would_block);
       pair.client.close();
       std::size_t received = 0;
       while (true) {
         const Result<std::size_t> got = pair.server.recv_into(t.scratch());
         CHECK_OK(got);
         if (*got == 0) break;
         received += *got;
       }
       CHECK_EQUAL(received, sent);
     }},
    {"Stream.SendWaitsForRoomForTheRest", "SEND-4", each_family,
     [](Context& t) { CHECK(time_of_a_part(t, std::chrono::milliseconds(100)) >= 100); }, on_posix,
     "on lwip a send counts what there was room for at once", big_scratch | lossless},
    {"Stream.SendCountsAPartAtOnce", "SEND-4", each_family,
     [](Context& t) {
       const std::int32_t took_ms = time_of_a_part(t, std::chrono::milliseconds(100));
       CHECK(took_ms >= 0 && took_ms < 100);
     },
     on_lwip, "Linux waits for room for the rest", big_scratch | lossless},
    {"Stream.SendallHasOneDeadlineForAll", "SEND-5", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.settimeout(std::chrono::milliseconds(150)));
       // The peer takes a little now and then: there is progress, but the time does not start anew.
       struct Taker {
         Socket& socket;
         std::atomic<bool> stop = false;
       } taker{pair.server};
       Thread thread;
       CHECK_OK(thread.start(
           "taker",
           [](void* argument) {
             auto& self = *static_cast<Taker*>(argument);
             std::array<std::byte, 512> buffer;
             while (!self.stop) {
               (void)self.socket.recv_into(buffer, Flags::dont_wait);
               sleep_for(std::chrono::milliseconds(20));
             }
           },
           &taker));
       std::size_t sent = 0;
       std::size_t total = 0;
       Errc outcome = Errc::none;
       std::uint32_t took_ms = 0;
       for (int i = 0; i < 10'000 && outcome == Errc::none; ++i) {
         const std::uint32_t began_ms = now_ms();
         outcome = outcome_of(pair.client.sendall(t.scratch(), &sent));
         took_ms = now_ms() - began_ms;
         total += sent;
       }
       taker.stop = true;
       thread.join();
       CHECK_ERROR(outcome, Errc::timed_out);
       CHECK(sent < t.scratch().size() && total > 0);
       CHECK(took_ms >= 150);
       CHECK(took_ms <= 150 + t.slack_ms());
     }},
    {"Stream.SendallTellsHowMuchWent", "SEND-5", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       std::size_t sent = 99;
       CHECK_OK(pair.client.sendall("abc", &sent));
       CHECK_EQUAL(sent, 3);
       CHECK_OK(pair.client.shutdown(Shutdown::write));
       CHECK_ERROR(pair.client.sendall("abc", &sent), Errc::broken_pipe);
       CHECK_EQUAL(sent, 0);
     }},
    {"Stream.SendingNothingIsNothing", "SEND-6", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_VALUE(pair.client.send(Bytes()), 0);
       CHECK_OK(pair.client.sendall(Bytes()));
       CHECK_OK(pair.server.setblocking(false));
       std::array<char, 4> buffer;
       CHECK_ERROR(pair.server.recv(buffer), Errc::would_block);
     }},
    {"Stream.SendBeforeConnectIsNotConnected", "SEND-7", each_family,
     [](Context& t) {
       Socket socket = t.tcp();
       CHECK_ERROR(socket.send("x"), Errc::not_connected);
       CHECK_ERROR(socket.sendall("x"), Errc::not_connected);
       CHECK_ERROR(socket.send("x", Flags::dont_wait), Errc::not_connected);
     }},
    {"Stream.SendtoIgnoresThePeer", "SEND-8", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_VALUE(pair.client.sendto("abc", {t.address(), 9}), 3);
       CHECK_VALUE(pair.client.sendto("def", Endpoint()), 3);
       std::array<char, 6> buffer;
       CHECK_OK(pair.server.recv_exactly(buffer));
     }},
    {"Stream.SendtoBeforeConnectIsNotConnected", "SEND-8", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket socket = t.tcp();
       CHECK_ERROR(socket.sendto("x", t.reach(listener)), Errc::not_connected);
     }},
    {"Stream.RecvfromGivesNoPeer", "RECV-2", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.sendall("abc"));
       std::array<char, 8> buffer;
       const Result<Received> got = pair.server.recvfrom(buffer);
       CHECK_OK(got);
       CHECK(got->data.text() == "abc" && got->peer == Endpoint() && !got->truncated);
       CHECK_OK(pair.client.sendall("abcdef"));
       const Result<ReceivedInto> part = pair.server.recvfrom_into(MutableBytes(buffer).first(2));
       CHECK_OK(part);
       CHECK(part->nbytes == 2 && part->peer == Endpoint() && !part->truncated);
     }},
    {"Stream.NothingThereWouldBlock", "RECV-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       std::array<char, 4> buffer;
       CHECK_ERROR(pair.server.recv(buffer, Flags::dont_wait), Errc::would_block);
       CHECK_OK(pair.server.setblocking(false));
       CHECK_ERROR(pair.server.recv(buffer), Errc::would_block);
       CHECK_ERROR(pair.server.recv_into(buffer), Errc::would_block);
       CHECK_ERROR(pair.server.recvfrom(buffer), Errc::would_block);
       CHECK_ERROR(pair.server.recv_exactly(buffer), Errc::would_block);
     }},
    {"Stream.NothingInTimeTimesOut", "RECV-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       std::array<char, 4> buffer;
       CHECK_OK(pair.server.settimeout(std::chrono::milliseconds(20)));
       CHECK_ERROR(pair.server.recv(buffer), Errc::timed_out);
       CHECK_OK(pair.client.sendall("late"));
       CHECK_OK(pair.server.settimeout(t.patience()));
       CHECK_OK(pair.server.recv_exactly(buffer));  // nothing was lost
     }},
    {"Stream.EmptyBufferReceivesNothingAtOnce", "RECV-4", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_VALUE(pair.server.recv_into(MutableBytes()), 0);
       CHECK_OK(pair.client.sendall("abc"));
       CHECK(t.wait_readable(pair.server));
       CHECK_VALUE(pair.server.recv_into(MutableBytes()), 0);
       CHECK_OK(pair.server.recv_exactly(MutableBytes()));
       std::array<char, 3> buffer;
       CHECK_OK(pair.server.recv_exactly(buffer));
     }},
    {"Stream.ReceiveBeforeConnectFailsAtOnce", "RECV-5", each_family,
     [](Context& t) {
       std::array<char, 4> buffer;
       Result<Socket> socket = Socket::open(t.family(), Type::stream);  // without a timeout
       CHECK_OK(socket);
       CHECK_ERROR(socket->recv(buffer), Errc::not_connected);
       CHECK_ERROR(socket->recv_into(buffer), Errc::not_connected);
       CHECK_ERROR(socket->recvfrom(buffer), Errc::not_connected);
       CHECK_ERROR(socket->recv_exactly(buffer), Errc::not_connected);
       CHECK_ERROR(socket->recv(buffer, Flags::dont_wait), Errc::not_connected);
       CHECK_OK(socket->bind(t.any_port()));
       CHECK_ERROR(socket->recv(buffer), Errc::not_connected);
     }},
    {"Stream.PeekLeavesTheBytes", "RECV-6", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.sendall("look"));
       std::array<char, 8> buffer{};
       for (int i = 0; i < 2; ++i) {
         const Result<std::size_t> seen = pair.server.recv_into(buffer, Flags::peek);
         CHECK_OK(seen);
         CHECK(*seen >= 1 && *seen <= 4 && buffer[0] == 'l');
       }
       CHECK_OK(pair.server.recv_exactly(MutableBytes(buffer).first(4)));
       CHECK(MutableBytes(buffer).first(4).text() == "look");
     }},
    {"Stream.PeekWaitsAsReceivesDo", "RECV-6", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       std::array<char, 8> buffer;
       CHECK_ERROR(pair.server.recv(buffer, Flags::peek | Flags::dont_wait), Errc::would_block);
       CHECK_OK(pair.server.settimeout(std::chrono::milliseconds(20)));
       CHECK_ERROR(pair.server.recv(buffer, Flags::peek), Errc::timed_out);
     }},
    {"Stream.PeekSeesAllThatIsQueued", "RECV-6", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.setsockopt(option::no_delay, true));
       CHECK_OK(pair.client.sendall("abcd"));
       CHECK(t.wait_readable(pair.server));
       CHECK_OK(pair.client.sendall("efgh"));
       sleep_for(std::chrono::milliseconds(50));
       std::array<char, 8> buffer;
       CHECK_VALUE(pair.server.recv_into(buffer, Flags::peek), 8);
     },
     on_posix, "lwIP shows the first segment only; one byte at least is the promise"},
};

}  // namespace

std::span<const Case> stream_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
