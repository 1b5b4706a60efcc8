// Cases: readiness, and what ends a wait for it: poll, select, Selector and the wake-up handle.
#include <utility>

#include <conformance/context.hpp>
#include <twinsock/selector.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

constexpr Timeout soon = Timeout::from_ms(100);

// Polls one socket: what is ready, or Ready::none with the case failed.
Ready poll_one(Context& t, const Socket& socket, Ready wanted, Timeout timeout) {
  PollItem items[] = {{socket, wanted}};
  const Result<std::size_t> count = poll(items, timeout);
  if (!count) {
    t.fail(__FILE__, __LINE__, "poll", name(Errc::none), name(count.error().code()));
    return Ready::none;
  }
  if (*count != (any(items[0].ready) ? 1U : 0U)) {
    t.fail(__FILE__, __LINE__, "the count of ready items", any(items[0].ready) ? 1 : 0,
           static_cast<std::int64_t>(*count));
  }
  return items[0].ready;
}

constexpr Ready both = Ready::read | Ready::write;

constexpr Case cases[] = {
    {"Poll.ConnectedIsWritableOnly", "POLL-2", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK(poll_one(t, pair.client, both, t.patience()) == Ready::write);
       CHECK(poll_one(t, pair.client, Ready::read, Timeout::zero()) == Ready::none);
     }},
    {"Poll.BytesMakeItReadable", "POLL-2", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.sendall("x"));
       CHECK(poll_one(t, pair.server, Ready::read, t.patience()) == Ready::read);
       std::array<char, 4> buffer;
       CHECK_VALUE(pair.server.recv_into(buffer), 1);
       CHECK(poll_one(t, pair.server, Ready::read, Timeout::zero()) == Ready::none);
     }},
    {"Poll.ConnectionMakesAListenerReadable", "POLL-2", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket client = t.tcp();
       CHECK(poll_one(t, listener, Ready::read, Timeout::zero()) == Ready::none);
       CHECK_OK(client.connect(t.reach(listener)));
       CHECK(poll_one(t, listener, Ready::read, t.patience()) == Ready::read);
     }},
    {"Poll.EndIsReadableForEver", "POLL-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       pair.client.close();
       CHECK(any(poll_one(t, pair.server, Ready::read, t.patience()) & Ready::read));
       std::array<char, 4> buffer;
       for (int i = 0; i < 3; ++i) {
         CHECK_VALUE(pair.server.recv_into(buffer), 0);
         CHECK(any(poll_one(t, pair.server, Ready::read, Timeout::zero()) & Ready::read));
       }
     }},
    {"Poll.ResetIsReadable", "POLL-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       Context::reset(pair.client);
       CHECK(any(poll_one(t, pair.server, Ready::read, t.patience())));
       std::array<char, 4> buffer;
       CHECK_ERROR(pair.server.recv_into(buffer), Errc::connection_reset);
       CHECK(any(poll_one(t, pair.server, Ready::read, Timeout::zero()) & Ready::read));
     },
     everywhere, nullptr, undisturbed},
    {"Poll.FreshStreamIsReadyToFail", "POLL-4", each_family,
     [](Context& t) {
       Socket socket = t.tcp();
       CHECK(poll_one(t, socket, both, Timeout::zero()) == both);
       std::array<char, 4> buffer;
       CHECK_ERROR(socket.recv_into(buffer), Errc::not_connected);
     }},
    {"Poll.ShutReadingHalfIsReadable", "POLL-4", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_OK(pair.client.shutdown(Shutdown::read));
       CHECK(any(poll_one(t, pair.client, Ready::read, Timeout::zero()) & Ready::read));
     }},
    {"Poll.FullStreamIsNotWritable", "POLL-2", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       const std::size_t queued = t.fill(pair.client);
       CHECK(queued > 0);
       CHECK(poll_one(t, pair.client, Ready::write, Timeout::zero()) == Ready::none);
       std::size_t drained = 0;
       while (drained < queued) {
         const Result<std::size_t> got = pair.server.recv_into(t.scratch());
         CHECK_OK(got);
         drained += *got;
       }
       CHECK(poll_one(t, pair.client, Ready::write, t.patience()) == Ready::write);
     }},
    {"Poll.ConnectThatSucceedsIsWritable", "POLL-5", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket client = t.tcp();
       CHECK_OK(client.setblocking(false));
       const Errc begun = client.connect_ex(t.reach(listener));
       CHECK(begun == Errc::in_progress || begun == Errc::none);
       CHECK(poll_one(t, client, Ready::write, t.patience()) == Ready::write);
       CHECK_OK(client.getpeername());
     }},
    {"Poll.ConnectThatFailsIsWritable", "POLL-5", each_family,
     [](Context& t) {
       Endpoint nobody;
       {
         Socket listener = t.listener();
         nobody = t.reach(listener);
       }
       Socket client = t.tcp();
       CHECK_OK(client.setblocking(false));
       const Errc begun = client.connect_ex(nobody);
       if (begun == Errc::connection_refused) return;  // a loopback may know at once
       CHECK(begun == Errc::in_progress);
       CHECK(any(poll_one(t, client, Ready::write, t.patience()) & Ready::write));
       CHECK_ERROR(client.connect(nobody), Errc::connection_refused);
     }},
    {"Poll.DatagramMakesItReadable", "POLL-2", each_family,
     [](Context& t) {
       Socket first;
       Socket second;
       if (!t.connect_udp(first, second)) return;
       CHECK(poll_one(t, second, both, Timeout::zero()) == Ready::write);
       CHECK_OK(first.send(""));
       CHECK(poll_one(t, second, Ready::read, t.patience()) == Ready::read);
     },
     everywhere, nullptr, undisturbed},
    {"Poll.TimeIsOverNotBefore", "POLL-6", each_family,
     [](Context& t) {
       Socket socket = t.bound_udp();
       const std::uint32_t began_ms = now_ms();
       CHECK(poll_one(t, socket, Ready::read, soon) == Ready::none);
       const std::uint32_t took_ms = now_ms() - began_ms;
       CHECK(took_ms >= 100);
       CHECK(took_ms <= 100 + t.slack_ms());
     }},
    {"Poll.NothingIsASleep", "POLL-6", any_family,
     [](Context& t) {
       const std::uint32_t began_ms = now_ms();
       CHECK_VALUE(poll({}, soon), 0);
       CHECK(now_ms() - began_ms >= 100);
     }},
    {"Poll.ClosedSocketIsAnError", "POLL-7", any_family,
     [](Context& t) {
       Socket socket = t.tcp();
       Socket closed;
       PollItem items[] = {{socket, Ready::write}, {closed, Ready::read}};
       CHECK_ERROR(poll(items, t.patience()), Errc::closed);
     }},
    {"Poll.TooManyItemsAreRefused", "POLL-7", any_family,
     [](Context& t) {
       static PollItem items[most_polled + 1];
       CHECK_ERROR(poll(items, Timeout::zero()), Errc::invalid_argument);
     }},
    {"Poll.InvalidTimeoutIsRefused", "POLL-7", any_family,
     [](Context& t) {
       CHECK_ERROR(poll({}, std::chrono::milliseconds(-5)), Errc::invalid_argument);
     }},
    {"Select.KeepsTheReadyOnes", "POLL-8", each_family,
     [](Context& t) {
       Socket first;
       Socket second;
       if (!t.connect_udp(first, second)) return;
       CHECK_OK(first.send("x"));
       CHECK(t.wait_readable(second));
       Socket* readers[] = {&first, &second};
       Socket* writers[] = {&second};
       const Result<Selected> ready = select(readers, writers, {}, t.patience());
       CHECK_OK(ready);
       CHECK_EQUAL(ready->readable.size(), 1);
       CHECK(ready->readable[0] == &second);
       CHECK_EQUAL(ready->writable.size(), 1);
       CHECK_EQUAL(ready->failed.size(), 0);
     },
     everywhere, nullptr, undisturbed},
    {"Selector.GivesTheDataOfWhatIsReady", "POLL-9", each_family,
     [](Context& t) {
       Socket first;
       Socket second;
       if (!t.connect_udp(first, second)) return;
       Selector<4> selector;
       int mark = 7;
       CHECK_OK(selector.add(first, Ready::read));
       CHECK_OK(selector.add(second, Ready::read, &mark));
       CHECK_ERROR(selector.add(second, Ready::read), Errc::already_connected);
       CHECK_OK(first.send("x"));
       const Result<std::span<SelectorKey>> events = selector.select(t.patience());
       CHECK_OK(events);
       CHECK_EQUAL(events->size(), 1);
       CHECK((*events)[0].socket == &second);
       CHECK((*events)[0].data == &mark);
       CHECK_OK(selector.remove(second));
       CHECK_ERROR(selector.remove(second), Errc::name_not_found);
       CHECK_OK(selector.modify(first, Ready::write));
       CHECK_EQUAL(selector.size(), 1);
     },
     everywhere, nullptr, undisturbed},
    {"Wakeup.EndsAWait", "POLL-10", any_family,
     [](Context& t) {
       Wakeup wakeup;
       CHECK_OK(wakeup.open());
       Thread waker;
       const auto wake = [](void* handle) {
         sleep_for(std::chrono::milliseconds(50));
         static_cast<Wakeup*>(handle)->wake();
       };
       CHECK_OK(waker.start("waker", wake, &wakeup));
       PollItem items[] = {{wakeup}};
       const std::uint32_t began_ms = now_ms();
       const Result<std::size_t> woken = poll(items, t.patience());
       const std::uint32_t took_ms = now_ms() - began_ms;
       waker.join();
       CHECK_VALUE(woken, 1);
       CHECK(took_ms <= 50 + t.slack_ms());
     }},
    {"Wakeup.StaysUntilItIsCleared", "POLL-10", any_family,
     [](Context& t) {
       Wakeup wakeup;
       CHECK_OK(wakeup.open());
       PollItem items[] = {{wakeup}};
       CHECK_VALUE(poll(items, Timeout::zero()), 0);
       wakeup.wake();
       wakeup.wake();
       for (int i = 0; i < 3; ++i) CHECK_VALUE(poll(items, t.patience()), 1);
       wakeup.clear();
       CHECK_VALUE(poll(items, Timeout::zero()), 0);
       CHECK(wakeup.wake_from_interrupt());
       CHECK_VALUE(poll(items, t.patience()), 1);
     }},
};

}  // namespace

std::span<const Case> poll_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
