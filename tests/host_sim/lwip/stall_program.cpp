// Two nodes that both send until nothing more is taken, and read only after a long time.
#include <array>
#include <charconv>
#include <chrono>
#include <string_view>

#include <twinsock/clock.hpp>
#include <twinsock/program.hpp>
#include <twinsock/socket.hpp>

using namespace twinsock;
using namespace std::chrono_literals;

namespace {

constexpr auto stall = 20min;

void report(RoleContext& context, std::string_view what, std::size_t count) {
  std::array<char, 32> line;
  what.copy(line.data(), what.size());
  char* const end = std::to_chars(line.data() + what.size(), line.end(), count).ptr;
  context.report({line.data(), static_cast<std::size_t>(end - line.data())});
}

// Until the peer's window and our own buffer have been full for a second.
std::size_t fill(Socket& socket) {
  static constexpr std::array<char, 512> data{};
  std::size_t total = 0;
  while (socket.settimeout(1s)) {
    const Result<std::size_t> sent = socket.send(data);
    if (!sent) break;
    total += *sent;
  }
  return total;
}

std::size_t drain(Socket& socket) {
  std::array<char, 512> room;
  std::size_t total = 0;
  while (socket.settimeout(1min)) {
    const Result<std::size_t> got = socket.recv_into(room);
    if (!got || *got == 0) break;
    total += *got;
  }
  return total;
}

int talk(RoleContext& context, Socket& socket) {
  for (const std::string_view word : context.arguments()) {
    if (word != "keep_alive") continue;
    if (!socket.setsockopt(option::keep_alive, true) ||
        !socket.setsockopt(option::keep_alive_idle, 5s) ||
        !socket.setsockopt(option::keep_alive_interval, 1s) ||
        !socket.setsockopt(option::keep_alive_count, 3)) {
      return 2;
    }
  }
  report(context, "sent ", fill(socket));
  sleep_for(stall);
  if (!socket.shutdown(Shutdown::write)) return 3;
  report(context, "received ", drain(socket));
  return 0;
}

int serve(RoleContext& context) {
  Result<Socket> listening = Socket::open(Family::inet, Type::stream);
  if (!listening || !listening->bind({IpAddress::any(Family::inet), 7}) || !listening->listen(1)) {
    return 1;
  }
  context.ready();
  Result<Accepted> client = listening->accept();
  return client ? talk(context, client->socket) : 1;
}

int call(RoleContext& context) {
  const Result<IpAddress> server = IpAddress::parse(context.arguments().front());
  Result<Socket> socket = Socket::open(Family::inet, Type::stream);
  if (!server || !socket || !socket->connect({*server, 7})) return 1;
  return talk(context, *socket);
}

constexpr Role roles[] = {
    {"server", serve, "sends, and reads 20 minutes later"},
    {"client", call, "the same, to the server at ADDRESS"},
};

}  // namespace

TWINSOCK_PROGRAM(roles)
