// A Socket's life: making, binding, listening, accepting, connecting, ending.
#include <core/socket_core.hpp>
#include <native/address_backend.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace {

constexpr Protocol protocol_tcp = 6;
constexpr Protocol protocol_udp = 17;

// Fills in the protocol that is meant, or says why there is none such.
Errc choose_protocol(Family family, Type type, Protocol& protocol) {
  if (family != Family::inet && family != Family::inet6) return Errc::address_family_not_supported;
  if (type > Type::raw) return Errc::socket_type_not_supported;
  if (type == Type::raw) {
    return protocol >= 1 && protocol <= 255 ? Errc::none : Errc::protocol_not_supported;
  }
  const Protocol own = type == Type::stream ? protocol_tcp : protocol_udp;
  if (protocol != 0 && protocol != own) return Errc::protocol_not_supported;
  protocol = own;
  return Errc::none;
}

// Made where the caller wants them: a move costs more than the making.
Result<Socket> made(int handle, Family family, Type type) {
  Result<Socket> socket(std::in_place);
  SocketCore::make(*socket, handle, family, type);
  return socket;
}

Result<Accepted> made(int handle, const Socket& listener, const Endpoint& peer) {
  Result<Accepted> accepted(std::in_place);
  SocketCore::make(accepted->socket, handle, listener.family(), Type::stream);
  SocketCore::connected(accepted->socket);
  accepted->peer = peer;
  return accepted;
}

}  // namespace

void SocketCore::make(Socket& socket, int handle, Family family, Type type) {
  set_handle(socket, handle);
  socket.family_ = family;
  socket.type_ = type;
  set_gate(socket, type == Type::stream ? std::int32_t{detail::gate_not_connected} : handle);
}

Socket SocketCore::make(int handle, Family family, Type type) {
  Socket socket;
  make(socket, handle, family, type);
  return socket;
}

Error SocketCore::outcome(int native_outcome) {
  if (native_outcome == native::failed) return native::last_error(native::During::other);
  return Errc::none;
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
  const Errc refused = choose_protocol(family, type, protocol);
  if (refused != Errc::none) return refused;
  const int handle = native::open(family, type, protocol);
  if (handle == native::failed) return native::last_error(native::During::open);
  return made(handle, family, type);
}

Result<Socket> Socket::adopt(int descriptor) {
  const Result<native::Description> found = native::describe(descriptor);
  if (!found) return found.error();
  // The descriptor may have any timeout; one set and cleared leaves none.
  Error error =
      SocketCore::outcome(native::set_timeout(descriptor, Timeout::zero(), Timeout::from_ms(1)));
  if (error == Errc::none) {
    error =
        SocketCore::outcome(native::set_timeout(descriptor, Timeout::from_ms(1), Timeout::none()));
  }
  if (error != Errc::none) return error;
  return SocketCore::adopt(descriptor, *found);
}

Result<Socket> SocketCore::adopt(int descriptor, const native::Description& found) {
  Result<Socket> socket(std::in_place);
  make(*socket, descriptor, found.family, found.type);
  if (found.has_peer) connected(*socket);
  if (found.listening) set_phase(*socket, Phase::listening);
  touch_options(*socket);
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
  if (SocketCore::phase(*this) == detail::Phase::failed) return Errc::invalid_argument;
  return SocketCore::outcome(native::bind(SocketCore::handle(*this), type_, local));
}

Result<void> Socket::listen(int backlog) {
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  if (!SocketCore::is_stream(*this)) return Errc::operation_not_supported;
  const detail::Phase phase = SocketCore::phase(*this);
  if (phase != detail::Phase::fresh && phase != detail::Phase::listening) {
    return Errc::invalid_argument;
  }
  const int clamped = backlog < 1 ? 1 : backlog > 255 ? 255 : backlog;
  const Error outcome = SocketCore::outcome(native::listen(SocketCore::handle(*this), clamped));
  if (outcome == Errc::none) SocketCore::set_phase(*this, detail::Phase::listening);
  return outcome;
}

Result<Accepted> Socket::accept() {
  const CallTime time(native::stamp(), timeout_ms_);
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  if (!SocketCore::is_stream(*this)) return Errc::operation_not_supported;
  Endpoint peer;
  SocketCore::join(*this, true, false);
  const std::ptrdiff_t outcome = SocketCore::accept(*this, time, peer);
  SocketCore::part(*this, true, false);
  if (outcome < 0) return detail::error_of(outcome);
  return made(static_cast<int>(outcome), *this, peer);
}

std::ptrdiff_t SocketCore::accept(const Socket& socket, const CallTime& time, Endpoint& peer) {
  Error error = Errc::none;
  while (error == Errc::none) {
    // Another task may have closed it, or shut it down.
    error = check_open(socket);
    if (error != Errc::none) break;
    if (phase(socket) != Phase::listening) return detail::failure(Errc::invalid_argument);
    const int accepted = native::accept(handle(socket), inherits(socket), peer);
    if (accepted != native::failed) return accepted;
    const bool interrupted = native::was_interrupted();
    error = native::last_error(native::During::accept);
    const bool ended = !socket.is_open() || phase(socket) != Phase::listening;
    const bool vanished = error == Errc::connection_aborted || error == Errc::connection_reset;
    if (ended || interrupted || vanished) {
      error = Errc::none;
      if (!ended && time.has_deadline()) error = wait_again(socket, false, time);
    } else if (error == Errc::would_block && time.waits()) {
      error = Error(Errc::timed_out, error.native());
    }
  }
  return detail::failure(error);
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

Errc SocketCore::finish_connect(Socket& socket, const CallTime& time) {
  const int handle = SocketCore::handle(socket);
  if (handle < 0) return check_open(socket);
  int ready = native::failed;
  do {
    ready = native::wait(handle, true, time.remaining());
  } while (ready == native::failed && native::was_interrupted());
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
  const detail::Phase phase = SocketCore::phase(*this);
  if (phase == detail::Phase::connecting) {
    const Errc outcome = SocketCore::finish_connect(*this, time);
    if (outcome != Errc::in_progress) return outcome;
    return time.waits() ? Errc::timed_out : Errc::already_in_progress;
  }
  if (phase == detail::Phase::listening || phase == detail::Phase::failed) {
    return Errc::invalid_argument;
  }
  if (phase != detail::Phase::fresh) return Errc::already_connected;
  if (peer.family() != family_) return Errc::address_family_not_supported;
  if (peer.port() == 0) return Errc::invalid_argument;
  // RFC 9293 3.9.2.3: a connection to a group of hosts is refused here.
  if (AddressBackend::is_group(peer.address())) return Errc::unreachable;

  const bool by_hand = time.waits() && !native::traits().timeout_bounds_connect;
  if (by_hand) native::set_timeout(handle, gettimeout(), Timeout::zero());
  Error outcome = Errc::none;
  if (native::connect(handle, peer) == native::failed) {
    const bool interrupted = native::was_interrupted();
    const Error error = native::last_error(native::During::connect);
    Errc code = interrupted ? Errc::in_progress : error.code();
    if (SocketCore::phase(*this) == detail::Phase::failed) {  // shutdown by another task
      code = Errc::connection_aborted;
    } else if (code == Errc::in_progress && (by_hand || interrupted)) {
      code = SocketCore::finish_connect(*this, time);
    }
    outcome = Error(code, error.native());
  }
  if (by_hand) native::set_timeout(handle, Timeout::zero(), gettimeout());
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  if (outcome == Errc::none) {
    SocketCore::connected(*this);
    return {};
  }
  const bool goes_on = outcome == Errc::in_progress;
  if (goes_on && time.waits()) outcome = Error(Errc::timed_out, outcome.native());
  SocketCore::set_phase(
      *this, goes_on && !time.waits() ? detail::Phase::connecting : detail::Phase::failed);
  return outcome;
}

Result<void> Socket::connect_datagram(const Endpoint& peer) {
  const bool forget = peer.family() == Family::unspecified;
  if (!forget && peer.family() != family_) return Errc::address_family_not_supported;
  if (!forget && peer.port() == 0 && type_ == Type::datagram) return Errc::invalid_argument;
  const int handle = SocketCore::handle(*this);
  const Error outcome =
      SocketCore::outcome(forget ? native::disconnect(handle) : native::connect(handle, peer));
  if (outcome != Errc::none) return outcome;
  // What was shut stays so, as in the stack.
  if (SocketCore::phase(*this) != detail::Phase::shut_write) {
    SocketCore::set_phase(*this, forget ? detail::Phase::fresh : detail::Phase::connected);
  }
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
  Endpoint local;
  Error error = SocketCore::check_open(*this);
  if (error == Errc::none) {
    error = SocketCore::outcome(native::local_endpoint(SocketCore::handle(*this), local));
  }
  if (error != Errc::none) return error;
  if (type_ == Type::raw) AddressBackend::drop_port(local);
  return local;
}

Result<Endpoint> Socket::getpeername() const {
  Endpoint peer;
  Error error = SocketCore::check_open(*this);
  if (error != Errc::none) return error;
  const int handle = SocketCore::handle(*this);
  const bool connecting = SocketCore::phase(*this) == detail::Phase::connecting;
  if (connecting && native::wait(handle, true, Timeout::zero()) <= 0) return Errc::not_connected;
  error = SocketCore::outcome(native::peer_endpoint(handle, peer));
  if (error != Errc::none) return Error(Errc::not_connected, error.native());
  return peer;
}

Result<void> Socket::settimeout(Timeout timeout) {
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  if (!timeout.valid()) return Errc::invalid_argument;
  if (timeout == gettimeout()) return {};
  const Error outcome =
      SocketCore::outcome(native::set_timeout(SocketCore::handle(*this), gettimeout(), timeout));
  if (outcome == Errc::none) timeout_ms_ = timeout.ms();
  return outcome;
}

Timeout Socket::gettimeout() const {
  return timeout_ms_ < 0 ? Timeout::none() : Timeout::from_ms(timeout_ms_);
}

Result<void> Socket::setblocking(bool blocking) {
  return settimeout(blocking ? Timeout::none() : Timeout::zero());
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
