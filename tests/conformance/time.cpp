// Cases: how long calls wait: never less than asked, little more, signals or not.
#include <utility>

#include <conformance/context.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

using std::chrono::milliseconds;

// Runs `call`, which must end with `wanted` after `timeout_ms`, not before and little later.
template <class F>
void check_takes(Context& t, std::uint32_t timeout_ms, Errc wanted, F call) {
  const std::uint32_t began_ms = now_ms();
  const Errc outcome = outcome_of(call());
  const std::uint32_t took_ms = now_ms() - began_ms;
  CHECK_ERROR(outcome, wanted);
  if (took_ms < timeout_ms) t.fail(__FILE__, __LINE__, "too early", timeout_ms, took_ms);
  if (took_ms > timeout_ms + t.slack_ms()) {
    t.fail(__FILE__, __LINE__, "too late", timeout_ms, took_ms);
  }
}

// The same while signals hit this thread.
template <class F>
void check_takes_under_signals(Context& t, std::uint32_t timeout_ms, F call) {
  t.host().start_signals();
  check_takes(t, timeout_ms, Errc::timed_out, call);
  t.host().stop_signals();
}

constexpr Case cases[] = {
    {"Time.OfANewSocketIsNone", "TIME-1", each_family,
     [](Context& t) {
       Result<Socket> socket = Socket::open(t.family(), Type::stream);
       CHECK_OK(socket);
       CHECK(socket->gettimeout().is_none() && socket->getblocking());
     }},
    {"Time.IsReadBackAsItWasSet", "TIME-1", each_family,
     [](Context& t) {
       Socket socket = t.udp();
       for (const int ms : {1, 250, 3000, 2'147'483'646}) {
         CHECK_OK(socket.settimeout(Timeout::from_ms(ms)));
         CHECK_EQUAL(socket.gettimeout().ms(), ms);
         CHECK(socket.getblocking());
       }
       CHECK_OK(socket.settimeout(Timeout::zero()));
       CHECK(socket.gettimeout().is_zero() && !socket.getblocking());
       CHECK_OK(socket.settimeout(Timeout::none()));
       CHECK(socket.gettimeout().is_none() && socket.getblocking());
     }},
    {"Time.SetblockingIsNoneOrZero", "TIME-1", each_family,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_OK(socket.setblocking(false));
       CHECK(socket.gettimeout().is_zero());
       CHECK_OK(socket.setblocking(true));
       CHECK(socket.gettimeout().is_none());
     }},
    {"Time.FinerThanAMillisecondIsRoundedUp", "TIME-2", any_family,
     [](Context& t) {
       CHECK_EQUAL(Timeout(std::chrono::microseconds(1)).ms(), 1);
       CHECK_EQUAL(Timeout(std::chrono::microseconds(1001)).ms(), 2);
       CHECK_EQUAL(Timeout(std::chrono::nanoseconds(1)).ms(), 1);
       CHECK_EQUAL(Timeout(std::chrono::seconds(3)).ms(), 3000);
       CHECK(Timeout(milliseconds(0)).is_zero());
     }},
    {"Time.HalfAMillisecondIsNotForEver", "TIME-2", each_family,
     [](Context& t) {
       Socket socket = t.bound_udp();
       CHECK_OK(socket.settimeout(std::chrono::microseconds(500)));
       std::array<char, 4> buffer;
       check_takes(t, 1, Errc::timed_out, [&] { return socket.recv(buffer); });
     }},
    {"Time.NegativeOrTooLongIsInvalid", "TIME-3", each_family,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_OK(socket.settimeout(milliseconds(5)));
       CHECK_ERROR(socket.settimeout(milliseconds(-1)), Errc::invalid_argument);
       CHECK_ERROR(socket.settimeout(std::chrono::hours(24 * 25)), Errc::invalid_argument);
       CHECK_EQUAL(socket.gettimeout().ms(), 5);
     }},
    {"Time.BoundsRecv", "TIME-4", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.settimeout(milliseconds(80)));
       std::array<char, 4> buffer;
       check_takes(t, 80, Errc::timed_out, [&] { return pair.client.recv_into(buffer); });
     }},
    {"Time.BoundsRecvExactly", "TIME-4", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.settimeout(milliseconds(80)));
       std::array<char, 4> buffer;
       check_takes(t, 80, Errc::timed_out, [&] { return pair.client.recv_exactly(buffer); });
     }},
    {"Time.BoundsRecvfrom", "TIME-4", each_family,
     [](Context& t) {
       Socket socket = t.bound_udp();
       CHECK_OK(socket.settimeout(milliseconds(80)));
       std::array<char, 4> buffer;
       check_takes(t, 80, Errc::timed_out, [&] { return socket.recvfrom(buffer); });
     }},
    {"Time.BoundsAccept", "TIME-4", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       CHECK_OK(listener.settimeout(milliseconds(80)));
       check_takes(t, 80, Errc::timed_out, [&] { return listener.accept(); });
     }},
    {"Time.BoundsSend", "TIME-4", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK(t.fill(pair.client) > 0);
       CHECK_OK(pair.client.settimeout(milliseconds(80)));
       check_takes(t, 80, Errc::timed_out, [&] { return pair.client.send("x"); });
     }},
    {"Time.BoundsSendall", "TIME-4", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK(t.fill(pair.client) > 0);
       CHECK_OK(pair.client.settimeout(milliseconds(80)));
       check_takes(t, 80, Errc::timed_out, [&] { return pair.client.sendall("x"); });
     }},
    {"Time.ZeroNeverWaits", "TIME-5", each_family,
     [](Context& t) {
       Socket socket = t.bound_udp();
       CHECK_OK(socket.setblocking(false));
       std::array<char, 4> buffer;
       check_takes(t, 0, Errc::would_block, [&] { return socket.recv(buffer); });
       check_takes(t, 0, Errc::would_block, [&] { return socket.recvfrom(buffer); });
     }},
    {"Time.DontWaitNeverWaits", "TIME-5", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       std::array<char, 4> buffer;
       check_takes(t, 0, Errc::would_block,
                   [&] { return pair.client.recv(buffer, Flags::dont_wait); });
       CHECK(t.fill(pair.client) > 0);
       CHECK_OK(pair.client.settimeout(t.patience()));
       check_takes(t, 0, Errc::would_block,
                   [&] { return pair.client.send("x", Flags::dont_wait); });
     }},
    {"Time.NoneAgainWaits", "TIME-6", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.server.settimeout(milliseconds(10)));
       CHECK_OK(pair.server.setblocking(false));
       CHECK_OK(pair.server.settimeout(Timeout::none()));
       Thread thread;
       CHECK_OK(thread.start(
           "late",
           [](void* argument) {
             sleep_for(milliseconds(60));
             (void)static_cast<Socket*>(argument)->sendall("late");
           },
           &pair.client));
       std::array<char, 4> buffer;
       const std::uint32_t began_ms = now_ms();
       const Errc outcome = outcome_of(pair.server.recv_exactly(buffer));
       thread.join();
       CHECK_ERROR(outcome, Errc::none);
       CHECK(now_ms() - began_ms >= 50);
     }},
    {"Time.TimedThenZeroThenTimed", "TIME-6", each_family,
     [](Context& t) {
       Socket socket = t.bound_udp();
       std::array<char, 4> buffer;
       CHECK_OK(socket.settimeout(milliseconds(30)));
       CHECK_OK(socket.settimeout(Timeout::zero()));
       check_takes(t, 0, Errc::would_block, [&] { return socket.recv(buffer); });
       CHECK_OK(socket.settimeout(milliseconds(30)));
       check_takes(t, 30, Errc::timed_out, [&] { return socket.recv(buffer); });
       CHECK_OK(socket.settimeout(milliseconds(60)));
       check_takes(t, 60, Errc::timed_out, [&] { return socket.recv(buffer); });
     }},
    {"Time.ArrivalEndsTheWait", "TIME-4", each_family,
     [](Context& t) {
       Socket receiver = t.bound_udp();
       CHECK_OK(receiver.settimeout(std::chrono::seconds(5)));
       struct Late {
         Endpoint to;
       } late{t.reach(receiver)};
       Thread thread;
       CHECK_OK(thread.start(
           "late",
           [](void* argument) {
             const Endpoint to = static_cast<Late*>(argument)->to;
             sleep_for(milliseconds(40));
             Result<Socket> sender = Socket::open(to.family(), Type::datagram);
             if (sender) (void)sender->sendto("x", to);
           },
           &late));
       std::array<char, 4> buffer;
       const std::uint32_t began_ms = now_ms();
       const Errc outcome = outcome_of(receiver.recv(buffer));
       const std::uint32_t took_ms = now_ms() - began_ms;
       thread.join();
       CHECK_ERROR(outcome, Errc::none);
       CHECK(took_ms >= 35 && took_ms <= 40 + t.slack_ms());
     },
     everywhere, nullptr, undisturbed},
    {"Time.SleepIsNotShorterThanAsked", "TIME-7", any_family,
     [](Context& t) {
       for (const int ms : {1, 7, 30}) {
         check_takes(t, static_cast<std::uint32_t>(ms), Errc::none, [&] {
           sleep_for(milliseconds(ms));
           return Errc::none;
         });
       }
     }},
    {"Time.DeadlineExpires", "TIME-7", any_family,
     [](Context& t) {
       const Deadline deadline(milliseconds(30));
       CHECK(!deadline.expired());
       CHECK(deadline.remaining().ms() > 0 && deadline.remaining().ms() <= 30);
       sleep_for(milliseconds(31));
       CHECK(deadline.expired() && deadline.remaining().is_zero());
       const Deadline never(Timeout::none());
       CHECK(!never.expired() && never.remaining().is_none());
       const Deadline at_once(Timeout::zero());
       CHECK(at_once.expired());
     }},
    {"Time.NegativeIsATimeThatHasPassed", "TIME-7", any_family,
     [](Context& t) {
       const std::uint32_t began = now_ms();
       sleep_for(milliseconds(-1));
       CHECK(now_ms() - began <= t.slack_ms());
       const Deadline passed(milliseconds(-1));
       CHECK(passed.expired() && passed.remaining().is_zero());
       const Deadline distant(std::chrono::hours(1000));
       CHECK(!distant.expired() && distant.remaining().valid());
     }},
    {"Time.SignalsDoNotShortenRecv", "TIME-8", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.settimeout(milliseconds(80)));
       std::array<char, 4> buffer;
       check_takes_under_signals(t, 80, [&] { return pair.client.recv(buffer); });
     },
     everywhere, nullptr, signals},
    {"Time.SignalsDoNotShortenRecvfrom", "TIME-8", each_family,
     [](Context& t) {
       Socket socket = t.bound_udp();
       CHECK_OK(socket.settimeout(milliseconds(80)));
       std::array<char, 4> buffer;
       check_takes_under_signals(t, 80, [&] { return socket.recvfrom(buffer); });
     },
     everywhere, nullptr, signals},
    {"Time.SignalsDoNotShortenRecvExactly", "TIME-8", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.server.sendall("ab"));
       CHECK_OK(pair.client.settimeout(milliseconds(80)));
       std::array<char, 4> buffer;
       check_takes_under_signals(t, 80, [&] { return pair.client.recv_exactly(buffer); });
     },
     everywhere, nullptr, signals},
    {"Time.SignalsDoNotShortenAccept", "TIME-8", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       CHECK_OK(listener.settimeout(milliseconds(80)));
       check_takes_under_signals(t, 80, [&] { return listener.accept(); });
     },
     everywhere, nullptr, signals},
    {"Time.SignalsDoNotShortenSend", "TIME-8", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK(t.fill(pair.client) > 0);
       CHECK_OK(pair.client.settimeout(milliseconds(80)));
       check_takes_under_signals(t, 80, [&] { return pair.client.sendall("x"); });
     },
     everywhere, nullptr, signals},
    {"Time.SignalsDoNotShortenConnect", "TIME-8", each_family,
     [](Context& t) {
       Socket listener = t.listener(1);
       Socket clients[2] = {t.tcp(), t.tcp()};
       for (Socket& client : clients) CHECK_OK(client.connect(t.reach(listener)));
       Socket late = t.tcp();
       CHECK_OK(late.settimeout(milliseconds(80)));
       check_takes_under_signals(t, 80, [&] { return late.connect(t.reach(listener)); });
     },
     everywhere, nullptr, signals},
    {"Time.SignalsAreNoErrorWithoutTimeout", "TIME-8", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.server.settimeout(Timeout::none()));
       Thread thread;
       CHECK_OK(thread.start(
           "late",
           [](void* argument) {
             sleep_for(milliseconds(60));
             (void)static_cast<Socket*>(argument)->sendall("late");
           },
           &pair.client));
       t.host().start_signals();
       std::array<char, 4> buffer;
       const Errc outcome = outcome_of(pair.server.recv_exactly(buffer));
       t.host().stop_signals();
       thread.join();
       CHECK_ERROR(outcome, Errc::none);
     },
     everywhere, nullptr, signals},
};

}  // namespace

std::span<const Case> time_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
