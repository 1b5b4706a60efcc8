// Endpoint to lwIP's sockaddr and back.
#include <lwip/address.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

socklen_t to_native(const Endpoint& endpoint, NativeAddress& address) {
  const std::array<std::uint8_t, 16>& bytes = endpoint.address().bytes();
#if LWIP_IPV4
  if (endpoint.family() == Family::inet) {
    address.inet = {};
    address.inet.sin_len = sizeof(address.inet);
    address.inet.sin_family = AF_INET;
    address.inet.sin_port = lwip_htons(endpoint.port());
    std::memcpy(&address.inet.sin_addr, bytes.data(), 4);
    return sizeof(address.inet);
  }
#endif
#if LWIP_IPV6
  if (endpoint.family() == Family::inet6) {
    address.inet6 = {};
    address.inet6.sin6_len = sizeof(address.inet6);
    address.inet6.sin6_family = AF_INET6;
    address.inet6.sin6_port = lwip_htons(endpoint.port());
    address.inet6.sin6_scope_id = endpoint.address().scope();
    std::memcpy(&address.inet6.sin6_addr, bytes.data(), 16);
    return sizeof(address.inet6);
  }
#endif
  return 0;
}

Endpoint from_native(const NativeAddress& address) {
#if LWIP_IPV4
  if (address.any.sa_family == AF_INET) {
    std::array<std::uint8_t, 4> b;
    std::memcpy(b.data(), &address.inet.sin_addr, b.size());
    return {IpAddress::v4(b[0], b[1], b[2], b[3]), lwip_ntohs(address.inet.sin_port)};
  }
#endif
#if LWIP_IPV6
  if (address.any.sa_family == AF_INET6) {
    std::array<std::uint8_t, 16> bytes;
    std::memcpy(bytes.data(), &address.inet6.sin6_addr, bytes.size());
    return {IpAddress::v6(bytes, address.inet6.sin6_scope_id), lwip_ntohs(address.inet6.sin6_port)};
  }
#endif
  return {};
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
