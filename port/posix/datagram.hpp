// One datagram from a POSIX socket, whatever its family's addresses look like.
#pragma once

#include <sys/socket.h>

#include <native/native.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

// `whole`: the datagram's own length, which may be more than there was room for.
inline Datagram datagram_of(ssize_t whole, std::size_t room) {
  const auto length = static_cast<std::size_t>(whole);
  const bool truncated = length > room;
  return {truncated ? room : length, truncated};
}

// `size`: of the room for the sender's address; then of the address.
inline int receive_datagram(int handle, MutableBytes buffer, int flags, sockaddr* sender,
                            socklen_t& size, Datagram& datagram) {
  // recv(2), Linux: with MSG_TRUNC the real length comes back, however small the buffer.
  const ssize_t whole =
      ::recvfrom(handle, buffer.data(), buffer.size(), flags | MSG_TRUNC, sender, &size);
  if (whole < 0) return failed;
  datagram = datagram_of(whole, buffer.size());
  return 0;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
