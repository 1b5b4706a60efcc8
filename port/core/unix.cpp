// AF_UNIX: names, and the calls that carry one. All else of such a socket is Socket's.
#include <core/socket_core.hpp>
#include <native/native_unix.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace {

// How often a connect looks whether a full backlog has room: nothing tells when it has.
constexpr std::int32_t backlog_interval_ms = 10;

// Errc::none: an open socket of this family.
Errc check_local(const Socket& socket) {
  if (const Errc closed = SocketCore::check_open(socket); closed != Errc::none) return closed;
  return socket.family() == Family::local ? Errc::none : Errc::address_family_not_supported;
}

Errc connect_stream(Socket& socket, const LocalAddress& peer) {
  const CallTime time(native::stamp(), socket.gettimeout().ms());
  const SocketCore::Inside inside(socket, true);
  const int handle = SocketCore::handle(socket);
  if (handle < 0) return Errc::closed;
  native::set_timeout(handle, socket.gettimeout(), Timeout::zero());
  Errc outcome = Errc::none;
  while (native::local_connect(handle, Type::stream, peer) == native::failed) {
    outcome = native::local_error(native::During::connect).code();
    if (outcome != Errc::would_block || !time.waits()) break;
    const Timeout remaining = time.remaining();
    if (remaining.is_zero()) outcome = Errc::timed_out;
    if (!socket.is_open()) outcome = Errc::closed;
    if (outcome != Errc::would_block) break;
    native::sleep(Timeout::from_ms(backlog_interval_ms));
    outcome = Errc::none;
  }
  native::set_timeout(handle, Timeout::zero(), socket.gettimeout());
  return outcome;
}

}  // namespace

Result<LocalAddress> LocalAddress::make(std::string_view text, bool abstract) {
  if (text.empty() || text.size() > longest) return Errc::malformed_address;
  LocalAddress address;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\0' && !abstract) return Errc::malformed_address;
    address.bytes_[i] = text[i];
  }
  address.size_ = static_cast<std::uint8_t>(text.size());
  address.abstract_ = abstract;
  return address;
}

Result<LocalAddress> LocalAddress::path(std::string_view path) { return make(path, false); }

Result<LocalAddress> LocalAddress::abstract(std::string_view name) { return make(name, true); }

Result<Socket> open_local(Type type) {
  const int handle = native::local_open(type);
  if (handle == native::failed) return native::local_error(native::During::open);
  return SocketCore::make(handle, Family::local, type);
}

Result<SocketPair> socketpair(Type type) {
  int handles[2];
  if (native::local_pair(type, handles) == native::failed) {
    return native::local_error(native::During::open);
  }
  SocketPair pair{SocketCore::make(handles[0], Family::local, type),
                  SocketCore::make(handles[1], Family::local, type)};
  SocketCore::connected(pair.first);
  SocketCore::connected(pair.second);
  return pair;
}

Result<void> bind(Socket& socket, const LocalAddress& local) {
  if (const Errc error = check_local(socket); error != Errc::none) return error;
  if (native::local_bind(socket.fileno(), local) == native::failed) {
    return native::local_error(native::During::other);
  }
  return {};
}

Result<void> connect(Socket& socket, const LocalAddress& peer) {
  if (const Errc error = check_local(socket); error != Errc::none) return error;
  if (!SocketCore::is_stream(socket)) {
    if (native::local_connect(socket.fileno(), socket.type(), peer) == native::failed) {
      return native::local_error(native::During::connect);
    }
    SocketCore::connected(socket);
    return {};
  }
  switch (SocketCore::phase(socket)) {
    case detail::Phase::fresh: break;
    case detail::Phase::listening:
    case detail::Phase::failed: return Errc::invalid_argument;
    default: return Errc::already_connected;
  }
  if (peer.is_unnamed()) return Errc::invalid_argument;
  const Errc outcome = connect_stream(socket, peer);
  // Nothing was begun: with timeout zero it may be tried again.
  if (outcome == Errc::would_block) return outcome;
  if (outcome != Errc::none) {
    SocketCore::set_phase(socket, detail::Phase::failed);
    return outcome;
  }
  SocketCore::connected(socket);
  return {};
}

Result<LocalReceived> recvfrom_local(Socket& socket, MutableBytes buffer, Flags flags) {
  if (const Errc error = check_local(socket); error != Errc::none) return error;
  if (SocketCore::is_stream(socket)) return Errc::operation_not_supported;
  struct Call {
    const Socket& socket;
    MutableBytes buffer;
    LocalAddress peer;
    native::Datagram datagram;
  } call{socket, buffer, {}, {}};
  const Error error = SocketCore::attempt(
      socket, false, flags,
      [](void* context, int bits) {
        auto& self = *static_cast<Call*>(context);
        return native::local_receive_from(SocketCore::handle(self.socket), self.buffer, bits,
                                          self.peer, self.datagram);
      },
      &call);
  if (error != Errc::none) return error;
  if (!socket.is_open()) return Errc::closed;
  return LocalReceived{buffer.first(call.datagram.size), call.peer, call.datagram.truncated};
}

Result<std::size_t> sendto(Socket& socket, Bytes data, const LocalAddress& peer, Flags flags) {
  if (const Errc error = check_local(socket); error != Errc::none) return error;
  if (SocketCore::is_stream(socket)) return Errc::operation_not_supported;
  if (peer.is_unnamed()) return Errc::destination_required;
  if (SocketCore::phase(socket) == detail::Phase::shut_write) return Errc::broken_pipe;
  struct Call {
    const Socket& socket;
    Bytes data;
    const LocalAddress& peer;
  } call{socket, data, peer};
  const Error error = SocketCore::attempt(
      socket, true, flags,
      [](void* context, int bits) {
        const auto& self = *static_cast<Call*>(context);
        const int handle = SocketCore::handle(self.socket);
        return native::local_send_to(handle, self.data, bits, self.peer) < 0 ? native::failed : 0;
      },
      &call);
  if (error != Errc::none) return error;
  return data.size();
}

Result<LocalAddress> local_name(const Socket& socket) {
  if (const Errc error = check_local(socket); error != Errc::none) return error;
  LocalAddress name;
  if (native::local_name(socket.fileno(), false, name) == native::failed) {
    return native::local_error(native::During::other);
  }
  return name;
}

Result<LocalAddress> peer_name(const Socket& socket) {
  if (const Errc error = check_local(socket); error != Errc::none) return error;
  LocalAddress name;
  if (native::local_name(socket.fileno(), true, name) == native::failed) {
    return native::local_error(native::During::other);
  }
  return name;
}

Result<void> remove_local(const LocalAddress& address) {
  if (address.is_unnamed() || address.is_abstract()) return Errc::operation_not_supported;
  return native::local_remove(address);
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
