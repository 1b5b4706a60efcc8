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

Socket SocketCore::make(int handle, Family family, Type type) {
  Socket socket;
  set_handle(socket, handle);
  socket.family_ = family;
  socket.type_ = type;
  set_gate(socket, type == Type::stream ? std::int32_t{detail::gate_not_connected} : handle);
  return socket;
}

Socket::Socket(Socket&& other) noexcept { *this = std::move(other); }

Socket& Socket::operator=(Socket&& other) noexcept {
  if (this == &other) return *this;
  SocketCore::check_alone(other);
  close();
  SocketCore::set_handle(*this, SocketCore::handle(other));
  SocketCore::set_gate(*this, SocketCore::gate(other));
  timeout_ms_ = other.timeout_ms_;
  family_ = other.family_;
  type_ = other.type_;
  phase_.store(other.phase_.load(std::memory_order_relaxed), std::memory_order_relaxed);
  SocketCore::set_handle(other, detail::gate_moved);
  SocketCore::set_gate(other, detail::gate_moved);
  return *this;
}

Socket::~Socket() {
  SocketCore::check_alone(*this);
  if (const int handle = SocketCore::handle(*this); handle >= 0) native::close(handle);
}

Result<Socket> Socket::open(Family family, Type type, Protocol protocol) {
  const Result<Protocol> chosen = choose_protocol(family, type, protocol);
  if (!chosen) return chosen.error();
  const int handle = native::open(family, type, *chosen);
  if (handle == native::failed) return native::last_error(native::During::open);
  return SocketCore::make(handle, family, type);
}

Result<Socket> Socket::adopt(int descriptor) {
  const Result<native::Description> found = native::describe(descriptor);
  if (!found) return found.error();
  Socket socket = SocketCore::make(descriptor, found->family, found->type);
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
  SocketCore::check_alone(*this);
  const int descriptor = fileno();
  SocketCore::set_handle(*this, detail::gate_closed);
  SocketCore::set_gate(*this, detail::gate_closed);
  return descriptor;
}

void Socket::close() {
  if (!is_open()) return;
  const int handle = native::exchange(handle_, detail::gate_closed);
  if (handle < 0) return;  // another task was faster
  SocketCore::set_gate(*this, detail::gate_closed);
  SocketCore::end_waits(*this, handle, true, true);
  SocketCore::set_gate(*this, detail::gate_closed);  // one of them may have found an end
  native::close(handle);
}

Protocol Socket::proto() const {
  if (!is_open() || family_ == Family::local) return 0;
  if (type_ == Type::stream) return protocol_tcp;
  if (type_ == Type::datagram) return protocol_udp;
  const Result<native::Description> found = native::describe(SocketCore::handle(*this));
  return found ? found->protocol : Protocol{0};
}

Result<void> Socket::bind(const Endpoint& local) {
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  if (local.family() != family_) return Errc::address_family_not_supported;
  if (native::bind(SocketCore::handle(*this), local) == native::failed) {
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
  if (native::listen(SocketCore::handle(*this), clamped) == native::failed) {
    return native::last_error(native::During::other);
  }
  SocketCore::set_phase(*this, detail::Phase::listening);
  return {};
}

Result<Accepted> Socket::accept() {
  const CallTime time(native::stamp(), timeout_ms_);
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  if (!SocketCore::is_stream(*this)) return Errc::operation_not_supported;
  SocketCore::join(*this, true, false);
  Result<Accepted> outcome = SocketCore::accept(*this, time);
  SocketCore::part(*this, true, false);
  return outcome;
}

Result<Accepted> SocketCore::accept(Socket& socket, const CallTime& time) {
  while (true) {
    // Another task may have closed it, or shut it down.
    if (const Errc closed = check_open(socket); closed != Errc::none) return closed;
    if (phase(socket) != Phase::listening) return Errc::invalid_argument;
    Endpoint peer;
    const int accepted = native::accept(handle(socket), inherits(socket), peer);
    if (accepted != native::failed) {
      Socket connection = make(accepted, socket.family_, socket.type_);
      connected(connection);
      return Accepted{std::move(connection), peer};
    }
    const bool interrupted = native::was_interrupted();
    const Error error = native::last_error(native::During::accept);
    const bool ended = !socket.is_open() || phase(socket) != Phase::listening;
    const bool vanished = error == Errc::connection_aborted || error == Errc::connection_reset;
    if (ended) continue;
    if (!interrupted && !vanished) {
      if (error == Errc::would_block && time.waits()) return Error(Errc::timed_out, error.native());
      return error;
    }
    if (!time.has_deadline()) continue;
    const Errc outcome = wait_again(socket, false, time);
    if (outcome != Errc::none) return outcome;
  }
}

Errc SocketCore::wait_again(const Socket& socket, bool for_write, const CallTime& time) {
  while (true) {
    const Timeout remaining = time.remaining();
    if (remaining.is_zero()) return Errc::timed_out;
    if (const Errc closed = check_open(socket); closed != Errc::none) return closed;
    const int ready = native::wait(handle(socket), for_write, remaining);
    if (ready > 0) return check_open(socket);
    if (ready == 0) return Errc::timed_out;
    if (!native::was_interrupted()) return native::last_error(native::During::other).code();
  }
}

Errc SocketCore::finish_connect(Socket& socket, Timeout timeout) {
  const Deadline deadline(timeout);
  const int handle = SocketCore::handle(socket);
  if (handle < 0) return check_open(socket);
  int ready = native::wait(handle, true, timeout);
  while (ready == native::failed && native::was_interrupted()) {
    ready = native::wait(handle, true, deadline.remaining());
  }
  if (const Errc closed = check_open(socket); closed != Errc::none) return closed;
  if (phase(socket) == Phase::failed) return Errc::connection_aborted;  // shutdown by another task
  if (ready == 0) return Errc::in_progress;
  const Error pending = native::pending_error(handle, native::During::connect);
  Endpoint peer;
  if (pending == Errc::none && native::peer_endpoint(handle, peer) != native::failed) {
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
  const SocketCore::Inside inside(*this, true);
  const int handle = SocketCore::handle(*this);
  if (handle < 0) return Errc::closed;
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

  const bool by_hand = time.waits() && !native::traits().timeout_bounds_connect;
  if (by_hand) native::set_timeout(handle, gettimeout(), Timeout::zero());
  Errc outcome = Errc::none;
  int native_code = 0;
  if (native::connect(handle, peer) == native::failed) {
    const bool interrupted = native::was_interrupted();
    const Error error = native::last_error(native::During::connect);
    outcome = interrupted ? Errc::in_progress : error.code();
    native_code = error.native();
    if (SocketCore::phase(*this) == detail::Phase::failed) {  // shutdown by another task
      outcome = Errc::connection_aborted;
    } else if (outcome == Errc::in_progress && (by_hand || interrupted)) {
      outcome = SocketCore::finish_connect(*this, time.remaining());
    }
  }
  if (by_hand) native::set_timeout(handle, Timeout::zero(), gettimeout());
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
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
  const int outcome = forget ? native::disconnect(SocketCore::handle(*this))
                             : native::connect(SocketCore::handle(*this), peer);
  if (outcome == native::failed) return native::last_error(native::During::other);
  SocketCore::set_phase(*this, forget ? detail::Phase::fresh : detail::Phase::connected);
  SocketCore::set_gate(*this, SocketCore::handle(*this));
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
    return SocketCore::give_up_waits(*this, how);
  }
  const bool write = how != Shutdown::read && phase != detail::Phase::shut_write;
  const bool read = how != Shutdown::write && SocketCore::gate(*this) >= 0;
  if (read) SocketCore::set_gate(*this, detail::gate_shut);
  if (write) SocketCore::set_phase(*this, detail::Phase::shut_write);
  if (!read && !write) return {};
  const Shutdown native_how = read && write ? Shutdown::both
                              : read        ? Shutdown::read
                                            : Shutdown::write;
  const int handle = SocketCore::handle(*this);
  if (native::shutdown(handle, native_how) == native::failed) {
    const Error error = native::last_error(native::During::other);
    // The peer's reset came first: this side is shut all the same, and a receive will tell.
    if (error != Errc::not_connected) return error;
  }
  if constexpr (!native::traits().shutdown_ends_waits) {
    SocketCore::end_waits(*this, handle, read, write);
  }
  return {};
}

// A listener ends for good; so does a connect in which another task waits. Anything else has
// nothing to shut.
Errc SocketCore::give_up_waits(Socket& socket, Shutdown how) {
  const Phase before = phase(socket);
  const bool listening = before == Phase::listening && how != Shutdown::write;
  const bool connecting = (before == Phase::fresh || before == Phase::connecting) &&
                          is_stream(socket) && has_waiters(socket, false, true);
  if (!listening && !connecting) return Errc::not_connected;
  set_phase(socket, Phase::failed);
  const int found = handle(socket);
  (void)native::shutdown(found, Shutdown::both);  // some stacks do not know it here
  if constexpr (!native::traits().shutdown_ends_waits) {
    end_waits(socket, found, listening, connecting);
  }
  return Errc::none;
}

Result<Endpoint> Socket::getsockname() const {
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  Endpoint local;
  if (native::local_endpoint(SocketCore::handle(*this), local) == native::failed) {
    return native::last_error(native::During::other);
  }
  return type_ == Type::raw ? Endpoint(local.address(), 0) : local;
}

Result<Endpoint> Socket::getpeername() const {
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  Endpoint peer;
  const bool connecting = SocketCore::phase(*this) == detail::Phase::connecting;
  if (connecting && native::wait(SocketCore::handle(*this), true, Timeout::zero()) <= 0)
    return Errc::not_connected;
  if (native::peer_endpoint(SocketCore::handle(*this), peer) == native::failed) {
    return Error(Errc::not_connected, native::last_error(native::During::other).native());
  }
  return peer;
}

Result<void> Socket::settimeout(Timeout timeout) {
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  if (!timeout.valid()) return Errc::invalid_argument;
  if (timeout == gettimeout()) return {};
  if (native::set_timeout(SocketCore::handle(*this), gettimeout(), timeout) == native::failed) {
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
