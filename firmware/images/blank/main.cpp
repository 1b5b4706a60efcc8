// The smallest useful start: a network, and a greeting for whoever connects to port 5000.
#include <twinsock/socket.hpp>

#include "boot/boot.hpp"
#include "console/print.hpp"

namespace {

using namespace twinsock;

Result<void> greet_everybody() {
  auto server = Socket::open(Family::inet, Type::stream);
  if (!server) return server.error();
  if (auto ok = server->bind({IpAddress::any(Family::inet), 5000}); !ok) return ok;
  if (auto ok = server->listen(); !ok) return ok;
  firmware::print_line("LISTENING 5000");
  for (;;) {
    auto client = server->accept();
    if (!client) return client.error();
    if (auto ok = client->socket.settimeout(std::chrono::seconds(10)); !ok) return ok;
    static_cast<void>(client->socket.sendall("Hello from the board\r\n"));  // the peer's loss
  }
}

int program(std::span<const std::string_view>) {
  const Result<void> result = greet_everybody();
  firmware::print_line("stopped: ", name(result.error().code()));
  return 1;
}

}  // namespace

int main() { firmware::run(program); }
