// A user's program, the same over each backend: a greeting goes through a connection and comes out
// whole.
#include <array>
#include <cstdio>
#include <string_view>

#include <twinsock/socket.hpp>

extern "C" void start_network(void);

using namespace twinsock;

namespace {

Result<bool> greet() {
  auto listening = Socket::open(Family::inet, Type::stream);
  if (!listening) return listening.error();
  if (auto ok = listening->bind({IpAddress::v4(127, 0, 0, 1), 0}); !ok) return ok.error();
  if (auto ok = listening->listen(); !ok) return ok.error();
  const auto where = listening->getsockname();
  if (!where) return where.error();

  auto client = Socket::open(Family::inet, Type::stream);
  if (!client) return client.error();
  if (auto ok = client->connect(*where); !ok) return ok.error();
  auto server = listening->accept();
  if (!server) return server.error();

  constexpr std::string_view greeting = "hello from a consumer";
  if (auto ok = client->sendall(greeting); !ok) return ok.error();
  std::array<char, greeting.size()> buffer;
  if (auto ok = server->socket.recv_exactly(buffer); !ok) return ok.error();
  return std::string_view(buffer.data(), buffer.size()) == greeting;
}

}  // namespace

int main() {
  start_network();
  const auto same = greet();
  const bool passed = same && *same;
  std::puts(passed ? "consumer: the greeting arrived" : "consumer: failed");
  return passed ? 0 : 1;
}
