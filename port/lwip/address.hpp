// Endpoint to lwIP's sockaddr and back.
#pragma once

#include <lwip/inet.h>
#include <lwip/sockets.h>

#include <cstring>

#include <twinsock/endpoint.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

union NativeAddress {
  sockaddr any;
#if LWIP_IPV4
  sockaddr_in inet;
#endif
#if LWIP_IPV6
  sockaddr_in6 inet6;
#endif
  sockaddr_storage storage;
};

// 0: this build of lwIP does not have that family.
socklen_t to_native(const Endpoint& endpoint, NativeAddress& address);
// The same; the address of every interface, as a destination, is this host, as on other stacks.
socklen_t to_destination(const Endpoint& peer, NativeAddress& address);
// In place: a copy of an Endpoint costs more flash than all the rest of it.
void from_native(const NativeAddress& address, Endpoint& endpoint);

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
