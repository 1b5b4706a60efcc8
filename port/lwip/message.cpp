// Scatter and gather over lwIP. Its sendmsg and recvmsg serve datagrams; on streams they lose the
// reason of a failure, so that there each part is a call of its own.
#include <lwip/errno.h>
#include <lwip/sockets.h>

#include <lwip/address.hpp>
#include <lwip/backend_internal.hpp>
#include <native/native_message.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

namespace {

bool is_stream(int handle) {
  const netconn* connection = connection_of(handle);
  return connection != nullptr && native::is_stream(connection);
}

std::ptrdiff_t send_stream(int handle, std::span<const Bytes> parts, int flags) {
  std::ptrdiff_t total = 0;
  for (const Bytes& part : parts) {
    const std::ptrdiff_t sent = send(handle, part.data(), part.size(), flags);
    if (sent < 0) return total > 0 ? total : failed;
    total += sent;
    if (static_cast<std::size_t>(sent) < part.size()) break;
  }
  return total;
}

int receive_stream(int handle, std::span<const MutableBytes> parts, int flags, Datagram& datagram) {
  datagram = {};
  for (const MutableBytes& part : parts) {
    const std::ptrdiff_t got = recv(handle, part.data(), part.size(), flags);
    if (got < 0 && datagram.size == 0) return failed;
    if (got > 0) datagram.size += static_cast<std::size_t>(got);
    if (got < static_cast<std::ptrdiff_t>(part.size()) || (flags & MSG_PEEK) != 0) break;
    flags |= MSG_DONTWAIT;  // only the first one waits
  }
  return 0;
}

}  // namespace

std::ptrdiff_t send_parts(int handle, std::span<const Bytes> parts, int flags,
                          const Endpoint& peer) {
  if (is_stream(handle)) return send_stream(handle, parts, flags);
  iovec list[most_parts];
  for (std::size_t i = 0; i < parts.size(); ++i) {
    list[i] = {const_cast<std::byte*>(parts[i].data()), parts[i].size()};
  }
  NativeAddress address{};
  msghdr message{};
  if (peer.family() != Family::unspecified) {
    message.msg_namelen = to_destination(peer, address);
    message.msg_name = &address;
  }
  message.msg_iov = list;
  message.msg_iovlen = static_cast<msg_iovlen_t>(parts.size());
  return lwip_sendmsg(handle, &message, flags);
}

int receive_parts(int handle, std::span<const MutableBytes> parts, int flags, Endpoint& peer,
                  Datagram& datagram) {
  if (is_stream(handle)) return receive_stream(handle, parts, flags, datagram);
  iovec list[most_parts + 1];
  int count = 0;
  for (const MutableBytes& part : parts) list[++count] = {part.data(), part.size()};
  return receive_list(handle, list, count, flags, peer, datagram);
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
