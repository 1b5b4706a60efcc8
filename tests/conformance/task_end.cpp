// Cases: shutdown or close by one task ends what another waits in, within 200 ms.
#include <atomic>

#include <conformance/context.hpp>
#include <twinsock/message.hpp>
#include <twinsock/poll.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

constexpr std::uint32_t promised_ms = 200;
constexpr auto until_it_waits = std::chrono::milliseconds(30);

// A call on the socket, made by another task.
struct Waiter {
  Socket& socket;
  Errc (*call)(Socket& socket, const Endpoint& peer);
  Endpoint peer;
  Errc outcome = Errc::io_error;
  Thread thread;

  bool start() {
    return thread
        .start(
            "waiter",
            [](void* argument) {
              auto& self = *static_cast<Waiter*>(argument);
              self.outcome = self.call(self.socket, self.peer);
            },
            this)
        .has_value();
  }
};

// Lets another task wait in `call`, ends that by `end`, and gives what the call said.
// Errc::io_error with a failed case: it took too long.
Errc ended(Context& t, Socket& socket, Errc (*call)(Socket&, const Endpoint&), void (*end)(Socket&),
           const Endpoint& peer = {}) {
  Waiter waiter{socket, call, peer, Errc::io_error, {}};
  if (!waiter.start()) {
    t.fail(__FILE__, __LINE__, "starting a thread");
    return Errc::io_error;
  }
  sleep_for(until_it_waits);
  const std::uint32_t began = now_ms();
  end(socket);
  waiter.thread.join();
  if (now_ms() - began > promised_ms + t.slack_ms()) {
    t.fail(__FILE__, __LINE__, "the wait went on for too long");
  }
  return waiter.outcome;
}

void close_it(Socket& socket) { socket.close(); }
void shut_both(Socket& socket) { (void)socket.shutdown(Shutdown::both); }
void shut_reading(Socket& socket) { (void)socket.shutdown(Shutdown::read); }
void shut_writing(Socket& socket) { (void)socket.shutdown(Shutdown::write); }

Errc receive(Socket& socket, const Endpoint&) {
  std::array<std::byte, 16> buffer;
  const Result<std::size_t> got = socket.recv_into(buffer);
  if (got) return *got == 0 ? Errc::end_of_stream : Errc::none;
  return got.error().code();
}
Errc receive_exactly(Socket& socket, const Endpoint&) {
  std::array<std::byte, 16> buffer;
  return outcome_of(socket.recv_exactly(buffer));
}
Errc receive_from(Socket& socket, const Endpoint&) {
  std::array<std::byte, 16> buffer;
  const Result<Received> got = socket.recvfrom(buffer);
  if (got) return got->data.empty() ? Errc::end_of_stream : Errc::none;
  return got.error().code();
}
Errc accept_one(Socket& socket, const Endpoint&) { return outcome_of(socket.accept()); }
Errc connect_to(Socket& socket, const Endpoint& peer) { return socket.connect_ex(peer); }
Errc send_more(Socket& socket, const Endpoint&) {
  static constexpr std::array<std::byte, 512> data{};
  Errc outcome = Errc::none;
  while (outcome == Errc::none) outcome = outcome_of(socket.sendall(data));
  return outcome;
}
Errc send_parts(Socket& socket, const Endpoint&) {
  static constexpr std::array<std::byte, 512> data{};
  const Bytes parts[] = {Bytes(data).first(10), data};
  Errc outcome = Errc::none;
  while (outcome == Errc::none) outcome = outcome_of(sendmsg(socket, parts));
  return outcome;
}
Errc receive_parts(Socket& socket, const Endpoint&) {
  std::array<std::byte, 8> one, other;
  const MutableBytes parts[] = {one, other};
  const Result<MessageReceived> got = recvmsg(socket, parts);
  if (got) return got->nbytes == 0 ? Errc::end_of_stream : Errc::none;
  return got.error().code();
}
Errc poll_reading(Socket& socket, const Endpoint&) {
  PollItem item(socket, Ready::read);
  const Result<std::size_t> ready = poll(std::span(&item, 1), std::chrono::seconds(5));
  return ready && *ready == 0 ? Errc::timed_out : outcome_of(ready);
}
Errc poll_nothing(Socket& socket, const Endpoint&) {
  PollItem item(socket, Ready::error);
  const Result<std::size_t> ready = poll(std::span(&item, 1), std::chrono::seconds(5));
  return ready && *ready == 0 ? Errc::timed_out : outcome_of(ready);
}

// A listener that answers no further connect; `clients` keep it so.
bool fill_up(Socket& listener, const Endpoint& where, Context& t, std::array<Socket, 4>& clients) {
  if (!listener.is_open()) return false;
  for (Socket& client : clients) {
    client = t.tcp();
    if (!client.settimeout(std::chrono::milliseconds(30))) return false;
    const Errc error = client.connect_ex(where);
    if (error == Errc::timed_out) return true;
    if (error != Errc::none) return false;
  }
  return false;
}

constexpr Case cases[] = {
    {"TaskEnd.CloseEndsAReceive", "TASK-4", each_family,
     [](Context& t) {
       for (const bool timed : {true, false}) {
         Pair pair;
         if (!t.connect(pair)) return;
         if (!timed) CHECK_OK(pair.client.setblocking(true));
         CHECK_ERROR(ended(t, pair.client, receive, close_it), Errc::closed);
         CHECK(!pair.client.is_open());
         std::array<char, 4> buffer;
         CHECK_VALUE(pair.server.recv_into(buffer), 0);
         Pair other;
         if (!t.connect(other)) return;
         CHECK_ERROR(ended(t, other.server, receive_exactly, close_it), Errc::closed);
       }
     }},
    {"TaskEnd.CloseEndsADatagramReceive", "TASK-4", each_family,
     [](Context& t) {
       Socket bound = t.bound_udp();
       CHECK_ERROR(ended(t, bound, receive_from, close_it), Errc::closed);
       Socket unbound = t.udp();
       CHECK_ERROR(ended(t, unbound, receive, close_it), Errc::closed);
     }},
    {"TaskEnd.CloseEndsARawReceive", "TASK-4", each_family,
     [](Context& t) {
       Result<Socket> raw = Socket::open(t.family(), Type::raw, 253);  // RFC 3692: for experiments
       CHECK_OK(raw);
       CHECK_OK(raw->settimeout(t.patience()));
       CHECK(raw->proto() == 253);
       CHECK_ERROR(ended(t, *raw, receive_from, close_it), Errc::closed);
     },
     everywhere, nullptr, raw_sockets},
    {"TaskEnd.CloseEndsAnAccept", "TASK-4", each_family,
     [](Context& t) {
       for (const bool timed : {true, false}) {
         Socket listener = t.listener();
         if (!timed) CHECK_OK(listener.setblocking(true));
         CHECK_ERROR(ended(t, listener, accept_one, close_it), Errc::closed);
       }
     }},
    {"TaskEnd.CloseEndsAConnect", "TASK-4", each_family,
     [](Context& t) {
       Socket listener = t.listener(1);
       std::array<Socket, 4> clients;
       CHECK(fill_up(listener, t.reach(listener), t, clients));
       for (const bool timed : {true, false}) {
         Socket client = t.tcp();
         if (!timed) CHECK_OK(client.setblocking(true));
         CHECK_ERROR(ended(t, client, connect_to, close_it, t.reach(listener)), Errc::closed);
       }
     },
     everywhere, nullptr, undisturbed},
    {"TaskEnd.CloseEndsASend", "TASK-4", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       t.fill(pair.client);
       CHECK_OK(pair.client.setblocking(true));
       CHECK_ERROR(ended(t, pair.client, send_more, close_it), Errc::closed);
     }},
    {"TaskEnd.CloseEndsAPoll", "TASK-4", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_ERROR(ended(t, pair.server, poll_nothing, close_it), Errc::closed);
       CHECK_ERROR(ended(t, pair.listener, poll_reading, close_it), Errc::closed);
       if (!t.connect(pair)) return;
       CHECK_ERROR(ended(t, pair.client, poll_reading, close_it), Errc::closed);
       Socket udp = t.bound_udp();
       CHECK_ERROR(ended(t, udp, poll_reading, close_it), Errc::closed);
     }},
    {"TaskEnd.ShutdownEndsAReceive", "TASK-4", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_ERROR(ended(t, pair.client, receive, shut_reading), Errc::end_of_stream);
       CHECK_ERROR(ended(t, pair.server, receive_exactly, shut_both), Errc::end_of_stream);
       std::array<char, 4> buffer;
       CHECK_VALUE(pair.client.recv_into(buffer), 0);
       CHECK_ERROR(pair.server.send("x"), Errc::broken_pipe);
       CHECK_OK(pair.client.send("x"));  // its other half goes on
     }},
    {"TaskEnd.ShutdownEndsADatagramReceive", "TASK-4", each_family,
     [](Context& t) {
       Socket first;
       Socket second;
       if (!t.connect_udp(first, second)) return;
       CHECK_ERROR(ended(t, first, receive_from, shut_reading), Errc::end_of_stream);
       CHECK_ERROR(ended(t, second, receive, shut_both), Errc::end_of_stream);
     }},
    {"TaskEnd.ShutdownEndsASend", "TASK-4", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       t.fill(pair.client);
       CHECK_OK(pair.client.setblocking(true));
       CHECK_ERROR(ended(t, pair.client, send_more, shut_writing), Errc::broken_pipe);
     }},
    {"TaskEnd.LingeringCloseEndsASend", "TASK-4", each_family,
     [](Context& t) {
       for (const bool unread : {false, true}) {
         Pair pair;
         if (!t.connect(pair)) return;
         if (unread) CHECK_OK(pair.server.sendall("unread"));
         t.fill(pair.client);
         CHECK_OK(pair.client.setblocking(true));
         CHECK_OK(pair.client.setsockopt(option::linger, std::chrono::seconds(1)));
         Waiter waiter{pair.client, send_more, {}, Errc::io_error, {}};
         CHECK(waiter.start());
         sleep_for(until_it_waits);
         const std::uint32_t began = now_ms();
         pair.client.close();
         waiter.thread.join();
         CHECK_ERROR(waiter.outcome, Errc::closed);
         // lwIP looks at the time each half second or two.
         CHECK(now_ms() - began <= 2000 + promised_ms + t.slack_ms());
       }
     }},
    {"TaskEnd.CallsOfSeveralBuffersEndToo", "TASK-4", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       t.fill(pair.client);
       CHECK_OK(pair.client.setblocking(true));
       CHECK_ERROR(ended(t, pair.client, send_parts, shut_writing), Errc::broken_pipe);
       if (!t.connect(pair)) return;
       t.fill(pair.client);
       CHECK_OK(pair.client.setblocking(true));
       CHECK_ERROR(ended(t, pair.client, send_parts, close_it), Errc::closed);
       if (!t.connect(pair)) return;
       for (Socket* socket : {&pair.client, &pair.server}) CHECK_OK(socket->setblocking(true));
       CHECK_ERROR(ended(t, pair.client, receive_parts, shut_reading), Errc::end_of_stream);
       CHECK_ERROR(ended(t, pair.server, receive_parts, close_it), Errc::closed);
     }},
    {"TaskEnd.ShutdownEndsAPoll", "TASK-4", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_ERROR(ended(t, pair.client, poll_reading, shut_reading), Errc::none);
       CHECK_ERROR(ended(t, pair.listener, poll_reading, shut_reading), Errc::none);
     }},
    {"TaskEnd.ShutdownEndsAnAccept", "LISTEN-7", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       CHECK_ERROR(ended(t, listener, accept_one, shut_reading), Errc::invalid_argument);
       CHECK_ERROR(listener.accept(), Errc::invalid_argument);
       CHECK_ERROR(listener.listen(), Errc::invalid_argument);
     }},
    {"TaskEnd.ShutdownEndsAConnect", "CONNECT-12", each_family,
     [](Context& t) {
       Socket listener = t.listener(1);
       std::array<Socket, 4> clients;
       CHECK(fill_up(listener, t.reach(listener), t, clients));
       Socket client = t.tcp();
       CHECK_ERROR(ended(t, client, connect_to, shut_both, t.reach(listener)),
                   Errc::connection_aborted);
       CHECK_ERROR(client.connect(t.reach(listener)), Errc::invalid_argument);
     },
     everywhere, nullptr, undisturbed},
    {"TaskEnd.AllWhoAcceptAreEnded", "TASK-4", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Waiter first{listener, accept_one, {}, Errc::io_error, {}};
       Waiter second{listener, accept_one, {}, Errc::io_error, {}};
       CHECK(first.start());
       const bool started = second.start();
       sleep_for(until_it_waits);
       listener.close();
       first.thread.join();
       if (started) second.thread.join();
       CHECK(started);
       CHECK_ERROR(first.outcome, Errc::closed);
       CHECK_ERROR(second.outcome, Errc::closed);
     },
     everywhere, nullptr, more_threads},
    {"TaskEnd.NoCallReachesTheNextOwner", "TASK-4", each_family,
     [](Context& t) {
       // The descriptor is taken again at once: whoever is late must not read what is the new
       // one's.
       Socket other = t.bound_udp();
       for (int i = 0; i < 20; ++i) {
         Socket victim = t.bound_udp();
         Waiter waiter{victim, receive, {}, Errc::io_error, {}};
         CHECK(waiter.start());
         if (i % 2 == 0) sleep_for(std::chrono::milliseconds(1));
         victim.close();
         Socket next = t.bound_udp();
         const Errc sent = outcome_of(other.sendto("next", t.reach(next)));
         std::array<char, 8> buffer;
         const Errc received = outcome_of(next.recv(buffer));
         waiter.thread.join();
         CHECK_ERROR(sent, Errc::none);
         CHECK_ERROR(received, Errc::none);
         CHECK_ERROR(waiter.outcome, Errc::closed);
       }
     },
     everywhere, nullptr, lossless},
    {"TaskEnd.SecondCloseDoesNothing", "TASK-4", each_family,
     [](Context& t) {
       Socket socket = t.bound_udp();
       const auto close_too = [](Socket& self, const Endpoint&) {
         self.close();
         return Errc::closed;
       };
       CHECK_ERROR(ended(t, socket, close_too, close_it), Errc::closed);
       CHECK(!socket.is_open());
     }},
};

}  // namespace

std::span<const Case> task_end_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
