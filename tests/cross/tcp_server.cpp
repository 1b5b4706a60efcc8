// What a device that is asked links: a TCP server for one peer after another.
#include <twinsock/socket.hpp>

using namespace twinsock;

extern "C" int tcp_server(std::byte* data, std::size_t size, const Endpoint* local) {
  auto listener = Socket::open(Family::inet, Type::stream);
  if (!listener || !listener->setsockopt(option::reuse_address, true)) return 1;
  if (!listener->bind(*local) || !listener->listen()) return 2;
  while (auto peer = listener->accept()) {
    if (!peer->socket.settimeout(std::chrono::seconds(3))) continue;
    const auto got = peer->socket.recv_into(MutableBytes(data, size));
    if (!got || !peer->socket.sendall(Bytes(data, *got))) continue;
    (void)peer->socket.shutdown(Shutdown::write);
  }
  return 0;
}
