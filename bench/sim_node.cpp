// What the simulated nodes of the benchmark run: a stream of bytes, echoes, and idleness.
#include <array>
#include <charconv>

#include <twinsock/option.hpp>
#include <twinsock/program.hpp>
#include <twinsock/socket.hpp>

namespace {

using twinsock::Bytes;
using twinsock::Endpoint;
using twinsock::RoleContext;
using twinsock::Socket;

constexpr std::uint16_t port = 5005;

std::string_view argument(RoleContext& context, std::string_view name) {
  for (const std::string_view word : context.arguments()) {
    if (word.starts_with(name) && word.substr(name.size()).starts_with('=')) {
      return word.substr(name.size() + 1);
    }
  }
  return {};
}

std::uint64_t number(RoleContext& context, std::string_view name) {
  const std::string_view text = argument(context, name);
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

Socket connected(RoleContext& context) {
  const auto peer = Endpoint::parse(argument(context, "peer"));
  auto opened = Socket::open(twinsock::Family::inet, twinsock::Type::stream);
  if (!peer || !opened || !opened->connect(*peer)) return {};
  return std::move(*opened);
}

Socket accepted(RoleContext& context) {
  auto opened = Socket::open(twinsock::Family::inet, twinsock::Type::stream);
  if (!opened || !opened->bind(Endpoint(twinsock::IpAddress::any(twinsock::Family::inet), port)) ||
      !opened->listen()) {
    return {};
  }
  context.ready();
  auto client = opened->accept();
  return client ? std::move(client->socket) : Socket();
}

std::array<std::byte, 16384> buffer;  // a node runs one role

int bulk_server(RoleContext& context) {
  Socket socket = accepted(context);
  for (;;) {
    const auto came = socket.recv(buffer);
    if (!came) return 1;
    if (came->empty()) return 0;
  }
}

int bulk_client(RoleContext& context) {
  Socket socket = connected(context);
  for (std::uint64_t left = number(context, "bytes"); left > 0;) {
    const Bytes piece =
        Bytes(buffer).first(left < buffer.size() ? static_cast<std::size_t>(left) : buffer.size());
    if (!socket.sendall(piece)) return 1;
    left -= piece.size();
  }
  return 0;
}

int echo_server(RoleContext& context) {
  Socket socket = accepted(context);
  for (;;) {
    const auto came = socket.recv(buffer);
    if (!came) return 1;
    if (came->empty()) return 0;
    if (!socket.sendall(*came)) return 1;
  }
}

int echo_client(RoleContext& context) {
  Socket socket = connected(context);
  const Bytes message = Bytes(buffer).first(64);
  std::array<std::byte, 64> answer;
  for (std::uint64_t left = number(context, "count"); left > 0; --left) {
    if (!socket.sendall(message) || !socket.recv_exactly(answer)) return 1;
  }
  return 0;
}

// One connection with keep-alive, on which nothing is said.
int idle(Socket socket) {
  if (!socket.setsockopt(twinsock::option::keep_alive, true) ||
      !socket.setsockopt(twinsock::option::keep_alive_idle, std::chrono::seconds(60)) ||
      !socket.setsockopt(twinsock::option::keep_alive_interval, std::chrono::seconds(10))) {
    return 1;
  }
  static_cast<void>(socket.recv(buffer));
  return 1;  // it never ends
}

int idle_server(RoleContext& context) { return idle(accepted(context)); }
int idle_client(RoleContext& context) { return idle(connected(context)); }

constexpr twinsock::Role roles[] = {
    {"bulk.server", bulk_server, "reads to the end"},
    {"bulk.client", bulk_client, "peer=ADDR:PORT bytes=N: sends"},
    {"echo.server", echo_server, "sends back what it reads"},
    {"echo.client", echo_client, "peer=ADDR:PORT count=N: 64 bytes and their echo"},
    {"idle.server", idle_server, "keeps a connection"},
    {"idle.client", idle_client, "peer=ADDR:PORT: keeps a connection"},
};

}  // namespace

TWINSOCK_PROGRAM(roles)
