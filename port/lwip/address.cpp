// Endpoint to lwIP's sockaddr and back.
#include <lwip/address.hpp>
#include <native/address_backend.hpp>

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

void from_native(const NativeAddress& address, Endpoint& endpoint) {
#if LWIP_IPV4
  if (address.any.sa_family == AF_INET) {
    AddressBackend::set(endpoint, Family::inet, &address.inet.sin_addr,
                        lwip_ntohs(address.inet.sin_port), 0);
    return;
  }
#endif
#if LWIP_IPV6
  if (address.any.sa_family == AF_INET6) {
    AddressBackend::set(endpoint, Family::inet6, &address.inet6.sin6_addr,
                        lwip_ntohs(address.inet6.sin6_port), address.inet6.sin6_scope_id);
    return;
  }
#endif
  AddressBackend::set(endpoint, Family::unspecified, nullptr, 0, 0);
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
