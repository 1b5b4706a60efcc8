// Scatter and gather over POSIX.
#include <sys/socket.h>
#include <sys/uio.h>

#include <native/native_message.hpp>
#include <posix/address.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

std::ptrdiff_t send_parts(int handle, std::span<const Bytes> parts, int flags,
                          const Endpoint& peer) {
  iovec list[most_parts];
  for (std::size_t i = 0; i < parts.size(); ++i) {
    list[i] = {const_cast<std::byte*>(parts[i].data()), parts[i].size()};
  }
  NativeAddress address;
  msghdr message{};
  if (peer.family() != Family::unspecified) {
    message.msg_namelen = to_native(peer, address);
    message.msg_name = &address;
  }
  message.msg_iov = list;
  message.msg_iovlen = parts.size();
  return ::sendmsg(handle, &message, flags);
}

int receive_parts(int handle, std::span<const MutableBytes> parts, int flags, Endpoint& peer,
                  Datagram& datagram) {
  iovec list[most_parts];
  for (std::size_t i = 0; i < parts.size(); ++i) list[i] = {parts[i].data(), parts[i].size()};
  NativeAddress address;
  msghdr message{};
  message.msg_name = &address;
  message.msg_namelen = sizeof(address);
  message.msg_iov = list;
  message.msg_iovlen = parts.size();
  const ssize_t length = ::recvmsg(handle, &message, flags);
  if (length < 0) return failed;
  peer = from_native(address, message.msg_namelen);
  datagram.size = static_cast<std::size_t>(length);
  datagram.truncated = (message.msg_flags & MSG_TRUNC) != 0;
  return 0;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
