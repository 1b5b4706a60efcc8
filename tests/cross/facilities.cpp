// One function for each facility beside Socket: it uses all of that facility's calls and all of
// Socket's, so that what a link of it has more than a link of whole_api is what the facility costs.
#include <array>

#include <twinsock/connection.hpp>
#include <twinsock/message.hpp>
#include <twinsock/multicast.hpp>
#include <twinsock/packet.hpp>
#include <twinsock/poll.hpp>
#include <twinsock/resolve.hpp>
#include <twinsock/selector.hpp>
#include <twinsock/socketserver.hpp>
#include <twinsock/thread.hpp>
#include <twinsock/unix.hpp>

using namespace twinsock;

extern "C" void whole_api(std::byte* data, std::size_t size, const Endpoint* endpoint);

namespace {

volatile bool failed;

template <class T>
void use(const Result<T>& result) {
  failed = !result;
}

struct Given {
  std::byte* data;
  std::size_t size;
  const Endpoint* endpoint;
  Socket* socket;
  std::string_view text() const { return {reinterpret_cast<const char*>(data), size}; }
  MutableBytes bytes() const { return {data, size}; }
};

void use_socket(const Given& given) { whole_api(given.data, given.size, given.endpoint); }

void handle_stream(void*, Socket& connection, const Endpoint&) { connection.close(); }
void handle_datagram(void*, Socket& socket, const Received& request) {
  use(socket.sendto(request.data, request.peer));
}

}  // namespace

extern "C" {

void uses_raw(const Given* given) {
  use_socket(*given);
  use(Socket::open(given->endpoint->family(), Type::raw, 1));
}

void uses_poll(const Given* given) {
  use_socket(*given);
  Wakeup wakeup;
  use(wakeup.open());
  wakeup.wake();
  failed = wakeup.wake_from_interrupt();
  wakeup.clear();
  std::array items{PollItem(*given->socket, Ready::read), PollItem(wakeup)};
  use(poll(items, Timeout::none()));
  Socket* sockets[] = {given->socket};
  use(select(sockets, {}, {}, Timeout::none()));
}

void uses_selector(const Given* given) {
  use_socket(*given);
  Selector<4> selector;
  Wakeup wakeup;
  use(wakeup.open());
  use(selector.add(wakeup));
  use(selector.add(*given->socket, Ready::read));
  use(selector.modify(*given->socket, Ready::write));
  use(selector.select(Timeout::none()));
  use(selector.remove(*given->socket));
}

void uses_tcp_server(const Given* given) {
  use_socket(*given);
  TcpServer<1> server(handle_stream);
  use(server.open(*given->endpoint));
  use(server.serve_forever());
  use(server.handle_request());
  server.shutdown();
}

void uses_tcp_server_tasks(const Given* given) {
  use_socket(*given);
  TcpServer<4> server(handle_stream);
  use(server.open(*given->endpoint));
  use(server.serve_forever());
  use(server.handle_request());
  server.shutdown();
}

void uses_udp_server(const Given* given) {
  use_socket(*given);
  UdpServer<512> server(handle_datagram);
  use(server.open(*given->endpoint));
  use(server.serve_forever());
  server.shutdown();
}

void uses_resolve(const Given* given) {
  use_socket(*given);
  std::array<AddressInfo, 4> room;
  use(getaddrinfo(given->text(), given->text(), room));
  use(gethostbyname(given->text()));
  use(getservbyname(given->text()));
}

void uses_create_server(const Given* given) {
  use_socket(*given);
  use(create_server(*given->endpoint));
}

// To addresses that are known, Happy Eyeballs included; with names it is the next one.
void uses_create_connection(const Given* given) {
  use_socket(*given);
  use(create_connection(std::span(given->endpoint, 1), {.happy_eyeballs = true}));
}

void uses_connect_by_name(const Given* given) {
  use_socket(*given);
  use(create_connection(given->text(), given->text(), {.happy_eyeballs = true}));
}

void uses_multicast(const Given* given) {
  use_socket(*given);
  use(join_group(*given->socket, given->endpoint->address()));
  use(leave_group(*given->socket, given->endpoint->address()));
  use(given->socket->setsockopt(option::multicast_ttl, 2));
  use(given->socket->setsockopt(option::multicast_loop, false));
  use(given->socket->setsockopt(option::multicast_interface, 1));
  use(given->socket->getsockopt(option::multicast_ttl));
}

void uses_packet(const Given* given) {
  use_socket(*given);
  auto socket = PacketSocket::open(0x88b5, 1);
  if (!socket) return;
  use(socket->sendto(given->bytes(), MacAddress::broadcast()));
  use(socket->recvfrom(given->bytes()));
}

void uses_message(const Given* given) {
  use_socket(*given);
  const Bytes out[] = {given->bytes(), given->bytes()};
  const MutableBytes in[] = {given->bytes(), given->bytes()};
  use(sendmsg(*given->socket, out, *given->endpoint));
  use(recvmsg(*given->socket, in));
}

// lwIP has no local sockets: what says so.
void uses_unix(const Given* given) {
  use_socket(*given);
  use(open_local(Type::stream));
  use(socketpair());
}

void uses_thread(const Given* given) {
  use_socket(*given);
  Thread thread;
  use(thread.start(
      "thread", [](void*) {}, nullptr));
  thread.join();
}
}
