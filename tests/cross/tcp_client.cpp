// What a device that reports to a server links: a TCP client with a deadline.
#include <twinsock/socket.hpp>

using namespace twinsock;

extern "C" int tcp_client(std::byte* data, std::size_t size, const Endpoint* server) {
  auto socket = Socket::open(Family::inet, Type::stream);
  if (!socket || !socket->settimeout(std::chrono::seconds(3))) return 1;
  if (!socket->connect(*server) || !socket->sendall(Bytes(data, size))) return 2;
  const auto got = socket->recv(MutableBytes(data, size));
  socket->close();
  return got ? 0 : 3;
}
