// Endpoint to sockaddr and back.
#include <arpa/inet.h>

#include <cstring>

#include <posix/address.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

socklen_t to_native(const Endpoint& endpoint, NativeAddress& address) {
  const std::array<std::uint8_t, 16>& bytes = endpoint.address().bytes();
  if (endpoint.family() == Family::inet) {
    address.inet = {};
    address.inet.sin_family = AF_INET;
    address.inet.sin_port = htons(endpoint.port());
    std::memcpy(&address.inet.sin_addr, bytes.data(), 4);
    return sizeof(address.inet);
  }
  address.inet6 = {};
  address.inet6.sin6_family = AF_INET6;
  address.inet6.sin6_port = htons(endpoint.port());
  address.inet6.sin6_scope_id = endpoint.address().scope();
  std::memcpy(&address.inet6.sin6_addr, bytes.data(), 16);
  return sizeof(address.inet6);
}

Endpoint from_native(const NativeAddress& address, socklen_t size) {
  if (size >= sizeof(address.inet) && address.any.sa_family == AF_INET) {
    std::array<std::uint8_t, 4> b;
    std::memcpy(b.data(), &address.inet.sin_addr, b.size());
    return {IpAddress::v4(b[0], b[1], b[2], b[3]), ntohs(address.inet.sin_port)};
  }
  if (size >= sizeof(address.inet6) && address.any.sa_family == AF_INET6) {
    std::array<std::uint8_t, 16> bytes;
    std::memcpy(bytes.data(), &address.inet6.sin6_addr, bytes.size());
    return {IpAddress::v6(bytes, address.inet6.sin6_scope_id), ntohs(address.inet6.sin6_port)};
  }
  return {};
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
