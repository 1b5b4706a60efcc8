// Runs a program of docs/FROM_PYTHON.md:  python_page chat_server
//                                         python_page chat_client ADDR:PORT
#include <cstdio>
#include <string_view>

#include <twinsock/socket.hpp>

using namespace twinsock;

// docs/FROM_PYTHON.md
Result<Socket> open_server(Type type, const Endpoint& where);
Result<void> greeting_server(Socket& s);
Result<void> greeting_client(const Endpoint& address);
Result<void> reply_server(Socket& s);
Result<void> reply_client(const Endpoint& address);
Result<void> chat_server(Socket& s);
Result<void> chat_client(const Endpoint& address);
Result<void> datagram_server(Socket& s);
Result<void> datagram_client(const Endpoint& address);
Result<void> timeout_server(Socket& s);

namespace {

struct Server {
  std::string_view name;
  Type type;
  Result<void> (*run)(Socket& s);
};
constexpr Server servers[] = {{"greeting_server", Type::stream, greeting_server},
                              {"reply_server", Type::stream, reply_server},
                              {"chat_server", Type::stream, chat_server},
                              {"datagram_server", Type::datagram, datagram_server},
                              {"timeout_server", Type::datagram, timeout_server}};
struct Client {
  std::string_view name;
  Result<void> (*run)(const Endpoint& address);
};
constexpr Client clients[] = {{"greeting_client", greeting_client},
                              {"reply_client", reply_client},
                              {"chat_client", chat_client},
                              {"datagram_client", datagram_client}};

Result<void> serve(const Server& server) {
  auto socket = open_server(server.type, {IpAddress::loopback(Family::inet), 0});
  if (!socket) return socket.error();
  const auto where = socket->getsockname();
  if (!where) return where.error();
  std::fprintf(stderr, "listening on %s\n", where->to_text().c_str());
  return server.run(*socket);
}

Result<void> run(std::string_view name, const char* address) {
  for (const Server& server : servers) {
    if (server.name == name) return serve(server);
  }
  for (const Client& client : clients) {
    if (client.name != name || address == nullptr) continue;
    const auto where = Endpoint::parse(address);
    return where ? client.run(*where) : where.error();
  }
  return Errc::invalid_argument;
}

}  // namespace

int main(int count, char** words) {
  const auto done = run(count > 1 ? words[1] : "", count > 2 ? words[2] : nullptr);
  if (!done) std::fprintf(stderr, "%s\n", name(done.error().code()).data());
  return done ? 0 : 1;
}
