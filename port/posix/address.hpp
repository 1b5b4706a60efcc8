// Endpoint to sockaddr and back.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <twinsock/endpoint.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

union NativeAddress {
  sockaddr any;
  sockaddr_in inet;
  sockaddr_in6 inet6;
  sockaddr_storage storage;
};

socklen_t to_native(const Endpoint& endpoint, NativeAddress& address);
Endpoint from_native(const NativeAddress& address, socklen_t size);

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
