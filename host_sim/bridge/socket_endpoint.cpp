// The endpoints of FrameSocket, strictly read: names are never looked up.
#include "socket_endpoint.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstring>

namespace host_sim {

namespace {

constexpr std::string_view unix_prefix = "unix:";
constexpr size_t longest_path = sizeof(sockaddr_un::sun_path) - 1;

Error refused(const std::string& text, const std::string& why) {
  return Error{"'" + text + "' " + why +
               "; allowed: unix:PATH, ADDRESS:PORT or [ADDRESS]:PORT with a port of 0 to 65535"};
}

template <class Address>
Address& as(SocketEndpoint& endpoint) {
  endpoint.size = sizeof(Address);
  return reinterpret_cast<Address&>(endpoint.storage);
}
template <class Address>
const Address& as(const SocketEndpoint& endpoint) {
  return reinterpret_cast<const Address&>(endpoint.storage);
}

Expected<SocketEndpoint> parse_path(const std::string& text) {
  const std::string path = text.substr(unix_prefix.size());
  if (path.empty()) return refused(text, "has no path");
  if (path.size() > longest_path) {
    return Error{"'" + path + "' has " + std::to_string(path.size()) +
                 " bytes; a Unix socket's path has at most " + std::to_string(longest_path) +
                 ": take a shorter folder"};
  }
  SocketEndpoint endpoint;
  auto& address = as<sockaddr_un>(endpoint);
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
  endpoint.size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size() + 1);
  return endpoint;
}

}  // namespace

Expected<SocketEndpoint> parse_socket_endpoint(const std::string& text) {
  if (text.starts_with(unix_prefix)) return parse_path(text);
  const size_t colon = text.rfind(':');
  if (colon == std::string::npos) return refused(text, "has no port");
  std::string host = text.substr(0, colon);
  uint16_t port = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, port);
  if (error != std::errc() || stopped != end) return refused(text, "has no port of that number");
  SocketEndpoint endpoint;
  if (host.starts_with('[') && host.ends_with(']')) {
    host = host.substr(1, host.size() - 2);
    auto& address = as<sockaddr_in6>(endpoint);
    address.sin6_family = AF_INET6;
    address.sin6_port = htons(port);
    if (inet_pton(AF_INET6, host.c_str(), &address.sin6_addr) == 1) return endpoint;
    return refused(text, "has no IPv6 address in its brackets");
  }
  auto& address = as<sockaddr_in>(endpoint);
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) == 1) return endpoint;
  return refused(text, "has no IPv4 address before its port");
}

std::string socket_host(const SocketEndpoint& endpoint) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = nullptr;
  if (endpoint.family() == AF_INET) {
    bytes = &as<sockaddr_in>(endpoint).sin_addr;
  } else if (endpoint.family() == AF_INET6) {
    bytes = &as<sockaddr_in6>(endpoint).sin6_addr;
  } else {
    constexpr size_t start = offsetof(sockaddr_un, sun_path);
    return endpoint.size <= start ? "" : as<sockaddr_un>(endpoint).sun_path;
  }
  inet_ntop(endpoint.family(), bytes, text.data(), text.size());
  return text.data();
}

int socket_port(const SocketEndpoint& endpoint) {
  if (endpoint.family() == AF_INET) return ntohs(as<sockaddr_in>(endpoint).sin_port);
  if (endpoint.family() == AF_INET6) return ntohs(as<sockaddr_in6>(endpoint).sin6_port);
  return 0;
}

std::string socket_endpoint_text(const SocketEndpoint& endpoint) {
  const std::string host = socket_host(endpoint);
  if (endpoint.family() == AF_UNIX) return host.empty() ? "" : std::string(unix_prefix) + host;
  const std::string port = ":" + std::to_string(socket_port(endpoint));
  return endpoint.family() == AF_INET6 ? "[" + host + "]" + port : host + port;
}

}  // namespace host_sim
