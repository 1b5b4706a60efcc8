// Cases: accept, and what an accepted socket is like.
#include <utility>

#include <conformance/context.hpp>
#include <twinsock/poll.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

constexpr std::size_t most_sockets = 72;  // a little more than any world has

template <std::size_t N>
void open_all(Context& t, Socket (&sockets)[N]) {
  Type type = Type::datagram;
  for (Socket& socket : sockets) {
    Result<Socket> opened = Socket::open(t.family(), type);
    if (!opened && type == Type::datagram) {  // there may be some left for streams
      type = Type::stream;
      opened = Socket::open(t.family(), type);
    }
    if (!opened) return;
    socket = std::move(*opened);
  }
}

// A connection comes while no socket is left; then there are some again.
void come_too_early(Context& t, Socket& client, const Socket& listener) {
  Socket sockets[most_sockets];
  open_all(t, sockets);
  (void)client.connect(t.reach(listener));
}

constexpr Case cases[] = {
    {"Accept.GivesTheConnectionAndItsPeer", "ACCEPT-1", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket client = t.tcp();
       CHECK_OK(client.connect(t.reach(listener)));
       const Result<Accepted> accepted = listener.accept();
       CHECK_OK(accepted);
       CHECK(accepted->peer.address() == t.address());
       CHECK_EQUAL(accepted->peer.port(), client.getsockname()->port());
       CHECK(*accepted->socket.getpeername() == accepted->peer);
     }},
    {"Accept.NewSocketIsOfTheListenersKind", "ACCEPT-1", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK(pair.server.family() == t.family() && pair.server.type() == Type::stream);
       CHECK_EQUAL(pair.server.proto(), pair.listener.proto());
       CHECK_EQUAL(pair.server.getsockname()->port(), pair.listener.getsockname()->port());
     }},
    {"Accept.ListenerGoesOn", "ACCEPT-1", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       for (int i = 0; i < 20; ++i) {
         Socket client = t.tcp();
         CHECK_OK(client.connect(t.reach(listener)));
         CHECK_OK(listener.accept());
       }
     }},
    {"Accept.FirstComeFirstServed", "ACCEPT-2", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket clients[3];
       for (Socket& client : clients) {
         client = t.tcp();
         CHECK_OK(client.connect(t.reach(listener)));
       }
       for (Socket& client : clients) {
         const Result<Accepted> accepted = listener.accept();
         CHECK_OK(accepted);
         CHECK_EQUAL(accepted->peer.port(), client.getsockname()->port());
       }
     },
     everywhere, nullptr, undisturbed},
    {"Accept.NotListeningIsInvalid", "ACCEPT-3", each_family,
     [](Context& t) {
       Socket fresh = t.tcp();
       CHECK_ERROR(fresh.accept(), Errc::invalid_argument);
       CHECK_OK(fresh.bind(t.any_port()));
       CHECK_ERROR(fresh.accept(), Errc::invalid_argument);
     }},
    {"Accept.ConnectedIsInvalid", "ACCEPT-3", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_ERROR(pair.client.accept(), Errc::invalid_argument);
       CHECK_ERROR(pair.server.accept(), Errc::invalid_argument);
     }},
    {"Accept.DatagramIsRefused", "ACCEPT-3", each_family,
     [](Context& t) {
       Socket socket = t.bound_udp();
       CHECK_ERROR(socket.accept(), Errc::operation_not_supported);
     }},
    {"Accept.NobodyThereWouldBlock", "ACCEPT-4", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       CHECK_OK(listener.setblocking(false));
       CHECK_ERROR(listener.accept(), Errc::would_block);
     }},
    {"Accept.NobodyComesInTime", "ACCEPT-4", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       CHECK_OK(listener.settimeout(std::chrono::milliseconds(30)));
       CHECK_ERROR(listener.accept(), Errc::timed_out);
       Socket client = t.tcp();
       CHECK_OK(client.connect(t.reach(listener)));
       CHECK_OK(listener.settimeout(t.patience()));
       CHECK_OK(listener.accept());
     }},
    {"Accept.NewSocketInheritsNoTimeout", "ACCEPT-5", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       CHECK_OK(listener.settimeout(std::chrono::milliseconds(2000)));
       Socket client = t.tcp();
       CHECK_OK(client.connect(t.reach(listener)));
       Result<Accepted> accepted = listener.accept();
       CHECK_OK(accepted);
       CHECK(accepted->socket.gettimeout().is_none());
     }},
    {"Accept.NonBlockingListenerGivesABlockingSocket", "ACCEPT-5", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       CHECK_OK(listener.setblocking(false));
       Socket client = t.tcp();
       CHECK_OK(client.connect(t.reach(listener)));
       Result<Accepted> accepted = listener.accept();
       while (outcome_of(accepted) == Errc::would_block && !t.patience().is_zero()) {
         sleep_for(std::chrono::milliseconds(1));
         accepted = listener.accept();
       }
       CHECK_OK(accepted);
       CHECK(accepted->socket.getblocking());
       CHECK_OK(accepted->socket.settimeout(std::chrono::milliseconds(20)));
       std::array<char, 4> buffer;
       CHECK_ERROR(accepted->socket.recv(buffer), Errc::timed_out);
     }},
    {"Accept.NewSocketInheritsNoFlag", "ACCEPT-5", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       CHECK_OK(listener.setsockopt(option::keep_alive, true));
       CHECK_OK(listener.setsockopt(option::linger, std::chrono::seconds(3)));
       CHECK_OK(listener.setsockopt(option::time_to_live, 33));
       CHECK_OK(listener.setsockopt(option::type_of_service, 0x10));
       Socket fresh = t.tcp();
       const Result<int> hops = fresh.getsockopt(option::time_to_live);
       CHECK_OK(hops);
       Socket client = t.tcp();
       CHECK_OK(client.connect(t.reach(listener)));
       CHECK_OK(listener.settimeout(Timeout::none()));
       Result<Accepted> accepted = listener.accept();
       CHECK_OK(accepted);
       CHECK_VALUE(accepted->socket.getsockopt(option::keep_alive), false);
       CHECK(*accepted->socket.getsockopt(option::linger) == std::nullopt);
       CHECK_VALUE(accepted->socket.getsockopt(option::time_to_live), *hops);
       CHECK_VALUE(accepted->socket.getsockopt(option::type_of_service), 0);
     }},
    {"Accept.NewSocketInheritsNoTcpOption", "ACCEPT-5", each_family,
     [](Context& t) {
       Socket listener = t.tcp();  // before listen: afterwards lwIP has no such options
       CHECK_OK(listener.setsockopt(option::no_delay, true));
       CHECK_OK(listener.setsockopt(option::keep_alive_idle, std::chrono::seconds(11)));
       CHECK_OK(listener.setsockopt(option::keep_alive_interval, std::chrono::seconds(12)));
       CHECK_OK(listener.setsockopt(option::keep_alive_count, 13));
       CHECK_OK(listener.bind(t.any_port()));
       CHECK_OK(listener.listen());
       Socket client = t.tcp();
       CHECK_OK(client.connect(t.reach(listener)));
       CHECK_OK(listener.settimeout(Timeout::none()));
       Result<Accepted> accepted = listener.accept();
       CHECK_OK(accepted);
       CHECK_VALUE(accepted->socket.getsockopt(option::no_delay), false);
       CHECK(*accepted->socket.getsockopt(option::keep_alive_idle) == std::chrono::seconds(7200));
       CHECK(*accepted->socket.getsockopt(option::keep_alive_interval) == std::chrono::seconds(75));
       CHECK_VALUE(accepted->socket.getsockopt(option::keep_alive_count), 9);
     }},
    {"Accept.BytesSentBeforeAreThere", "ACCEPT-6", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket client = t.tcp();
       CHECK_OK(client.connect(t.reach(listener)));
       CHECK_OK(client.sendall("early"));
       client.close();
       Result<Accepted> accepted = listener.accept();
       CHECK_OK(accepted);
       CHECK_OK(accepted->socket.settimeout(t.patience()));
       std::array<char, 5> buffer;
       CHECK_OK(accepted->socket.recv_exactly(buffer));
       CHECK_VALUE(accepted->socket.recv_into(buffer), 0);
     }},
    {"Accept.ConnectionResetBeforeIsNoError", "ACCEPT-7", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket gone = t.tcp();
       CHECK_OK(gone.connect(t.reach(listener)));
       t.reset(gone);
       Socket client = t.tcp();
       CHECK_OK(client.connect(t.reach(listener)));
       // Passed over, or given as a connection that has been reset: then the next one is ours.
       Result<Accepted> accepted = listener.accept();
       CHECK_OK(accepted);
       if (accepted->peer.port() != client.getsockname()->port()) {
         std::array<char, 4> buffer;
         CHECK_OK(accepted->socket.settimeout(t.patience()));
         CHECK_ERROR(accepted->socket.recv(buffer), Errc::connection_reset);
         accepted = listener.accept();
         CHECK_OK(accepted);
       }
       CHECK_EQUAL(accepted->peer.port(), client.getsockname()->port());
     },
     everywhere, nullptr, undisturbed},
    {"Accept.ConnectionResetBeforeKeepsItsBytes", "ACCEPT-7", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket gone = t.tcp();
       CHECK_OK(gone.connect(t.reach(listener)));
       CHECK_OK(gone.sendall("bytes"));
       sleep_for(std::chrono::milliseconds(50));
       t.reset(gone);
       sleep_for(std::chrono::milliseconds(50));
       CHECK_OK(listener.settimeout(std::chrono::milliseconds(50)));
       Result<Accepted> accepted = listener.accept();
       CHECK_OK(accepted);
       std::array<char, 5> buffer;
       CHECK_OK(accepted->socket.settimeout(t.patience()));
       CHECK_OK(accepted->socket.recv_exactly(buffer));
       CHECK_ERROR(accepted->socket.recv(buffer), Errc::connection_reset);
     },
     everywhere, nullptr, undisturbed},
    {"Accept.ClosingTheListenerResetsWhoWaits", "ACCEPT-8", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket clients[2];
       for (Socket& client : clients) {
         client = t.tcp();
         CHECK_OK(client.connect(t.reach(listener)));
       }
       listener.close();
       std::array<char, 4> buffer;
       for (Socket& client : clients) {
         CHECK_ERROR(client.recv(buffer), Errc::connection_reset);
       }
     },
     everywhere, nullptr, undisturbed},
    {"Accept.ClosingTheListenerLeavesTheAcceptedAlone", "ACCEPT-8", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       pair.listener.close();
       std::array<char, 3> buffer;
       CHECK_OK(pair.client.sendall("abc"));
       CHECK_OK(pair.server.recv_exactly(buffer));
     }},
    {"Accept.Ipv4PeerOfADualStackListenerIsMapped", "ACCEPT-9", inet6_only,
     [](Context& t) {
       Socket listener = t.tcp();
       CHECK_OK(listener.bind({IpAddress::any(Family::inet6), 0}));
       CHECK_OK(listener.listen());
       Result<Socket> client = Socket::open(Family::inet, Type::stream);
       CHECK_OK(client);
       CHECK_OK(client->settimeout(t.patience()));
       CHECK_OK(client->connect({t.address(Family::inet), listener.getsockname()->port()}));
       Result<Accepted> accepted = listener.accept();
       CHECK_OK(accepted);
       CHECK(accepted->peer.address().is_v4_mapped());
       CHECK(accepted->peer.address().unmapped() == t.address(Family::inet));
       CHECK(*accepted->socket.getpeername() == accepted->peer);
       CHECK(accepted->socket.getsockname()->address().is_v4_mapped());
       CHECK(accepted->socket.family() == Family::inet6);
     }},
    {"Accept.OutOfSocketsIsTooManySockets", "ACCEPT-10", any_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket client = t.tcp();
       CHECK_OK(client.connect(t.reach(listener)));
       Socket sockets[most_sockets];
       open_all(t, sockets);
       CHECK_ERROR(listener.accept(), Errc::too_many_sockets);
       sockets[0].close();
       CHECK_OK(listener.accept());  // it had stayed in the queue
     },
     on_posix, "on lwIP a connection that waits has its socket already", few_sockets},
    {"Accept.OutOfSocketsDoesNotStopTheListener", "ACCEPT-10", any_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket client = t.tcp();
       Socket sockets[most_sockets];
       open_all(t, sockets);
       (void)client.connect(t.reach(listener));
       CHECK_OK(listener.settimeout(std::chrono::milliseconds(50)));
       (void)listener.accept();
       for (Socket& socket : sockets) socket.close();
       client.close();
       (void)listener.accept();
       CHECK_OK(listener.settimeout(t.patience()));
       for (int i = 0; i < 2; ++i) {
         Socket next = t.tcp();
         CHECK_OK(next.connect(t.reach(listener)));
         CHECK_OK(listener.accept());
       }
     },
     everywhere, nullptr, few_sockets},
    {"Accept.ReadyListenerDoesNotWait", "POLL-2", any_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket client = t.tcp();
       Socket sockets[most_sockets];
       open_all(t, sockets);
       (void)client.connect(t.reach(listener));
       PollItem items[] = {{listener, Ready::read}};
       const std::uint32_t began = now_ms();
       const Result<std::size_t> ready = poll(items, Timeout::from_ms(50));
       CHECK_OK(ready);
       const bool is_ready = *ready > 0;
       CHECK(is_ready || now_ms() - began >= 50);
       // Where the connection waits, accept fails at once; where it was turned away, nobody waits.
       CHECK_OK(listener.settimeout(std::chrono::milliseconds(50)));
       CHECK_ERROR(listener.accept(), is_ready ? Errc::too_many_sockets : Errc::timed_out);
     },
     everywhere, nullptr, few_sockets},
    {"Accept.ReadyForTheNextAfterOneWasTurnedAway", "POLL-2", any_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket client = t.tcp();
       Socket next = t.tcp();
       come_too_early(t, client, listener);
       CHECK_OK(next.connect(t.reach(listener)));
       CHECK_OK(listener.settimeout(t.patience()));
       for (bool met = false; !met;) {  // the first too, where it waited
         PollItem items[] = {{listener, Ready::read}};
         CHECK_VALUE(poll(items, t.patience()), 1U);
         const Result<Accepted> accepted = listener.accept();
         CHECK_OK(accepted);
         met = accepted->peer.port() == next.getsockname()->port();
       }
     },
     everywhere, nullptr, few_sockets | undisturbed},
    {"Accept.ClosingAfterOneWasTurnedAwayResetsWhoWaits", "ACCEPT-8", any_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket client = t.tcp();
       Socket next = t.tcp();
       come_too_early(t, client, listener);
       CHECK_OK(next.connect(t.reach(listener)));
       listener.close();
       std::array<char, 4> buffer;
       CHECK_ERROR(next.recv(buffer), Errc::connection_reset);
     },
     everywhere, nullptr, few_sockets | undisturbed},
};

}  // namespace

std::span<const Case> accept_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
