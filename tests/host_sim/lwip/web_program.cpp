// A web page on a node, for curl and browsers: four connections at once, one answer each.
#include <array>
#include <charconv>
#include <chrono>
#include <string_view>

#include <twinsock/program.hpp>
#include <twinsock/socketserver.hpp>

using namespace twinsock;

namespace {

int visits;

// Answers as soon as the request's empty line is there; what else it says does not matter.
void answer(void*, Socket& connection, const Endpoint&) {
  std::array<char, 2048> request;
  std::size_t size = 0;
  if (!connection.settimeout(std::chrono::seconds(10))) return;
  while (std::string_view(request.data(), size).find("\r\n\r\n") == std::string_view::npos) {
    const auto more = connection.recv_into(std::span(request).subspan(size));
    if (!more || *more == 0) return;  // also: a request that is too long
    size += *more;
  }
  std::array<char, 8> number;
  const char* const end = std::to_chars(number.begin(), number.end(), ++visits).ptr;
  const std::string_view parts[] = {
      "HTTP/1.0 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
      "<!doctype html><title>A node</title><h1>Hello from lwIP</h1><p>Visit ",
      {number.data(), static_cast<std::size_t>(end - number.data())},
      ".\n"};
  for (const std::string_view part : parts) {
    if (!connection.sendall(part)) return;
  }
}

int web(RoleContext& context) {
  static TcpServer<4> server(answer);
  if (!server.open({IpAddress::any(Family::inet), 80})) return 1;
  context.ready();
  return server.serve_forever() ? 0 : 1;
}

constexpr Role roles[] = {{"web", web, "serves a page on port 80"}};

}  // namespace

TWINSOCK_PROGRAM(roles)
