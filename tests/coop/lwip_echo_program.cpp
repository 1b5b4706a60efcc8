// A program that knows lwIP's own calls only: a TCP server that echoes, and a client that checks.
#include <cstring>

#include <twinsock/program.hpp>

#include "lwip/sockets.h"

namespace {

constexpr unsigned short port = 7;

int serve(twinsock::RoleContext& context) {
  const int listener = lwip_socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in local{};
  local.sin_len = sizeof local;
  local.sin_family = AF_INET;
  local.sin_port = lwip_htons(port);
  if (lwip_bind(listener, reinterpret_cast<sockaddr*>(&local), sizeof local) != 0) return 1;
  if (lwip_listen(listener, 1) != 0) return 2;
  context.ready();
  const int peer = lwip_accept(listener, nullptr, nullptr);
  if (peer < 0) return 3;
  char buffer[512];
  for (ssize_t size = 0; (size = lwip_recv(peer, buffer, sizeof buffer, 0)) > 0;) {
    if (lwip_send(peer, buffer, static_cast<size_t>(size), 0) != size) return 4;
  }
  lwip_close(peer);
  lwip_close(listener);
  context.report("served");
  return 0;
}

// arguments: the server's address in hexadecimal
int ask(twinsock::RoleContext& context) {
  unsigned server = 0;
  for (const char c : context.arguments()[0]) {
    server = server * 16 + static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  sockaddr_in remote{};
  remote.sin_len = sizeof remote;
  remote.sin_family = AF_INET;
  remote.sin_port = lwip_htons(port);
  remote.sin_addr.s_addr = lwip_htonl(server);
  const int socket = lwip_socket(AF_INET, SOCK_STREAM, 0);
  if (lwip_connect(socket, reinterpret_cast<sockaddr*>(&remote), sizeof remote) != 0) return 1;
  char sent[256];
  char got[256];
  for (size_t size = 1; size <= sizeof sent; ++size) {
    std::memset(sent, static_cast<int>(size), size);
    if (lwip_send(socket, sent, size, 0) != static_cast<ssize_t>(size)) return 2;
    for (size_t have = 0; have < size;) {
      const ssize_t part = lwip_recv(socket, got + have, size - have, 0);
      if (part <= 0) return 3;
      have += static_cast<size_t>(part);
    }
    if (std::memcmp(sent, got, size) != 0) return 4;
  }
  lwip_close(socket);
  context.report("256 sizes came back");
  return 0;
}

constexpr twinsock::Role roles[] = {
    {"serve", serve, "echoes one TCP connection on port 7"},
    {"ask", ask, "checks 256 echoes"},
};

}  // namespace

TWINSOCK_PROGRAM(roles)
