// Cases: the two ways in which a program begins, servers around a handler, names, and multicast.
#include <utility>

#include <conformance/context.hpp>
#include <twinsock/connection.hpp>
#include <twinsock/multicast.hpp>
#include <twinsock/socketserver.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

// Answers "you said: …" once; a connection without bytes is left alone.
void answer(void* served, Socket& connection, const Endpoint&) {
  std::array<char, 32> buffer;
  (void)connection.settimeout(std::chrono::seconds(2));
  const Result<MutableBytes> got = connection.recv(buffer);
  if (!got || got->empty()) return;
  (void)connection.sendall("you said: ");
  (void)connection.sendall(*got);
  ++*static_cast<int*>(served);
}

template <class Server>
void serve(void* server) {
  (void)static_cast<Server*>(server)->serve_forever();
}

// Whether a server answers what it should.
bool is_answered(Context& t, const Endpoint& server) {
  Socket client = t.tcp();
  std::array<char, 12> buffer;
  return client.connect(server) && client.sendall("hi") && client.recv_exactly(buffer) &&
         MutableBytes(buffer).text() == "you said: hi";
}

Endpoint reach(Context& t, const Socket& server) {
  const Result<Endpoint> local = server.getsockname();
  return local ? Endpoint(t.address(), local->port()) : Endpoint();
}

constexpr Case cases[] = {
    {"CreateServer.ListensWithAddressReuse", "BEGIN-1", each_family,
     [](Context& t) {
       const Result<Socket> server = create_server(t.any_port());
       CHECK_OK(server);
       CHECK_VALUE(server->getsockopt(option::reuse_address), true);
       Socket client = t.tcp();
       CHECK_OK(client.connect(reach(t, *server)));
     }},
    {"CreateServer.Inet6IsAloneUnlessDualStack", "BEGIN-1", inet6_only,
     [](Context& t) {
       const Endpoint any(IpAddress::any(Family::inet6), 0);
       const Result<Socket> alone = create_server(any);
       CHECK_OK(alone);
       CHECK_VALUE(alone->getsockopt(option::ipv6_only), true);
       const Result<Socket> dual = create_server(any, {.dual_stack = true});
       CHECK_OK(dual);
       CHECK_VALUE(dual->getsockopt(option::ipv6_only), false);
     }},
    {"CreateServer.DualStackNeedsInet6", "BEGIN-1", inet_only,
     [](Context& t) {
       CHECK_ERROR(create_server(t.any_port(), {.dual_stack = true}), Errc::invalid_argument);
     }},
    {"CreateConnection.TakesTheFirstThatAnswers", "BEGIN-2", each_family,
     [](Context& t) {
       Endpoint nobody;
       {
         Socket closed = t.listener();
         nobody = t.reach(closed);
       }
       Socket listener = t.listener();
       const Endpoint peers[] = {nobody, t.reach(listener)};
       const Timeout limit = Timeout::from_ms(2000);
       for (const bool at_once : {false, true}) {
         const Result<Socket> client =
             create_connection(peers, {.timeout = limit, .happy_eyeballs = at_once});
         CHECK_OK(client);
         CHECK(client->gettimeout() == limit);
         CHECK(client->getpeername() && *client->getpeername() == peers[1]);
         const Result<Accepted> accepted = listener.accept();
         CHECK_OK(accepted);
       }
     }},
    {"CreateConnection.FailsWithTheLastError", "BEGIN-2", each_family,
     [](Context& t) {
       Endpoint nobody;
       {
         Socket closed = t.listener();
         nobody = t.reach(closed);
       }
       const Endpoint peers[] = {nobody};
       for (const bool at_once : {false, true}) {
         CHECK_ERROR(create_connection(peers, {.timeout = t.patience(), .happy_eyeballs = at_once}),
                     Errc::connection_refused);
       }
     }},
    {"CreateConnection.ResolvesNumbers", "BEGIN-2", each_family,
     [](Context& t) {
       Socket listener = t.listener();
       const Endpoint server = t.reach(listener);
       FixedText<8> port;
       const EndpointText text = server.to_text();
       port.append(text.view().substr(text.view().rfind(':') + 1));
       const AddressText host = server.address().to_text();
       CHECK_OK(create_connection(host, port, {.timeout = t.patience()}));
       CHECK_ERROR(create_connection(host, "70000"), Errc::invalid_argument);
       CHECK_ERROR(create_connection(host, "no-such-service"), Errc::invalid_argument);
     }},
    {"GetAddrInfo.NumbersAskNobody", "RESOLVE-1", any_family,
     [](Context& t) {
       AddressInfo room[4];
       const auto found = getaddrinfo("192.0.2.7", "http", room, {.numeric_only = true});
       CHECK_OK(found);
       CHECK_EQUAL(found->size(), 1);
       CHECK(room[0].endpoint == Endpoint(IpAddress::v4(192, 0, 2, 7), 80));
       CHECK_ERROR(getaddrinfo("example.org", "", room, {.numeric_only = true}),
                   Errc::name_not_found);
       CHECK_ERROR(getaddrinfo("192.0.2.7", "", room, {.family = Family::inet6}),
                   Errc::name_not_found);
       CHECK_ERROR(getaddrinfo("192.0.2.7", "", {}), Errc::invalid_argument);
     }},
    {"GetAddrInfo.EmptyHostIsThisHost", "RESOLVE-1", any_family,
     [](Context& t) {
       AddressInfo room[4];
       const auto here = getaddrinfo("", "7", room);
       CHECK_OK(here);
       CHECK_EQUAL(here->size(), 2);
       CHECK(room[0].endpoint == Endpoint(IpAddress::loopback(Family::inet6), 7));
       CHECK(room[1].endpoint == Endpoint(IpAddress::loopback(Family::inet), 7));
       CHECK_OK(getaddrinfo("", "7", room, {.family = Family::inet, .passive = true}));
       CHECK(room[0].endpoint == Endpoint(IpAddress::any(Family::inet), 7));
     }},
    {"GetServByName.KnowsWhatDevicesUse", "RESOLVE-2", any_family,
     [](Context& t) {
       CHECK_VALUE(getservbyname("coap"), 5683);
       CHECK_ERROR(getservbyname("gopher"), Errc::name_not_found);
     }},
    {"TcpServer.ServesUntilItIsToldToStop", "SERVER-1", each_family,
     [](Context& t) {
       int served = 0;
       TcpServer<1> server(answer, &served);
       CHECK_OK(server.open(t.any_port()));
       Thread task;
       CHECK_OK(task.start("server", serve<TcpServer<1>>, &server));
       const Endpoint where(t.address(), server.server_address()->port());
       const bool answered = is_answered(t, where) && is_answered(t, where);
       server.shutdown();
       task.join();
       CHECK(answered);
       CHECK_EQUAL(served, 2);
     }},
    {"TcpServer.ServesSeveralAtOnce", "SERVER-2", each_family,
     [](Context& t) {
       int served = 0;
       TcpServer<2> server(answer, &served);
       CHECK_OK(server.open(t.any_port()));
       Thread task;
       CHECK_OK(task.start("server", serve<TcpServer<2>>, &server));
       const Endpoint where(t.address(), server.server_address()->port());
       Socket silent = t.tcp();  // occupies one of the two
       const bool answered = silent.connect(where) && is_answered(t, where);
       silent.close();
       server.shutdown();
       task.join();
       CHECK(answered);
     },
     everywhere, nullptr, more_threads},
    {"TcpServer.ServesForItsTimeOverAnOpenSocket", "SERVER-5", each_family,
     [](Context& t) {
       int served = 0;
       TcpServer<2> server(answer, &served);
       Socket listener = t.listener();
       const Endpoint where = t.reach(listener);
       CHECK_OK(server.open(std::move(listener)));
       const std::uint32_t before_ms = now_ms();
       CHECK_ERROR(server.serve_for(std::chrono::milliseconds(50)), Errc::timed_out);
       CHECK(now_ms() - before_ms >= 50 && now_ms() - before_ms <= 50 + t.slack_ms());
       CHECK_ERROR(server.serve_for(Timeout::from_ms(-1)), Errc::invalid_argument);
       CHECK_EQUAL(served, 0);
       Thread task;
       CHECK_OK(task.start("server", serve<TcpServer<2>>, &server));
       const bool answered = is_answered(t, where);
       server.shutdown();
       task.join();
       CHECK(answered);
     },
     everywhere, nullptr, more_threads},
    {"UdpServer.TakesABoundSocket", "SERVER-5", each_family,
     [](Context& t) {
       int served = 0;
       UdpServer<> server(
           [](void* count, Socket&, const Received&) { ++*static_cast<int*>(count); }, &served);
       Socket bound = t.bound_udp();
       const Endpoint where = t.reach(bound);
       CHECK_OK(server.open(std::move(bound)));
       Socket client = t.udp();
       CHECK_OK(client.sendto("x", where));
       CHECK_OK(server.handle_request(t.patience()));
       CHECK_EQUAL(served, 1);
     },
     everywhere, nullptr, undisturbed},
    {"TcpServer.NeedsASocketThatListens", "SERVER-5", each_family,
     [](Context& t) {
       int served = 0;
       TcpServer<1> server(answer, &served);
       CHECK_ERROR(server.open(t.tcp()), Errc::invalid_argument);
       CHECK_ERROR(server.open(t.bound_udp()), Errc::invalid_argument);
       CHECK_OK(server.open(t.listener()));
     }},
    {"UdpServer.NeedsADatagramSocket", "SERVER-5", each_family,
     [](Context& t) {
       UdpServer<> server([](void*, Socket&, const Received&) {});
       CHECK_ERROR(server.open(t.listener()), Errc::operation_not_supported);
     }},
    {"TcpServer.HandleRequestHasADeadline", "SERVER-3", each_family,
     [](Context& t) {
       int served = 0;
       TcpServer<1> server(answer, &served);
       CHECK_OK(server.open(t.any_port()));
       const std::uint32_t began_ms = now_ms();
       CHECK_ERROR(server.handle_request(std::chrono::milliseconds(60)), Errc::timed_out);
       CHECK(now_ms() - began_ms >= 60);
       server.shutdown();
       CHECK_ERROR(server.handle_request(t.patience()), Errc::closed);
     }},
    {"UdpServer.AnswersTheSender", "SERVER-4", each_family,
     [](Context& t) {
       UdpServer<64> server([](void*, Socket& socket, const Received& request) {
         (void)socket.sendto(request.data, request.peer);
       });
       CHECK_OK(server.open(t.any_port()));
       Socket client = t.bound_udp();
       const Endpoint where(t.address(), server.server_address()->port());
       CHECK_OK(client.sendto("ping", where));
       CHECK_OK(server.handle_request(t.patience()));
       std::array<char, 8> buffer;
       const Result<Received> got = client.recvfrom(buffer);
       CHECK_OK(got);
       CHECK(got->data.text() == "ping");
       CHECK(got->peer == where);
     },
     everywhere, nullptr, undisturbed},
    {"Multicast.OptionsAreReadBack", "MCAST-2", each_family,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_VALUE(socket.getsockopt(option::multicast_ttl), 1);
       CHECK_VALUE(socket.getsockopt(option::multicast_loop), true);
       CHECK_VALUE(socket.getsockopt(option::multicast_interface), 0);
       CHECK_OK(socket.setsockopt(option::multicast_ttl, 9));
       CHECK_OK(socket.setsockopt(option::multicast_loop, false));
       CHECK_OK(socket.setsockopt(option::multicast_interface, 1));
       CHECK_VALUE(socket.getsockopt(option::multicast_ttl), 9);
       CHECK_VALUE(socket.getsockopt(option::multicast_loop), false);
       CHECK_VALUE(socket.getsockopt(option::multicast_interface), 1);
       CHECK_ERROR(socket.setsockopt(option::multicast_ttl, 256), Errc::invalid_argument);
       Socket stream = t.tcp();
       CHECK_ERROR(stream.setsockopt(option::multicast_ttl, 1), Errc::option_not_supported);
     }},
    {"Multicast.ScopeOfAGroupIsItsInterface", "MCAST-1", inet6_only,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_ERROR(join_group(socket, *IpAddress::parse("ff02::77%99")),
                   Errc::address_not_available);
     }},
    {"Multicast.OnlyGroupsCanBeJoined", "MCAST-1", each_family,
     [](Context& t) {
       Socket socket = t.udp();
       CHECK_ERROR(join_group(socket, t.address()), Errc::invalid_argument);
       const IpAddress other = t.family() == Family::inet ? *IpAddress::parse("ff02::1:3")
                                                          : IpAddress::v4(224, 0, 0, 252);
       CHECK_ERROR(join_group(socket, other), Errc::address_family_not_supported);
       Socket stream = t.tcp();
       CHECK_ERROR(join_group(stream, other), Errc::operation_not_supported);
     }},
};

}  // namespace

std::span<const Case> server_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
