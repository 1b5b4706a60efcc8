// The seam's part for scatter and gather: a backend needs it only for programs that use it.
#pragma once

#include <native/native.hpp>
#include <twinsock/message.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

// At most most_parts parts, none of them empty, one at least. `peer` without a family: none is
// given. Bytes sent, or failed.
std::ptrdiff_t send_parts(int handle, std::span<const Bytes> parts, int flags,
                          const Endpoint& peer);
int receive_parts(int handle, std::span<const MutableBytes> parts, int flags, Endpoint& peer,
                  Datagram& datagram);

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
