// What a device that speaks UDP links: it hears whoever asks, and answers.
#include <twinsock/socket.hpp>

using namespace twinsock;

extern "C" int udp_peer(std::byte* data, std::size_t size, const Endpoint* local) {
  auto socket = Socket::open(Family::inet, Type::datagram);
  if (!socket || !socket->bind(*local) || !socket->settimeout(std::chrono::seconds(3))) return 1;
  while (auto got = socket->recvfrom(MutableBytes(data, size))) {
    if (!socket->sendto(got->data, got->peer)) break;
  }
  return 0;
}
