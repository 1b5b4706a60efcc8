// A Socket's life: making, binding, listening, accepting, connecting, ending.
#include <core/socket_core.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace {

constexpr Protocol protocol_tcp = 6;
constexpr Protocol protocol_udp = 17;

// The protocol that is meant, or why there is none such.
Result<Protocol> choose_protocol(Family family, Type type, Protocol protocol) {
  if (family != Family::inet && family != Family::inet6) return Errc::address_family_not_supported;
  switch (type) {
    case Type::stream:
      if (protocol == 0 || protocol == protocol_tcp) return protocol_tcp;
      return Errc::protocol_not_supported;
    case Type::datagram:
      if (protocol == 0 || protocol == protocol_udp) return protocol_udp;
      return Errc::protocol_not_supported;
    case Type::raw:
      if (protocol >= 1 && protocol <= 255) return protocol;
      return Errc::protocol_not_supported;
  }
  return Errc::socket_type_not_supported;
}

}  // namespace

Socket SocketCore::make(int handle, Family family, Type type, Protocol protocol) {
  Socket socket;
  socket.handle_ = handle;
  socket.family_ = family;
  socket.type_ = type;
  socket.protocol_ = protocol;
  set_gate(socket, type == Type::stream ? std::int32_t{detail::gate_not_connected} : handle);
  return socket;
}

Socket::Socket(Socket&& other) noexcept { *this = std::move(other); }

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this == &other) return *this;
  close();
  handle_ = other.handle_;
  SocketCore::set_gate(*this, SocketCore::gate(other));
  timeout_ms_ = other.timeout_ms_;
  family_ = other.family_;
  type_ = other.type_;
  phase_.store(other.phase_.load(std::memory_order_relaxed), std::memory_order_relaxed);
  protocol_ = other.protocol_;
  other.handle_ = detail::gate_moved;
  SocketCore::set_gate(other, detail::gate_moved);
  return *this;
}

Socket::~Socket() {
  if (handle_ >= 0) native::close(handle_);
}

Result<Socket> Socket::open(Family family, Type type, Protocol protocol) {
  const Result<Protocol> chosen = choose_protocol(family, type, protocol);
  if (!chosen) return chosen.error();
  const int handle = native::open(family, type, *chosen);
  if (handle == native::failed) return native::last_error(native::During::open);
  return SocketCore::make(handle, family, type, *chosen);
}

Result<Socket> Socket::adopt(int descriptor) {
  const Result<native::Description> found = native::describe(descriptor);
  if (!found) return found.error();
  Socket socket = SocketCore::make(descriptor, found->family, found->type, found->protocol);
  if (found->has_peer) SocketCore::connected(socket);
  if (found->listening) SocketCore::set_phase(socket, detail::Phase::listening);
  SocketCore::touch_options(socket);
  // The descriptor may have any timeout; one set and cleared leaves none.
  if (native::set_timeout(descriptor, Timeout::zero(), Timeout::from_ms(1)) == native::failed ||
      native::set_timeout(descriptor, Timeout::from_ms(1), Timeout::none()) == native::failed) {
    const Error error = native::last_error(native::During::other);
    (void)socket.detach();
    return error;
  }
  return socket;
}

int Socket::detach() {
  const int descriptor = fileno();
  handle_ = detail::gate_closed;
  SocketCore::set_gate(*this, detail::gate_closed);
  return descriptor;
}

int Socket::fileno() const { return handle_ >= 0 ? handle_ : -1; }

void Socket::close() {
  if (handle_ < 0) return;
  native::close(detach());
}

Result<void> Socket::bind(const Endpoint& local) {
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  if (local.family() != family_) return Errc::address_family_not_supported;
  if (native::bind(handle_, local) == native::failed) {
    return native::last_error(native::During::other);
  }
  return {};
}

Result<void> Socket::listen(int backlog) {
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  if (!SocketCore::is_stream(*this)) return Errc::operation_not_supported;
  const detail::Phase phase = SocketCore::phase(*this);
  if (phase != detail::Phase::fresh && phase != detail::Phase::listening) {
    return Errc::invalid_argument;
  }
  const int clamped = backlog < 1 ? 1 : backlog > 255 ? 255 : backlog;
  if (native::listen(handle_, clamped) == native::failed) {
    return native::last_error(native::During::other);
  }
  SocketCore::set_phase(*this, detail::Phase::listening);
  return {};
}

Result<Accepted> Socket::accept() {
  const CallTime time(native::stamp(), timeout_ms_);
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  if (!SocketCore::is_stream(*this)) return Errc::operation_not_supported;
  if (SocketCore::phase(*this) != detail::Phase::listening) return Errc::invalid_argument;
  while (true) {
    Endpoint peer;
    const int handle = native::accept(handle_, SocketCore::inherits(*this), peer);
    if (handle != native::failed) {
      Socket socket = SocketCore::make(handle, family_, type_, protocol_);
      SocketCore::connected(socket);
      return Accepted{std::move(socket), peer};
    }
    const bool interrupted = native::was_interrupted();
    const Error error = native::last_error(native::During::accept);
    const bool vanished = error == Errc::connection_aborted || error == Errc::connection_reset;
    if (!interrupted && !vanished) {
      if (error == Errc::would_block && time.waits()) return Error(Errc::timed_out, error.native());
      return error;
    }
    if (!time.has_deadline()) continue;
    const Errc outcome = SocketCore::wait_again(*this, false, time);
    if (outcome != Errc::none) return outcome;
  }
}

Errc SocketCore::wait_again(const Socket& socket, bool for_write, const CallTime& time) {
  while (true) {
    const Timeout remaining = time.remaining();
    if (remaining.is_zero()) return Errc::timed_out;
    const int ready = native::wait(socket.handle_, for_write, remaining);
    if (ready > 0) return Errc::none;
    if (ready == 0) return Errc::timed_out;
    if (!native::was_interrupted()) return native::last_error(native::During::other).code();
  }
}

Errc SocketCore::finish_connect(Socket& socket, Timeout timeout) {
  const Deadline deadline(timeout);
  int ready = native::wait(socket.handle_, true, timeout);
  while (ready == native::failed && native::was_interrupted()) {
    ready = native::wait(socket.handle_, true, deadline.remaining());
  }
  if (ready == 0) return Errc::in_progress;
  const Error pending = native::pending_error(socket.handle_, native::During::connect);
  Endpoint peer;
  if (pending == Errc::none && native::peer_endpoint(socket.handle_, peer) != native::failed) {
    connected(socket);
    return Errc::none;
  }
  set_phase(socket, Phase::failed);
  return pending == Errc::none ? Errc::not_connected : pending.code();
}

Result<void> Socket::connect(const Endpoint& peer) {
  const CallTime time(native::stamp(), timeout_ms_);
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  if (!SocketCore::is_stream(*this)) return connect_datagram(peer);
  switch (SocketCore::phase(*this)) {
    case detail::Phase::fresh: break;
    case detail::Phase::connecting: {
      const Errc outcome = SocketCore::finish_connect(*this, gettimeout());
      if (outcome == Errc::none) return {};
      if (outcome != Errc::in_progress) return outcome;
      return time.waits() ? Errc::timed_out : Errc::already_in_progress;
    }
    case detail::Phase::listening:
    case detail::Phase::failed: return Errc::invalid_argument;
    default: return Errc::already_connected;
  }
  if (peer.family() != family_) return Errc::address_family_not_supported;
  if (peer.port() == 0) return Errc::invalid_argument;
  // RFC 9293 3.9.2.3: a connection to a group of hosts is refused here.
  const IpAddress plain = peer.address().unmapped();
  if (plain.is_multicast() || plain == IpAddress::broadcast()) return Errc::unreachable;

  const bool by_hand = time.has_deadline() && !native::traits().timeout_bounds_connect;
  if (by_hand) native::set_timeout(handle_, gettimeout(), Timeout::zero());
  Errc outcome = Errc::none;
  int native_code = 0;
  if (native::connect(handle_, peer) == native::failed) {
    const bool interrupted = native::was_interrupted();
    const Error error = native::last_error(native::During::connect);
    outcome = interrupted ? Errc::in_progress : error.code();
    native_code = error.native();
    if (outcome == Errc::in_progress && (by_hand || interrupted)) {
      outcome = SocketCore::finish_connect(*this, time.remaining());
    }
  }
  if (by_hand) native::set_timeout(handle_, Timeout::zero(), gettimeout());
  if (outcome == Errc::none) {
    SocketCore::connected(*this);
    return {};
  }
  if (outcome == Errc::in_progress && !time.waits()) {
    SocketCore::set_phase(*this, detail::Phase::connecting);
    return Error(Errc::in_progress, native_code);
  }
  SocketCore::set_phase(*this, detail::Phase::failed);
  return Error(outcome == Errc::in_progress ? Errc::timed_out : outcome, native_code);
}

Result<void> Socket::connect_datagram(const Endpoint& peer) {
  const bool forget = peer.family() == Family::unspecified;
  if (!forget && peer.family() != family_) return Errc::address_family_not_supported;
  if (!forget && peer.port() == 0 && type_ == Type::datagram) return Errc::invalid_argument;
  const int outcome = forget ? native::disconnect(handle_) : native::connect(handle_, peer);
  if (outcome == native::failed) return native::last_error(native::During::other);
  SocketCore::set_phase(*this, forget ? detail::Phase::fresh : detail::Phase::connected);
  SocketCore::set_gate(*this, handle_);
  return {};
}

Errc Socket::connect_ex(const Endpoint& peer) {
  const Result<void> outcome = connect(peer);
  return outcome ? Errc::none : outcome.error().code();
}

Result<void> Socket::shutdown(Shutdown how) {
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  const detail::Phase phase = SocketCore::phase(*this);
  if (phase != detail::Phase::connected && phase != detail::Phase::shut_write) {
    return Errc::not_connected;
  }
  const bool write = how != Shutdown::read && phase != detail::Phase::shut_write;
  const bool read = how != Shutdown::write && SocketCore::gate(*this) >= 0;
  if (read) SocketCore::set_gate(*this, detail::gate_shut);
  if (write) SocketCore::set_phase(*this, detail::Phase::shut_write);
  if (!read && !write) return {};
  const Shutdown native_how = read && write ? Shutdown::both
                              : read        ? Shutdown::read
                                            : Shutdown::write;
  if (native::shutdown(handle_, native_how) == native::failed) {
    const Error error = native::last_error(native::During::other);
    // The peer's reset came first: this side is shut all the same, and a receive will tell.
    if (error != Errc::not_connected) return error;
  }
  return {};
}

Result<Endpoint> Socket::getsockname() const {
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  Endpoint local;
  if (native::local_endpoint(handle_, local) == native::failed) {
    return native::last_error(native::During::other);
  }
  return type_ == Type::raw ? Endpoint(local.address(), 0) : local;
}

Result<Endpoint> Socket::getpeername() const {
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  Endpoint peer;
  const bool connecting = SocketCore::phase(*this) == detail::Phase::connecting;
  if (connecting && native::wait(handle_, true, Timeout::zero()) <= 0) return Errc::not_connected;
  if (native::peer_endpoint(handle_, peer) == native::failed) {
    return Error(Errc::not_connected, native::last_error(native::During::other).native());
  }
  return peer;
}

Result<void> Socket::settimeout(Timeout timeout) {
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  if (!timeout.valid()) return Errc::invalid_argument;
  if (timeout == gettimeout()) return {};
  if (native::set_timeout(handle_, gettimeout(), timeout) == native::failed) {
    return native::last_error(native::During::other);
  }
  timeout_ms_ = timeout.ms();
  return {};
}

Timeout Socket::gettimeout() const {
  return timeout_ms_ < 0 ? Timeout::none() : Timeout::from_ms(timeout_ms_);
}

Result<void> Socket::setblocking(bool blocking) {
  return settimeout(blocking ? Timeout::none() : Timeout::zero());
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
