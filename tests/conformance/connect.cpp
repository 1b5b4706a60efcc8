// Cases: connect in all its outcomes.
#include <utility>

#include <conformance/context.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

constexpr auto moment = std::chrono::milliseconds(50);

// A port where nobody listens, kept busy by `holder` so that nobody will.
Endpoint closed_port(Context& t, Socket& holder) {
  holder = t.tcp();
  if (!holder.bind(t.any_port())) t.fail(__FILE__, __LINE__, "bind");
  return t.reach(holder);
}

// Fills the listener's backlog, so that a further connect is not answered. `clients` keep it so.
template <std::size_t N>
bool fill_backlog(Context& t, Socket& listener, Socket (&clients)[N]) {
  listener = t.listener(1);
  for (Socket& client : clients) {
    client = t.tcp();
    if (!client.settimeout(std::chrono::milliseconds(100))) return false;
    if (client.connect_ex(t.reach(listener)) == Errc::timed_out) return true;
  }
  return false;
}

// Waits for the end of a non-blocking connect in the way of programs without select.
Errc poll_connect(Context& t, Socket& socket, const Endpoint& peer) {
  Errc outcome = Errc::already_in_progress;
  while (outcome == Errc::already_in_progress && !t.patience().is_zero()) {
    sleep_for(std::chrono::milliseconds(1));
    outcome = socket.connect_ex(peer);
  }
  return outcome;
}

constexpr Case cases[] = {
    {"Connect.MakesAConnection", "CONNECT-1", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket client = t.tcp();
       CHECK_OK(client.connect(t.reach(listener)));
       CHECK(*client.getpeername() == t.reach(listener));
       CHECK(client.getsockname()->port() != 0);
       CHECK(!client.getsockname()->address().is_any());
     }},
    {"Connect.CompletesBeforeAccept", "CONNECT-1", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket client = t.tcp();
       CHECK_OK(client.connect(t.reach(listener)));
       CHECK_VALUE(client.send("early"), 5);
     }},
    {"Connect.KeepsTheBoundPort", "CONNECT-1", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket client = t.tcp();
       CHECK_OK(client.bind(t.any_port()));
       const std::uint16_t port = client.getsockname()->port();
       CHECK_OK(client.connect(t.reach(listener)));
       CHECK_EQUAL(client.getsockname()->port(), port);
       const Result<Accepted> accepted = listener.accept();
       CHECK_OK(accepted);
       CHECK_EQUAL(accepted->peer.port(), port);
     }},
    {"Connect.BlocksWithoutTimeout", "CONNECT-1", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Result<Socket> client = Socket::open(t.family(), Type::stream);
       CHECK_OK(client);
       CHECK_OK(client->connect(t.reach(listener)));
       CHECK(client->gettimeout().is_none());
     }},
    {"Connect.ToAClosedPortIsRefused", "CONNECT-2", each_family,
     [](Context& t) {
       Socket holder;
       Socket client = t.tcp();
       CHECK_ERROR(client.connect(closed_port(t, holder)), Errc::connection_refused);
     }},
    {"Connect.BlockingToAClosedPortIsRefused", "CONNECT-2", each_family,
     [](Context& t) {
       Socket holder;
       Result<Socket> client = Socket::open(t.family(), Type::stream);
       CHECK_OK(client);
       CHECK_ERROR(client->connect(closed_port(t, holder)), Errc::connection_refused);
     }},
    {"Connect.RefusalLeavesNoPendingError", "CONNECT-2", each_family,
     [](Context& t) {
       Socket holder;
       Socket client = t.tcp();
       CHECK_ERROR(client.connect(closed_port(t, holder)), Errc::connection_refused);
       CHECK_VALUE(client.getsockopt(option::pending_error), Errc::none);
     }},
    {"Connect.ExGivesTheCode", "CONNECT-3", each_family,
     [](Context& t) {
       Socket holder;
       Socket refused = t.tcp();
       CHECK(refused.connect_ex(closed_port(t, holder)) == Errc::connection_refused);
       Socket listener = t.listener();
       Socket client = t.tcp();
       CHECK(client.connect_ex(t.reach(listener)) == Errc::none);
     }},
    {"Connect.UnansweredTimesOut", "CONNECT-4", each_family,
     [](Context& t) {
       Socket listener;
       Socket clients[4];
       CHECK(fill_backlog(t, listener, clients));
     }},
    {"Connect.UnansweredInTimeIsNeitherEarlyNorLate", "CONNECT-4", each_family,
     [](Context& t) {
       Socket listener;
       Socket clients[4];
       CHECK(fill_backlog(t, listener, clients));
       Socket late = t.tcp();
       CHECK_OK(late.settimeout(std::chrono::milliseconds(120)));
       const std::uint32_t began_ms = now_ms();
       CHECK_ERROR(late.connect(t.reach(listener)), Errc::timed_out);
       const std::uint32_t took_ms = now_ms() - began_ms;
       CHECK(took_ms >= 120);
       CHECK(took_ms <= 120 + t.slack_ms());
       CHECK_EQUAL(late.gettimeout().ms(), 120);
     },
     everywhere, nullptr, undisturbed},
    {"Connect.AfterAFailureTheSocketIsSpent", "CONNECT-5", each_family,
     [](Context& t) {
       Socket holder;
       Socket client = t.tcp();
       CHECK_ERROR(client.connect(closed_port(t, holder)), Errc::connection_refused);
       Socket listener = t.listener();
       CHECK_ERROR(client.connect(t.reach(listener)), Errc::invalid_argument);
       CHECK_ERROR(client.listen(), Errc::invalid_argument);
       CHECK_ERROR(client.getpeername(), Errc::not_connected);
       std::array<char, 4> buffer;
       CHECK_ERROR(client.recv(buffer), Errc::not_connected);
       CHECK_ERROR(client.send("x"), Errc::not_connected);
       CHECK_ERROR(client.shutdown(Shutdown::both), Errc::not_connected);
     }},
    {"Connect.AfterAFailureBindIsInvalid", "CONNECT-5", each_family,
     [](Context& t) {
       Socket holder;
       Socket client = t.tcp();
       CHECK_ERROR(client.connect(closed_port(t, holder)), Errc::connection_refused);
       CHECK_ERROR(client.bind(t.any_port()), Errc::invalid_argument);
     }},
    {"Connect.AfterAFailureNameAndOptionsRemain", "CONNECT-5", each_family,
     [](Context& t) {
       Socket holder;
       Socket client = t.tcp();
       CHECK_ERROR(client.connect(closed_port(t, holder)), Errc::connection_refused);
       CHECK_OK(client.getsockname());
       CHECK_OK(client.setsockopt(option::no_delay, true));
     },
     on_posix, "lwIP has freed what held them"},
    {"Connect.AfterATimeoutTheSocketIsSpent", "CONNECT-5", each_family,
     [](Context& t) {
       Socket listener;
       Socket clients[4];
       CHECK(fill_backlog(t, listener, clients));
       for (Socket& client : clients) {
         if (client.is_open() && !client.getpeername()) {
           CHECK_ERROR(client.connect(t.reach(listener)), Errc::invalid_argument);
         }
       }
     }},
    {"Connect.AfterAFailureANewSocketSucceeds", "CONNECT-5", each_family,
     [](Context& t) {
       Socket holder;
       Socket client = t.tcp();
       const Endpoint peer = closed_port(t, holder);
       CHECK_ERROR(client.connect(peer), Errc::connection_refused);
       CHECK_OK(holder.listen());
       client = t.tcp();
       CHECK_OK(client.connect(peer));
     }},
    {"Connect.WrongArgumentSpendsNothing", "CONNECT-6", each_family,
     [](Context& t) {
       Socket client = t.tcp();
       CHECK_ERROR(client.connect({t.address(), 0}), Errc::invalid_argument);
       CHECK_ERROR(client.connect(Endpoint()), Errc::address_family_not_supported);
       CHECK_ERROR(client.connect({IpAddress::loopback(t.other_family()), 9}),
                   Errc::address_family_not_supported);
       Socket listener = t.listener();
       CHECK_OK(client.connect(t.reach(listener)));
     }},
    {"Connect.ToAGroupIsUnreachable", "CONNECT-7", each_family,
     [](Context& t) {
       const IpAddress group =
           t.family() == Family::inet
               ? IpAddress::v4(224, 0, 0, 1)
               : IpAddress::v6({0xff, 0x0e, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
       Socket client = t.tcp();
       CHECK_ERROR(client.connect({group, 9}), Errc::unreachable);
     }},
    {"Connect.ToBroadcastIsUnreachable", "CONNECT-7", inet_only,
     [](Context& t) {
       Socket client = t.tcp();
       CHECK_ERROR(client.connect({IpAddress::broadcast(), 9}), Errc::unreachable);
     }},
    {"Connect.ToAGroupSpendsNothing", "CONNECT-6", each_family,
     [](Context& t) {
       Socket client = t.tcp();
       const IpAddress group =
           t.family() == Family::inet ? IpAddress::v4(224, 0, 0, 1) : *IpAddress::parse("ff0e::1");
       CHECK_ERROR(client.connect({group, 9}), Errc::unreachable);
       if (t.family() == Family::inet) {
         CHECK_ERROR(client.connect({IpAddress::broadcast(), 9}), Errc::unreachable);
       }
       Socket listener = t.listener();
       CHECK_OK(client.connect(t.reach(listener)));
     }},
    {"Connect.ToTheAnyAddressIsThisHost", "CONNECT-8", each_family,
     [](Context& t) {
       Socket listener = t.tcp();
       CHECK_OK(listener.bind({IpAddress::any(t.family()), 0}));
       CHECK_OK(listener.listen());
       Socket client = t.tcp();
       CHECK_OK(client.connect(*listener.getsockname()));
       CHECK(client.getpeername()->address().is_loopback());
       CHECK_OK(listener.accept());
     },
     everywhere, nullptr, loopback},
    {"Connect.ToTheMappedAnyAddressIsThisHost", "CONNECT-8", inet6_only,
     [](Context& t) {
       CHECK(t.has(Family::inet));
       Socket listener = t.tcp();
       CHECK_OK(listener.bind({IpAddress::any(Family::inet6), 0}));
       CHECK_OK(listener.listen());
       Socket client = t.tcp();
       CHECK_OK(
           client.connect({*IpAddress::parse("::ffff:0.0.0.0"), listener.getsockname()->port()}));
       CHECK_OK(listener.accept());
     },
     everywhere, nullptr, loopback},
    {"Connect.TwiceIsAlreadyConnected", "CONNECT-9", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_ERROR(pair.client.connect(t.reach(pair.listener)), Errc::already_connected);
       CHECK_ERROR(pair.server.connect(t.reach(pair.listener)), Errc::already_connected);
       CHECK_OK(pair.client.sendall("still there"));
     }},
    {"Connect.AfterTheEndIsStillConnected", "CONNECT-9", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       pair.server.close();
       std::array<char, 4> buffer;
       CHECK_VALUE(pair.client.recv_into(buffer), 0);
       CHECK_ERROR(pair.client.connect(t.reach(pair.listener)), Errc::already_connected);
     }},
    {"Connect.NonBlockingCompletes", "CONNECT-10", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket client = t.tcp();
       CHECK_OK(client.setblocking(false));
       const Errc begun = client.connect_ex(t.reach(listener));
       CHECK(begun == Errc::in_progress || begun == Errc::none);
       CHECK_OK(listener.accept());
       if (begun == Errc::in_progress) {
         CHECK_ERROR(poll_connect(t, client, t.reach(listener)), Errc::none);
       }
       CHECK_ERROR(client.connect(t.reach(listener)), Errc::already_connected);
       CHECK(!client.getblocking());
       CHECK(*client.getpeername() == t.reach(listener));
     }},
    {"Connect.NonBlockingIsUsableAtOnceOnceItIsDone", "CONNECT-10", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket client = t.tcp();
       CHECK_OK(client.setblocking(false));
       (void)client.connect_ex(t.reach(listener));
       Result<Accepted> accepted = listener.accept();
       CHECK_OK(accepted);
       CHECK_OK(accepted->socket.settimeout(t.patience()));
       CHECK_OK(client.settimeout(t.patience()));
       CHECK_OK(client.sendall("hi"));  // no further connect in between
       std::array<char, 2> buffer;
       CHECK_OK(accepted->socket.recv_exactly(buffer));
       CHECK_OK(accepted->socket.sendall("ho"));
       CHECK_OK(client.recv_exactly(buffer));
     }},
    {"Connect.NonBlockingReceiveFirst", "CONNECT-10", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket client = t.tcp();
       CHECK_OK(client.setblocking(false));
       (void)client.connect_ex(t.reach(listener));
       Result<Accepted> accepted = listener.accept();
       CHECK_OK(accepted);
       CHECK_OK(accepted->socket.sendall("hello"));
       CHECK_OK(client.settimeout(t.patience()));
       std::array<char, 5> buffer;
       CHECK_OK(client.recv_exactly(buffer));
     }},
    {"Connect.NonBlockingRefusalIsFoundByConnect", "CONNECT-11", each_family,
     [](Context& t) {
       Socket holder;
       Socket client = t.tcp();
       CHECK_OK(client.setblocking(false));
       const Endpoint peer = closed_port(t, holder);
       const Errc begun = client.connect_ex(peer);
       if (begun == Errc::in_progress) {
         CHECK_ERROR(poll_connect(t, client, peer), Errc::connection_refused);
       } else {
         CHECK_ERROR(begun, Errc::connection_refused);
       }
       CHECK_ERROR(client.connect(peer), Errc::invalid_argument);
     }},
    {"Connect.NonBlockingRefusalIsThePendingError", "CONNECT-11", each_family,
     [](Context& t) {
       Socket holder;
       Socket client = t.tcp();
       CHECK_OK(client.setblocking(false));
       if (client.connect_ex(closed_port(t, holder)) != Errc::in_progress) return;
       Errc pending = Errc::none;
       while (pending == Errc::none && !t.patience().is_zero()) {
         sleep_for(std::chrono::milliseconds(1));
         pending = client.getsockopt(option::pending_error).value_or(Errc::io_error);
       }
       CHECK_ERROR(pending, Errc::connection_refused);
       CHECK_VALUE(client.getsockopt(option::pending_error), Errc::none);
       std::array<char, 4> buffer;
       CHECK_ERROR(client.recv(buffer), Errc::not_connected);
       CHECK_ERROR(client.send("x"), Errc::not_connected);
       CHECK_ERROR(client.connect(t.reach(holder)), Errc::invalid_argument);
     }},
    {"Connect.NonBlockingRefusalIsFoundByReceiving", "CONNECT-11", each_family,
     [](Context& t) {
       Socket holder;
       Socket client = t.tcp();
       CHECK_OK(client.setblocking(false));
       if (client.connect_ex(closed_port(t, holder)) != Errc::in_progress) return;
       CHECK_OK(client.settimeout(t.patience()));
       std::array<char, 4> buffer;
       CHECK_ERROR(client.recv(buffer), Errc::connection_refused);
       CHECK_ERROR(client.recv(buffer), Errc::not_connected);
     }},
    {"Connect.NonBlockingRefusalIsFoundBySending", "CONNECT-11", each_family,
     [](Context& t) {
       Socket holder;
       Socket client = t.tcp();
       CHECK_OK(client.setblocking(false));
       if (client.connect_ex(closed_port(t, holder)) != Errc::in_progress) return;
       CHECK_OK(client.settimeout(t.patience()));
       CHECK_ERROR(client.send("x"), Errc::connection_refused);
       CHECK_ERROR(client.send("x"), Errc::not_connected);
     }},
    {"Connect.WhileConnectingIsAlreadyInProgress", "CONNECT-12", each_family,
     [](Context& t) {
       Socket listener;
       Socket clients[4];
       CHECK(fill_backlog(t, listener, clients));
       Socket client = t.tcp();
       CHECK_OK(client.setblocking(false));
       CHECK_ERROR(client.connect(t.reach(listener)), Errc::in_progress);
       CHECK_ERROR(client.connect(t.reach(listener)), Errc::already_in_progress);
       CHECK_VALUE(client.getsockopt(option::pending_error), Errc::none);
       CHECK_ERROR(client.listen(), Errc::invalid_argument);
       CHECK_ERROR(client.getpeername(), Errc::not_connected);
       CHECK_ERROR(client.shutdown(Shutdown::both), Errc::not_connected);
     }},
    {"Connect.WhileConnectingTransfersWouldBlock", "CONNECT-12", each_family,
     [](Context& t) {
       Socket listener;
       Socket clients[4];
       CHECK(fill_backlog(t, listener, clients));
       Socket client = t.tcp();
       CHECK_OK(client.setblocking(false));
       CHECK_ERROR(client.connect(t.reach(listener)), Errc::in_progress);
       std::array<char, 4> buffer;
       CHECK_ERROR(client.send("x"), Errc::would_block);
       CHECK_ERROR(client.sendall("x"), Errc::would_block);
       CHECK_ERROR(client.recv(buffer), Errc::would_block);
       CHECK_ERROR(client.recv_exactly(buffer), Errc::would_block);
     }},
    {"Connect.WhileConnectingTimedTransfersTimeOut", "CONNECT-12", each_family,
     [](Context& t) {
       Socket listener;
       Socket clients[4];
       CHECK(fill_backlog(t, listener, clients));
       Socket client = t.tcp();
       CHECK_OK(client.setblocking(false));
       CHECK_ERROR(client.connect(t.reach(listener)), Errc::in_progress);
       CHECK_OK(client.settimeout(moment));
       std::array<char, 4> buffer;
       CHECK_ERROR(client.recv(buffer), Errc::timed_out);
       CHECK_ERROR(client.send("x"), Errc::timed_out);
       CHECK_ERROR(client.sendall("x"), Errc::timed_out);
       CHECK_ERROR(client.connect(t.reach(listener)), Errc::timed_out);
     },
     everywhere, nullptr, undisturbed},
    {"Connect.MayBeGivenUpByClose", "CONNECT-12", each_family,
     [](Context& t) {
       Socket listener;
       Socket clients[4];
       CHECK(fill_backlog(t, listener, clients));
       Socket client = t.tcp();
       CHECK_OK(client.setblocking(false));
       CHECK_ERROR(client.connect(t.reach(listener)), Errc::in_progress);
       client.close();
       CHECK(!client.is_open());
     }},
    {"Connect.ToOneselfIsAConnection", "CONNECT-13", each_family,
     [](Context& t) {
       Socket socket = t.tcp();
       CHECK_OK(socket.bind(t.any_port()));
       CHECK_OK(socket.connect(t.reach(socket)));
       CHECK_OK(socket.sendall("echo"));
       std::array<char, 4> buffer;
       CHECK_OK(socket.recv_exactly(buffer));
       CHECK(MutableBytes(buffer).text() == "echo");
     },
     on_posix, "lwIP does not open simultaneously: nobody answers until the time is over"},
    {"Connect.SimultaneousOpenMeets", "CONNECT-13", each_family,
     [](Context& t) {
       Socket sockets[2] = {t.tcp(), t.tcp()};
       for (Socket& socket : sockets) CHECK_OK(socket.bind(t.any_port()));
       const Endpoint first = t.reach(sockets[0]);
       const Endpoint second = t.reach(sockets[1]);
       struct State {
         Socket& socket;
         const Endpoint& peer;
         Errc outcome = Errc::io_error;
       } state{sockets[1], first};
       Thread thread;
       CHECK_OK(thread.start(
           "second",
           [](void* argument) {
             auto& mine = *static_cast<State*>(argument);
             mine.outcome = mine.socket.connect_ex(mine.peer);
           },
           &state));
       const Errc outcome = sockets[0].connect_ex(second);
       thread.join();
       // Who comes too early finds nobody there; crossing on the way makes one connection.
       // A stack without simultaneous open lets both wait until their time is over.
       const bool unmet = outcome == Errc::timed_out && t.world() != on_posix;
       CHECK(outcome == Errc::none || outcome == Errc::connection_refused || unmet);
       CHECK(outcome == state.outcome || outcome == Errc::connection_refused ||
             state.outcome == Errc::connection_refused);
     }},
    {"Connect.V4MappedAddressReachesIpv4", "CONNECT-14", inet6_only,
     [](Context& t) {
       Result<Socket> listener = Socket::open(Family::inet, Type::stream);
       CHECK_OK(listener);
       CHECK_OK(listener->bind({IpAddress::any(Family::inet), 0}));
       CHECK_OK(listener->listen());
       std::array<std::uint8_t, 16> mapped{};
       mapped[10] = mapped[11] = 0xff;
       for (std::size_t i = 0; i < 4; ++i) mapped[12 + i] = t.address(Family::inet).bytes()[i];
       Socket client = t.tcp();
       CHECK_OK(client.connect({IpAddress::v6(mapped), listener->getsockname()->port()}));
       CHECK(client.getpeername()->address().is_v4_mapped());
       const Result<Accepted> accepted = listener->accept();
       CHECK_OK(accepted);
       CHECK(accepted->peer.family() == Family::inet);
     }},
};

}  // namespace

std::span<const Case> connect_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
