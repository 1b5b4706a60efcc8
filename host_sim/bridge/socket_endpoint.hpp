// The endpoints of FrameSocket: from text to what the system takes, and back.
#pragma once

#include <sys/socket.h>

#include <string>

#include <host_sim/expected.hpp>

namespace host_sim {

struct SocketEndpoint {
  sockaddr_storage storage{};
  socklen_t size = 0;

  const sockaddr* address() const { return reinterpret_cast<const sockaddr*>(&storage); }
  sockaddr* address() { return reinterpret_cast<sockaddr*>(&storage); }
  int family() const { return storage.ss_family; }
};

// "unix:PATH", "127.0.0.1:5000", "[::1]:5000".
Expected<SocketEndpoint> parse_socket_endpoint(const std::string& text);
std::string socket_endpoint_text(const SocketEndpoint& endpoint);  // "" for a Unix socket unnamed

// Its parts, for other programs' command lines.
std::string socket_host(const SocketEndpoint& endpoint);  // or the path of a Unix socket
int socket_port(const SocketEndpoint& endpoint);          // 0 for a Unix socket

}  // namespace host_sim
