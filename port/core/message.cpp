// Scatter and gather: the checks and the waits of Socket's calls around one native call.
#include <core/socket_core.hpp>
#include <native/native_message.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace {

std::size_t size_of(std::span<const Bytes> parts) {
  std::size_t size = 0;
  for (const Bytes& part : parts) size += part.size();
  return size;
}

// The parts that hold something: no stack likes the others.
template <class Part>
std::span<const Part> without_empty(std::span<const Part> parts,
                                    std::array<Part, most_parts>& room) {
  std::size_t count = 0;
  for (const Part& part : parts) {
    if (!part.empty()) room[count++] = part;
  }
  return std::span<const Part>(room).first(count);
}

Errc check_destination(const Socket& socket, const Endpoint& peer) {
  if (peer.family() == Family::unspecified) {
    const bool connected = SocketCore::phase(socket) != detail::Phase::fresh;
    return connected ? Errc::none : Errc::destination_required;
  }
  if (peer.family() != socket.family()) return Errc::address_family_not_supported;
  const bool no_port = socket.type() == Type::datagram && peer.port() == 0;
  return no_port ? Errc::invalid_argument : Errc::none;
}

}  // namespace

Result<std::size_t> sendmsg(Socket& socket, std::span<const Bytes> parts, const Endpoint& peer,
                            Flags flags) {
  if (const Errc closed = SocketCore::check_open(socket); closed != Errc::none) return closed;
  if (parts.size() > most_parts) return Errc::invalid_argument;
  std::array<Bytes, most_parts> room;
  const std::span<const Bytes> filled = without_empty(parts, room);
  const bool stream = SocketCore::is_stream(socket);
  // One buffer, or none, is a send; and only that knows what a stream without a connection says.
  if (filled.size() <= 1 || (stream && SocketCore::phase(socket) != detail::Phase::connected)) {
    const Bytes only = filled.empty() ? Bytes() : filled[0];
    if (peer.family() == Family::unspecified) return socket.send(only, flags);
    return socket.sendto(only, peer, flags);
  }
  if (!stream) {
    if (const Errc error = check_destination(socket, peer); error != Errc::none) return error;
    if (socket.type() == Type::datagram &&
        size_of(filled) > SocketCore::largest_datagram(socket.family())) {
      return Errc::message_too_long;
    }
    if (SocketCore::phase(socket) == detail::Phase::shut_write) return Errc::broken_pipe;
  }
  struct Call {
    const Socket& socket;
    std::span<const Bytes> parts;
    Endpoint peer;
    std::ptrdiff_t sent;
  } call{socket, filled, stream ? Endpoint() : peer, 0};
  const Error error = SocketCore::attempt(
      socket, true, flags,
      [](void* context, int bits) {
        auto& self = *static_cast<Call*>(context);
        const int handle = SocketCore::handle(self.socket);
        self.sent = native::send_parts(handle, self.parts, bits, self.peer);
        return self.sent < 0 ? native::failed : 0;
      },
      &call);
  if (error != Errc::none) {
    return SocketCore::transmit_failed(socket, error, call.peer.family() != Family::unspecified);
  }
  return static_cast<std::size_t>(call.sent);
}

Result<MessageReceived> recvmsg(Socket& socket, std::span<const MutableBytes> parts, Flags flags) {
  if (const Errc closed = SocketCore::check_open(socket); closed != Errc::none) return closed;
  if (parts.size() > most_parts) return Errc::invalid_argument;
  std::array<MutableBytes, most_parts> room;
  const std::span<const MutableBytes> filled = without_empty(parts, room);
  if (filled.size() <= 1) {
    const MutableBytes only = filled.empty() ? MutableBytes() : filled[0];
    const Result<ReceivedInto> got = socket.recvfrom_into(only, flags);
    if (!got) return got.error();
    return MessageReceived{got->nbytes, got->peer, got->truncated};
  }
  // A stream that is ended, shut or not connected says so through the plain receive.
  if (SocketCore::gate(socket) < 0) {
    const Result<std::size_t> got = socket.recv_into(filled[0], flags);
    if (!got) return got.error();
    return MessageReceived{*got, Endpoint(), false};
  }
  struct Call {
    Socket& socket;
    std::span<const MutableBytes> parts;
    Endpoint peer;
    native::Datagram datagram;
    Error end;
  } call{socket, filled, {}, {}, Errc::none};
  const Error error = SocketCore::attempt(
      socket, false, flags,
      [](void* context, int bits) {
        auto& self = *static_cast<Call*>(context);
        const int handle = SocketCore::handle(self.socket);
        const int outcome =
            native::receive_parts(handle, self.parts, bits, self.peer, self.datagram);
        if (outcome != native::failed && self.datagram.size > 0) return outcome;
        if (SocketCore::gate(self.socket) < 0) {  // another task has shut or closed it
          self.end = SocketCore::check_open(self.socket);
          return 0;
        }
        if (outcome == native::failed) return outcome;
        if (const Errc end = SocketCore::ended(self.socket); end != Errc::end_of_stream) {
          self.end = end;
        }
        return outcome;
      },
      &call);
  if (error != Errc::none) {
    call.end = SocketCore::receive_failed(socket, error);
    if (call.end == Errc::end_of_stream) return MessageReceived{};
  }
  if (call.end != Errc::none) return call.end;
  if (SocketCore::is_stream(socket)) return MessageReceived{call.datagram.size, Endpoint(), false};
  if (socket.type() == Type::raw) call.peer = {call.peer.address(), 0};
  return MessageReceived{call.datagram.size, call.peer, call.datagram.truncated};
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
