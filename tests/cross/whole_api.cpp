// Uses every call of Socket once, so that the linker keeps what a program can ever need of it.
#include <twinsock/socket.hpp>

using namespace twinsock;

namespace {

volatile bool failed;

template <class T>
void use(const Result<T>& result) {
  failed = !result;
}

void set_up(Socket& socket, const Endpoint& endpoint) {
  use(socket.bind(endpoint));
  use(socket.listen());
  use(socket.connect(endpoint));
  failed = socket.connect_ex(endpoint) != Errc::none;
  if (auto accepted = socket.accept()) accepted->socket.close();
  use(socket.settimeout(Timeout::zero()));
  use(socket.setblocking(!socket.getblocking()));
  failed = socket.gettimeout().is_none();
  use(socket.setsockopt(option::reuse_address, true));
  use(socket.getsockopt(option::receive_buffer));
  use(socket.getsockname());
  use(socket.getpeername());
}

void carry(Socket& socket, MutableBytes buffer, const Endpoint& endpoint) {
  use(socket.send(buffer));
  use(socket.sendall(buffer));
  use(socket.sendto(buffer, endpoint));
  use(socket.recv(buffer));
  use(socket.recv_into(buffer));
  use(socket.recvfrom(buffer));
  use(socket.recvfrom_into(buffer));
  use(socket.recv_exactly(buffer));
  use(socket.shutdown(Shutdown::both));
}

}  // namespace

extern "C" void whole_api(std::byte* data, std::size_t size, const Endpoint* endpoint) {
  auto socket = Socket::open(endpoint->family(), Type::stream);
  if (!socket) return;
  set_up(*socket, *endpoint);
  carry(*socket, MutableBytes(data, size), *endpoint);
  use(Socket::adopt(socket->detach()));
}
