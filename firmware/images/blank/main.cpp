// The smallest useful start: a network, and a greeting for whoever connects to port 5005.
#include <twinsock/connection.hpp>

#include "boot/boot.hpp"
#include "console/print.hpp"

namespace {

using namespace twinsock;

Result<void> greet_everybody() {
  auto server = create_server({IpAddress::any(Family::inet), 5005});
  if (!server) return server.error();
  firmware::print_line("LISTENING 5005");
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
