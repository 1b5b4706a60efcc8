// AF_UNIX: names, streams and datagrams within one host; and that lwIP says at once it has none.
#include <array>

#include <conformance/context.hpp>
#include <twinsock/poll.hpp>
#include <twinsock/unix.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

// A socket that waits no longer than the case may take.
Socket local_socket(Context& t, Type type) {
  Result<Socket> socket = open_local(type);
  if (!socket || !socket->settimeout(t.patience())) {
    t.fail(__FILE__, __LINE__, "opening a local socket");
    return {};
  }
  return std::move(*socket);
}

// A listener under a name that the system chose.
Socket local_listener(Context& t, LocalAddress& name, int backlog = Socket::default_backlog) {
  Socket socket = local_socket(t, Type::stream);
  if (t.failed()) return {};
  Result<void> outcome = bind(socket, LocalAddress());
  if (outcome) outcome = socket.listen(backlog);
  const Result<LocalAddress> found = local_name(socket);
  if (!outcome || !found) t.fail(__FILE__, __LINE__, "a local listener");
  if (found) name = *found;
  return socket;
}

constexpr Case cases[] = {
    {"Local.StreamCarriesBytesBothWays", "LOCAL-2", any_family,
     [](Context& t) {
       LocalAddress name;
       Socket listener = local_listener(t, name);
       Socket client = local_socket(t, Type::stream);
       if (t.failed()) return;
       CHECK_OK(connect(client, name));
       Result<Accepted> accepted = listener.accept();
       CHECK_OK(accepted);
       CHECK_OK(accepted->socket.settimeout(t.patience()));
       std::array<char, 8> buffer;
       CHECK_OK(client.sendall("question"));
       CHECK_OK(accepted->socket.recv_exactly(buffer));
       CHECK_OK(accepted->socket.sendall("answered"));
       CHECK_OK(client.recv_exactly(buffer));
       CHECK(Bytes(buffer.data(), buffer.size()).text() == "answered");
       accepted->socket.close();
       CHECK_VALUE(client.recv_into(buffer), 0);
     },
     everywhere, nullptr, local_sockets},
    {"Local.NamesAreTold", "LOCAL-3", any_family,
     [](Context& t) {
       LocalAddress name;
       Socket listener = local_listener(t, name);
       Socket client = local_socket(t, Type::stream);
       if (t.failed()) return;
       CHECK(!name.is_unnamed());
       CHECK_ERROR(peer_name(client), Errc::not_connected);
       CHECK_OK(connect(client, name));
       CHECK(*peer_name(client) == name);
       CHECK(local_name(client)->is_unnamed());
       CHECK(client.family() == Family::local && client.type() == Type::stream);
     },
     everywhere, nullptr, local_sockets},
    {"Local.NobodyOfThatNameIsConnectionRefused", "LOCAL-4", any_family,
     [](Context& t) {
       const auto abstract = LocalAddress::abstract("twinsock: nobody has this name");
       const auto path = LocalAddress::path("/nonexistent/twinsock");
       CHECK_OK(abstract);
       CHECK_OK(path);
       for (const auto& name : {*abstract, *path}) {
         Socket client = local_socket(t, Type::stream);
         if (t.failed()) return;
         CHECK_ERROR(connect(client, name), Errc::connection_refused);
         CHECK_ERROR(connect(client, name), Errc::invalid_argument);
         Socket sender = local_socket(t, Type::datagram);
         CHECK_ERROR(sendto(sender, "lost", name), Errc::connection_refused);
       }
     },
     everywhere, nullptr, local_sockets},
    {"Local.NameInUseIsRefused", "LOCAL-3", any_family,
     [](Context& t) {
       LocalAddress name;
       Socket listener = local_listener(t, name);
       Socket second = local_socket(t, Type::stream);
       if (t.failed()) return;
       CHECK_ERROR(bind(second, name), Errc::address_in_use);
       CHECK_ERROR(bind(listener, LocalAddress()), Errc::invalid_argument);
       listener.close();
       CHECK_OK(bind(second, name));
     },
     everywhere, nullptr, local_sockets},
    {"Local.ConnectWaitsForRoomInTheBacklog", "LOCAL-5", any_family,
     [](Context& t) {
       LocalAddress name;
       Socket listener = local_listener(t, name, 1);
       std::array<Socket, 4> clients;
       Errc outcome = Errc::none;
       for (std::size_t i = 0; i < clients.size() && outcome == Errc::none; ++i) {
         clients[i] = local_socket(t, Type::stream);
         if (t.failed()) return;
         CHECK_OK(clients[i].settimeout(std::chrono::milliseconds(30)));
         outcome = outcome_of(connect(clients[i], name));
       }
       CHECK_ERROR(outcome, Errc::timed_out);
     },
     everywhere, nullptr, local_sockets},
    {"Local.DatagramsTellTheirSender", "LOCAL-6", any_family,
     [](Context& t) {
       Socket first = local_socket(t, Type::datagram);
       Socket second = local_socket(t, Type::datagram);
       if (t.failed()) return;
       CHECK_OK(bind(first, LocalAddress()));
       const Result<LocalAddress> name = local_name(first);
       CHECK_OK(name);
       CHECK_VALUE(sendto(second, "ping", *name), 4);
       std::array<char, 8> buffer;
       Result<LocalReceived> got = recvfrom_local(first, buffer);
       CHECK_OK(got);
       CHECK(got->data.text() == "ping" && !got->truncated && got->peer.is_unnamed());
       CHECK_OK(bind(second, LocalAddress()));
       CHECK_VALUE(sendto(second, "longer than that", *name), 16);
       got = recvfrom_local(first, buffer);
       CHECK_OK(got);
       CHECK(got->truncated && got->data.size() == 8 && got->peer == *local_name(second));
       CHECK_VALUE(sendto(first, "pong", got->peer), 4);
       CHECK_VALUE(second.recv_into(buffer), 4);
     },
     everywhere, nullptr, local_sockets},
    {"Local.ReceiveHasADeadline", "LOCAL-6", any_family,
     [](Context& t) {
       Socket socket = local_socket(t, Type::datagram);
       if (t.failed()) return;
       CHECK_OK(socket.settimeout(std::chrono::milliseconds(20)));
       std::array<char, 8> buffer;
       const std::uint32_t began = now_ms();
       CHECK_ERROR(recvfrom_local(socket, buffer), Errc::timed_out);
       CHECK(now_ms() - began >= 20);
       CHECK_ERROR(recvfrom_local(socket, buffer, Flags::dont_wait), Errc::would_block);
     },
     everywhere, nullptr, local_sockets},
    {"Local.PairIsConnected", "LOCAL-7", any_family,
     [](Context& t) {
       for (const Type type : {Type::stream, Type::datagram}) {
         Result<SocketPair> pair = socketpair(type);
         CHECK_OK(pair);
         CHECK_VALUE(pair->first.send("hello"), 5);
         PollItem item(pair->second, Ready::read);
         CHECK_VALUE(poll(std::span(&item, 1), t.patience()), 1);
         std::array<char, 8> buffer;
         CHECK_VALUE(pair->second.recv_into(buffer), 5);
       }
     },
     everywhere, nullptr, local_sockets},
    {"Local.OtherFamiliesAreRefused", "LOCAL-8", any_family,
     [](Context& t) {
       Socket local = local_socket(t, Type::stream);
       Socket inet = t.tcp();
       if (t.failed()) return;
       CHECK_ERROR(local.bind(t.any_port()), Errc::address_family_not_supported);
       CHECK_ERROR(local.connect({t.address(), 9}), Errc::address_family_not_supported);
       CHECK_ERROR(bind(inet, LocalAddress()), Errc::address_family_not_supported);
       CHECK_ERROR(local_name(inet), Errc::address_family_not_supported);
       local.close();
       CHECK_ERROR(bind(local, LocalAddress()), Errc::closed);
     },
     everywhere, nullptr, local_sockets},
    {"Local.NameIsOneToOneHundredAndSevenBytes", "LOCAL-3", any_family,
     [](Context& t) {
       std::array<char, 108> text;
       text.fill('a');
       const std::string_view whole(text.data(), text.size());
       CHECK_ERROR(LocalAddress::path(""), Errc::malformed_address);
       CHECK_ERROR(LocalAddress::path(whole), Errc::malformed_address);
       CHECK_OK(LocalAddress::path(whole.substr(1)));
       CHECK_ERROR(LocalAddress::path({"a\0b", 3}), Errc::malformed_address);
       CHECK_OK(LocalAddress::abstract({"a\0b", 3}));
       CHECK(*LocalAddress::path("a") != *LocalAddress::abstract("a"));
     }},
    {"Local.NoSuchFamilyIsSaidAtOnce", "LOCAL-1", any_family,
     [](Context& t) {
       CHECK_ERROR(open_local(Type::stream), Errc::address_family_not_supported);
       CHECK_ERROR(open_local(Type::datagram), Errc::address_family_not_supported);
       CHECK_ERROR(socketpair(), Errc::address_family_not_supported);
     },
     on_lwip, "Linux has local sockets"},
    {"Local.OtherTypesAreRefused", "LOCAL-8", any_family,
     [](Context& t) { CHECK_ERROR(open_local(Type::raw), Errc::socket_type_not_supported); },
     everywhere, nullptr, local_sockets},
};

}  // namespace

std::span<const Case> local_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
