// Cases: bind and listen.
#include <utility>

#include <conformance/context.hpp>
#include <twinsock/connection.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

// An address that no host has: TEST-NET-3 of RFC 5737, and RFC 3849's for documentation.
Endpoint not_ours(Family family) {
  if (family == Family::inet) return {IpAddress::v4(203, 0, 113, 77), 0};
  return {IpAddress::v6({0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x77}), 0};
}

// The port of a server that was well and has ended, and whose connection it ended first.
Endpoint name_in_time_wait(Context& t) {
  Socket listener = t.tcp();
  Socket client = t.tcp();
  std::array<char, 4> buffer;
  Result<Endpoint> name = Errc::io_error;
  bool well = listener.setsockopt(option::reuse_address, true) && listener.bind(t.any_port()) &&
              listener.listen() && client.connect(t.reach(listener));
  if (well) {
    Result<Accepted> accepted = listener.accept();
    well = accepted.has_value();
    if (well) name = accepted->socket.getsockname();
    if (well) accepted->socket.close();
  }
  if (!well || !name || !client.recv(buffer)) t.fail(__FILE__, __LINE__, "a server that has ended");
  return name.value_or(Endpoint());
}

// What a socket that wants to serve as well is told, by bind or else by listen.
Errc serve_too(const IpAddress& address, std::uint16_t port, bool reuse) {
  Result<Socket> socket = Socket::open(address.family(), Type::stream);
  if (!socket) return socket.error().code();
  if (reuse && !socket->setsockopt(option::reuse_address, true)) return Errc::io_error;
  Errc outcome = outcome_of(socket->bind({address, port}));
  if (outcome == Errc::none) outcome = outcome_of(socket->listen());
  return outcome;
}

constexpr Case cases[] = {
    {"Bind.SetsTheLocalEndpoint", "BIND-1", each_family,
     [](Context& t) {
       Socket socket = t.tcp();
       CHECK_OK(socket.bind(t.any_port()));
       CHECK_OK(socket.getsockname());
       CHECK(socket.getsockname()->address() == t.local_address());
     }},
    {"Bind.PortZeroTakesAFreeOne", "BIND-2", each_family,
     [](Context& t) {
       Socket first = t.tcp();
       Socket second = t.tcp();
       CHECK_OK(first.bind(t.any_port()));
       CHECK_OK(second.bind(t.any_port()));
       CHECK(first.getsockname()->port() >= 1024 && second.getsockname()->port() >= 1024);
       CHECK(first.getsockname()->port() != second.getsockname()->port());
     }},
    {"Bind.DatagramPortZeroTakesAFreeOne", "BIND-2", each_family,
     [](Context& t) {
       Socket first = t.bound_udp();
       Socket second = t.bound_udp();
       CHECK(first.getsockname()->port() >= 1024);
       CHECK(first.getsockname()->port() != second.getsockname()->port());
     }},
    {"Bind.StreamAndDatagramShareAPort", "BIND-3", each_family,
     [](Context& t) {
       // On a busy host another program's stream may have that number: then it is another's turn.
       Errc outcome = Errc::address_in_use;
       for (int i = 0; i < 10 && outcome == Errc::address_in_use; ++i) {
         Socket datagram = t.bound_udp();
         Socket stream = t.tcp();
         outcome = outcome_of(stream.bind(*datagram.getsockname()));
       }
       CHECK_ERROR(outcome, Errc::none);
     }},
    {"Bind.BusyPortIsAddressInUse", "BIND-3", each_family,
     [](Context& t) {
       Socket first = t.tcp();
       CHECK_OK(first.bind(t.any_port()));
       Socket second = t.tcp();
       CHECK_ERROR(second.bind(*first.getsockname()), Errc::address_in_use);
     }},
    {"Bind.ListenedPortIsAddressInUse", "BIND-3", each_family,
     [](Context& t) {
       Socket first = t.listener();
       Socket second = t.tcp();
       CHECK_ERROR(second.bind(*first.getsockname()), Errc::address_in_use);
     }},
    {"Bind.BusyDatagramPortIsAddressInUse", "BIND-3", each_family,
     [](Context& t) {
       Socket first = t.bound_udp();
       Socket second = t.udp();
       CHECK_ERROR(second.bind(*first.getsockname()), Errc::address_in_use);
     }},
    {"Bind.AnyAddressConflictsWithOne", "BIND-3", each_family,
     [](Context& t) {
       Socket first = t.bound_udp();
       Socket second = t.udp();
       const Endpoint any(IpAddress::any(t.family()), first.getsockname()->port());
       CHECK_ERROR(second.bind(any), Errc::address_in_use);
     }},
    {"Bind.AfterAFailureMayBeTriedAgain", "BIND-4", each_family,
     [](Context& t) {
       Socket first = t.tcp();
       CHECK_OK(first.bind(t.any_port()));
       Socket second = t.tcp();
       CHECK_ERROR(second.bind(*first.getsockname()), Errc::address_in_use);
       CHECK_OK(second.bind(t.any_port()));
     }},
    {"Bind.ForeignAddressIsNotAvailable", "BIND-5", each_family,
     [](Context& t) {
       Socket stream = t.tcp();
       CHECK_ERROR(stream.bind(not_ours(t.family())), Errc::address_not_available);
       Socket datagram = t.udp();
       CHECK_ERROR(datagram.bind(not_ours(t.family())), Errc::address_not_available);
     }},
    {"Bind.UnknownScopeIsNotAvailable", "BIND-5", inet6_only,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_ERROR(socket.bind({*IpAddress::parse("fe80::1234%99"), 0}),
                   Errc::address_not_available);
     }},
    {"Bind.LinkLocalWithoutScopeIsInvalid", "BIND-5", inet6_only,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_ERROR(socket.bind({*IpAddress::parse("fe80::1234"), 0}), Errc::invalid_argument);
       CHECK_ERROR(socket.bind({*IpAddress::parse("ff02::1"), 0}), Errc::invalid_argument);
     },
     on_posix, "lwIP chooses an interface itself"},
    {"Bind.MappedAnyAddressIsAnOwnOne", "BIND-8", inet6_only,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_OK(socket.bind({*IpAddress::parse("::ffff:0.0.0.0"), 0}));
     }},
    {"Bind.V6OnlyRefusesAMappedAddress", "BIND-8", inet6_only,
     [](Context& t) {
       CHECK(t.has(Family::inet));
       Socket socket = t.udp();
       CHECK_OK(socket.setsockopt(option::ipv6_only, true));
       CHECK_ERROR(socket.bind({*IpAddress::parse("::ffff:127.0.0.1"), 0}), Errc::invalid_argument);
       CHECK_OK(socket.bind(t.any_port()));
       CHECK_ERROR(socket.setsockopt(option::ipv6_only, false), Errc::invalid_argument);
     },
     on_posix, "lwIP asks for that option where a socket is at every address only", loopback},
    {"Bind.TwiceIsInvalid", "BIND-6", each_family,
     [](Context& t) {
       Socket stream = t.tcp();
       CHECK_OK(stream.bind(t.any_port()));
       const Endpoint before = *stream.getsockname();
       CHECK_ERROR(stream.bind(t.any_port()), Errc::invalid_argument);
       CHECK(*stream.getsockname() == before);
     }},
    {"Bind.DatagramTwiceIsInvalid", "BIND-6", each_family,
     [](Context& t) {
       Socket socket = t.bound_udp();
       const Endpoint before = *socket.getsockname();
       CHECK_ERROR(socket.bind(t.any_port()), Errc::invalid_argument);
       CHECK(*socket.getsockname() == before);
     }},
    {"Bind.AfterSendingIsInvalid", "BIND-6", each_family,
     [](Context& t) {
       Socket receiver = t.bound_udp();
       Socket sender = t.udp();
       CHECK_OK(sender.sendto("x", t.reach(receiver)));
       CHECK_ERROR(sender.bind(t.any_port()), Errc::invalid_argument);
     }},
    {"Bind.ConnectedIsInvalid", "BIND-6", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_ERROR(pair.client.bind(t.any_port()), Errc::invalid_argument);
       CHECK_ERROR(pair.server.bind(t.any_port()), Errc::invalid_argument);
     }},
    {"Bind.OtherFamilyIsRefused", "BIND-7", each_family,
     [](Context& t) {
       Socket stream = t.tcp();
       const Endpoint other(IpAddress::loopback(t.other_family()), 0);
       CHECK_ERROR(stream.bind(other), Errc::address_family_not_supported);
       CHECK_ERROR(stream.bind(Endpoint()), Errc::address_family_not_supported);
       CHECK_OK(stream.bind(t.any_port()));
     }},
    {"Bind.DualStackServesBothFamilies", "BIND-8", inet6_only,
     [](Context& t) {
       CHECK(t.has(Family::inet));
       Socket listener = t.tcp();
       CHECK_OK(listener.bind({IpAddress::any(Family::inet6), 0}));
       CHECK_OK(listener.listen());
       Result<Socket> client = Socket::open(Family::inet, Type::stream);
       CHECK_OK(client);
       CHECK_OK(client->settimeout(t.patience()));
       CHECK_OK(client->connect({t.address(Family::inet), listener.getsockname()->port()}));
       CHECK_OK(listener.accept());
     }},
    {"Bind.V6OnlyLeavesIpv4Alone", "BIND-8", inet6_only,
     [](Context& t) {
       Socket listener = t.tcp();
       CHECK_OK(listener.setsockopt(option::ipv6_only, true));
       CHECK_OK(listener.bind({IpAddress::any(Family::inet6), 0}));
       CHECK_OK(listener.listen());
       Result<Socket> client = Socket::open(Family::inet, Type::stream);
       CHECK_OK(client);
       CHECK_OK(client->settimeout(t.patience()));
       CHECK_ERROR(client->connect({t.address(Family::inet), listener.getsockname()->port()}),
                   Errc::connection_refused);
     }},
    {"Bind.DualStackTakesTheIpv4PortToo", "BIND-8", inet6_only,
     [](Context& t) {
       Socket both = t.udp();
       CHECK_OK(both.bind({IpAddress::any(Family::inet6), 0}));
       Result<Socket> inet = Socket::open(Family::inet, Type::datagram);
       CHECK_OK(inet);
       CHECK_ERROR(inet->bind({IpAddress::any(Family::inet), both.getsockname()->port()}),
                   Errc::address_in_use);
     }},
    {"Bind.ReuseAddressAfterAConnection", "BIND-9", each_family,
     [](Context& t) {
       const Endpoint local = name_in_time_wait(t);
       Socket next = t.tcp();
       CHECK_OK(next.setsockopt(option::reuse_address, true));
       CHECK_OK(next.bind(local));
       CHECK_OK(next.listen());
     }},
    {"Bind.AfterAConnectionWithoutReuseIsInUse", "BIND-9", each_family,
     [](Context& t) {
       const Endpoint local = name_in_time_wait(t);
       Socket next = t.tcp();
       CHECK_ERROR(next.bind(local), Errc::address_in_use);
     }},
    {"Bind.EveryAddressAfterAnIpv6ConnectionIsInUse", "BIND-9", inet6_only,
     [](Context& t) {
       const Endpoint local = name_in_time_wait(t);
       Socket next = t.tcp();
       CHECK_ERROR(next.bind({IpAddress::any(Family::inet6), local.port()}), Errc::address_in_use);
     },
     on_posix, "lwIP compares no IPv6 connection with the address of both families"},
    {"Bind.ReuseAddressDoesNotShareAListener", "BIND-9", each_family,
     [](Context& t) {
       Socket first = t.tcp();
       CHECK_OK(first.setsockopt(option::reuse_address, true));
       CHECK_OK(first.bind(t.any_port()));
       CHECK_OK(first.listen());
       Socket second = t.tcp();
       CHECK_OK(second.setsockopt(option::reuse_address, true));
       Errc outcome = outcome_of(second.bind(*first.getsockname()));
       if (outcome == Errc::none) outcome = outcome_of(second.listen());
       CHECK_ERROR(outcome, Errc::address_in_use);
     }},
    {"Bind.ListenersShareNoAddress", "BIND-9", each_family,
     [](Context& t) {
       const IpAddress any = IpAddress::any(t.family());
       for (const IpAddress& held : {any, t.local_address()}) {
         const Result<Socket> first = create_server({held, 0});
         CHECK_OK(first);
         const std::uint16_t port = first->getsockname()->port();
         for (const bool reuse : {false, true}) {
           CHECK_ERROR(serve_too(any, port, reuse), Errc::address_in_use);
           CHECK_ERROR(serve_too(t.local_address(), port, reuse), Errc::address_in_use);
         }
       }
     }},
    {"Bind.DualStackListenerSharesNoIpv4Port", "BIND-8", inet6_only,
     [](Context& t) {
       CHECK(t.has(Family::inet));
       const IpAddress any = IpAddress::any(Family::inet6);
       const IpAddress any4 = IpAddress::any(Family::inet);
       const IpAddress reached = t.address(Family::inet);
       const Result<Socket> both = create_server({any, 0}, {.dual_stack = true});
       CHECK_OK(both);
       for (const IpAddress& held : {any4, reached.is_loopback() ? reached : any4}) {
         const Result<Socket> first = create_server({held, 0});
         CHECK_OK(first);
         for (const bool reuse : {false, true}) {
           CHECK_ERROR(serve_too(held, both->getsockname()->port(), reuse), Errc::address_in_use);
           CHECK_ERROR(serve_too(any, first->getsockname()->port(), reuse), Errc::address_in_use);
         }
       }
     }},
    {"Bind.V6OnlyListenerLeavesTheIpv4Port", "BIND-8", inet6_only,
     [](Context& t) {
       CHECK(t.has(Family::inet));
       // On a busy host another program may have that port of IPv4: then it is another's turn.
       Errc outcome = Errc::address_in_use;
       for (int i = 0; i < 10 && outcome == Errc::address_in_use; ++i) {
         const Result<Socket> only = create_server({IpAddress::any(Family::inet6), 0});
         CHECK_OK(only);
         outcome = serve_too(IpAddress::any(Family::inet), only->getsockname()->port(), true);
       }
       CHECK_ERROR(outcome, Errc::none);
     }},
    {"Bind.BesideAListenerIsInUse", "BIND-9", each_family,
     [](Context& t) {
       const Result<Socket> first = create_server(t.any_port());
       CHECK_OK(first);
       Socket second = t.tcp();
       CHECK_OK(second.setsockopt(option::reuse_address, true));
       CHECK_ERROR(second.bind(*first->getsockname()), Errc::address_in_use);
     },
     on_posix, "lwIP compares a socket with reuse_address and a listener in listen only"},
    {"Listen.DatagramIsRefused", "LISTEN-1", each_family,
     [](Context& t) {
       Socket socket = t.bound_udp();
       CHECK_ERROR(socket.listen(), Errc::operation_not_supported);
     }},
    {"Listen.UnboundTakesAFreePort", "LISTEN-2", each_family,
     [](Context& t) {
       Socket listener = t.tcp();
       CHECK_OK(listener.listen());
       CHECK_OK(listener.getsockname());
       CHECK(listener.getsockname()->port() != 0);
       Socket client = t.tcp();
       CHECK_OK(client.connect(t.reach(listener)));
       CHECK_OK(listener.accept());
     }},
    {"Listen.BacklogIsClamped", "LISTEN-3", each_family,
     [](Context& t) {
       for (const int backlog : {-5, 0, 1, 255, 256, 100'000}) {
         Socket listener = t.listener(backlog);
         Socket client = t.tcp();
         CHECK_OK(client.connect(t.reach(listener)));
         CHECK_OK(listener.accept());
       }
     }},
    {"Listen.BacklogOfThreeHoldsThree", "LISTEN-4", each_family,
     [](Context& t) {
       Socket listener = t.listener(3);
       Socket clients[3];
       for (Socket& client : clients) {
         client = t.tcp();
         CHECK_OK(client.connect(t.reach(listener)));
       }
       for (int i = 0; i < 3; ++i) CHECK_OK(listener.accept());
     }},
    {"Listen.FullBacklogMakesFurtherConnectsWait", "LISTEN-4", each_family,
     [](Context& t) {
       Socket listener = t.listener(1);
       Socket clients[4];
       int waiting = 0;
       for (Socket& client : clients) {
         client = t.tcp();
         CHECK_OK(client.settimeout(std::chrono::milliseconds(100)));
         const Errc outcome = client.connect_ex(t.reach(listener));
         if (outcome == Errc::timed_out) break;
         CHECK_ERROR(outcome, Errc::none);
         ++waiting;
       }
       CHECK(waiting == 1 || waiting == 2);
     },
     everywhere, nullptr, lossless},
    {"Listen.AgainIsAllowed", "LISTEN-5", each_family,
     [](Context& t) {
       Socket listener = t.listener(1);
       CHECK_OK(listener.listen(4));
       Socket clients[4];
       for (Socket& client : clients) {
         client = t.tcp();
         CHECK_OK(client.connect(t.reach(listener)));
       }
       for (int i = 0; i < 4; ++i) CHECK_OK(listener.accept());
     },
     everywhere, nullptr, more_sockets},
    {"Listen.ConnectedIsInvalid", "LISTEN-6", each_family,
     [](Context& t) {
       Pair pair;
       if (!t.connect(pair)) return;
       CHECK_ERROR(pair.client.listen(), Errc::invalid_argument);
       CHECK_ERROR(pair.server.listen(), Errc::invalid_argument);
     }},
    {"Listen.ListenerNeitherSendsNorReceives", "LISTEN-7", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       std::array<char, 4> buffer;
       CHECK_ERROR(listener.recv(buffer), Errc::not_connected);
       CHECK_ERROR(listener.send("x"), Errc::not_connected);
       CHECK_ERROR(listener.getpeername(), Errc::not_connected);
       CHECK_ERROR(listener.shutdown(Shutdown::write), Errc::not_connected);
     }},
    {"Listen.ShutdownTurnsClientsAway", "LISTEN-7", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket waiting = t.tcp();
       CHECK_OK(waiting.connect(t.reach(listener)));
       CHECK_OK(waiting.settimeout(std::chrono::milliseconds(100)));
       const Endpoint where = t.reach(listener);
       CHECK_OK(listener.shutdown(Shutdown::read));
       std::array<char, 4> buffer;
       CHECK_ERROR(waiting.recv(buffer), Errc::connection_reset);
       Socket late = t.tcp();
       CHECK_ERROR(late.connect(where), Errc::connection_refused);
     },
     on_posix, "lwIP's listener goes on until it is closed", undisturbed},
    {"Listen.ShutdownKeepsClientsWaiting", "LISTEN-7", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket waiting = t.tcp();
       CHECK_OK(waiting.connect(t.reach(listener)));
       CHECK_OK(waiting.settimeout(std::chrono::milliseconds(100)));
       CHECK_OK(listener.shutdown(Shutdown::read));
       std::array<char, 4> buffer;
       CHECK_ERROR(waiting.recv(buffer), Errc::timed_out);
       listener.close();
       CHECK_ERROR(waiting.recv(buffer), Errc::connection_reset);
     },
     on_lwip, "Linux ends them with the listener", undisturbed},
    {"Listen.ListenerDoesNotConnect", "LISTEN-7", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       Socket other = t.listener();
       CHECK_ERROR(listener.connect(t.reach(other)), Errc::invalid_argument);
     }},
};

}  // namespace

std::span<const Case> listen_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
