// Sending and receiving beyond the success path: ends, resets, deadlines, signals, datagrams.
#include <core/socket_core.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace {

bool has(Flags flags, Flags flag) {
  return (static_cast<std::uint8_t>(flags) & static_cast<std::uint8_t>(flag)) != 0;
}

// Errors that end a connection for good, as against those that pass.
bool ends_connection(Errc code) {
  switch (code) {
    case Errc::connection_reset:
    case Errc::connection_aborted:
    case Errc::connection_refused:
    case Errc::broken_pipe:
    case Errc::not_connected:
    case Errc::timed_out:
    case Errc::unreachable: return true;
    default: return false;
  }
}

// A send may be the one that is told how a non-blocking connect failed.
bool ends_connect(Errc code) {
  return code == Errc::connection_refused || code == Errc::timed_out || code == Errc::unreachable;
}

// What to do after a native call failed.
enum class Next : std::uint8_t { again, give_up };
struct Step {
  Next next;
  Error error;
};

// `waited`: the native call itself had waited its full time before it said would_block.
Step after_failure(const Socket& socket, bool for_write, const CallTime& time, bool waited,
                   native::During context) {
  const bool interrupted = native::was_interrupted();
  const Error error = native::last_error(context);
  if (const Errc closed = SocketCore::check_open(socket); closed != Errc::none) {
    return {Next::give_up, closed};
  }
  if (!interrupted && error != Errc::would_block) return {Next::give_up, error};
  if (interrupted && !time.has_deadline()) return {Next::again, error};
  if (!time.waits()) return {Next::give_up, error};
  if (!interrupted && waited) return {Next::give_up, Error(Errc::timed_out, error.native())};
  const Errc outcome = SocketCore::wait_again(socket, for_write, time);
  if (outcome == Errc::none) return {Next::again, outcome};
  return {Next::give_up, Error(outcome, outcome == Errc::timed_out ? error.native() : 0)};
}

}  // namespace

Error SocketCore::attempt(const Socket& socket, bool for_write, Flags flags, Attempt call,
                          void* context) {
  const CallTime time(native::stamp(), has(flags, Flags::dont_wait) ? 0 : socket.timeout_ms_);
  const Inside inside(socket, for_write);
  if (const Errc closed = check_open(socket); closed != Errc::none) return closed;
  Flags native_flags = flags;
  while (call(context, native::to_flags(native_flags)) == native::failed) {
    const bool waited = native_flags == flags;
    const auto during = for_write ? native::During::send : native::During::receive;
    const Step step = after_failure(socket, for_write, time, waited, during);
    if (step.next == Next::give_up) return step.error;
    if (time.has_deadline()) native_flags = flags | Flags::dont_wait;
  }
  return Errc::none;
}

// INVARIANT: a call that found no byte to receive says why from the gate alone, without the stack.
Result<std::size_t> SocketCore::closed_gate(Socket& socket, const CallTime& time) {
  switch (gate(socket)) {
    case detail::gate_ended:
    case detail::gate_shut: return 0U;
    case detail::gate_reset: return Errc::connection_reset;
    case detail::gate_not_connected: break;
    default: return check_open(socket);
  }
  if (phase(socket) != Phase::connecting) return Errc::not_connected;
  const Errc outcome = finish_connect(socket, time.remaining());
  if (outcome == Errc::none) return 1U;
  if (outcome != Errc::in_progress) return outcome;
  return time.waits() ? Errc::timed_out : Errc::would_block;
}

std::ptrdiff_t SocketCore::first_receive(Socket& socket, MutableBytes buffer, Flags flags) {
  if (buffer.empty()) return native::not_called;
  const Inside inside(socket, false);
  const std::int32_t handle = gate(socket);
  if (handle < 0) return native::not_called;
  return native::recv(handle, buffer.data(), buffer.size(), native::to_flags(flags));
}

std::ptrdiff_t SocketCore::first_send(Socket& socket, Bytes data, Flags flags) {
  const Inside inside(socket, true);
  const int descriptor = handle(socket);
  if (phase(socket) != Phase::connected || !is_stream(socket) || descriptor < 0) {
    return native::not_called;
  }
  if (socket.timeout_ms_ != 0 && !native::traits().timeout_bounds_send) {
    flags = flags | Flags::dont_wait;
  }
  return native::send(descriptor, data.data(), data.size(), native::to_flags(flags));
}

Result<std::size_t> Socket::receive(Stamp began, std::ptrdiff_t got, MutableBytes buffer,
                                    Flags flags) {
  if constexpr (!native::inline_calls) {
    got = SocketCore::first_receive(*this, buffer, flags);
    if (got > 0) return static_cast<std::size_t>(got);
  }
  const SocketCore::Inside inside(*this, false);
  return receive_inside(began, got, buffer, flags);
}

Result<std::size_t> Socket::receive_inside(Stamp began, std::ptrdiff_t got, MutableBytes buffer,
                                           Flags flags) {
  const bool dont_wait = has(flags, Flags::dont_wait);
  const CallTime time(began, dont_wait ? 0 : timeout_ms_);
  Flags native_flags = flags;
  while (true) {
    if (SocketCore::gate(*this) < 0) {
      const Result<std::size_t> outcome = SocketCore::closed_gate(*this, time);
      if (!outcome || *outcome == 0) return outcome;
      got = native::not_called;
    }
    if (SocketCore::is_stream(*this) && buffer.empty()) return 0U;
    const bool first = native_flags == flags;
    if (got == native::not_called) {
      got = native::recv(SocketCore::handle(*this), buffer.data(), buffer.size(),
                         native::to_flags(native_flags));
    }
    if (got > 0) return static_cast<std::size_t>(got);
    if (SocketCore::gate(*this) < 0) continue;  // another task has shut or closed it
    if (got == 0) return SocketCore::ended(*this);
    const Step step = after_failure(*this, false, time, first, native::During::receive);
    if (step.next == Next::give_up) return SocketCore::receive_failed(*this, step.error);
    if (time.has_deadline()) native_flags = flags | Flags::dont_wait;
    got = native::not_called;
  }
}

Result<std::size_t> SocketCore::ended(Socket& socket) {
  if (!is_stream(socket)) return 0U;  // an empty datagram
  // A stack may tell of a reset once, or to the sending side only, and then call it an end.
  bool reset = phase(socket) == Phase::broken;
  if constexpr (native::traits().end_may_hide_reset) {
    if (!reset) {
      reset = native::pending_error(handle(socket), native::During::receive) != Errc::none;
    }
  }
  set_gate(socket, reset ? detail::gate_reset : detail::gate_ended);
  if (!reset) return 0U;
  broken(socket);
  return Errc::connection_reset;
}

Error SocketCore::receive_failed(Socket& socket, Error error) {
  if (!is_stream(socket) || error == Errc::would_block || !ends_connection(error.code())) {
    return error;
  }
  // A deadline that passed is no end of the connection; the stack's own limit of silence is.
  if (error == Errc::timed_out && !is_stack_timeout(error)) return error;
  set_gate(socket, detail::gate_reset);
  broken(socket);
  if (error == Errc::timed_out) return error;
  return Error(Errc::connection_reset, error.native());
}

bool SocketCore::is_stack_timeout(Error error) {
  return error.native() != 0 && !native::is_would_block(error.native());
}

Error SocketCore::transmit_failed(Socket& socket, Error error) {
  if (!is_stream(socket)) {
    const bool no_peer = phase(socket) == Phase::fresh &&
                         (error == Errc::not_connected || error == Errc::unreachable);
    return no_peer ? Error(Errc::destination_required, error.native()) : error;
  }
  switch (phase(socket)) {
    case Phase::fresh:
    case Phase::listening:
    case Phase::failed: return Error(Errc::not_connected, error.native());
    case Phase::shut_write:
    case Phase::broken: return Error(Errc::broken_pipe, error.native());
    default: break;
  }
  if (error == Errc::timed_out && !is_stack_timeout(error)) return error;
  if (!ends_connection(error.code())) return error;
  broken(socket);
  if (error == Errc::timed_out) return error;
  return Error(Errc::connection_reset, error.native());
}

Result<std::size_t> Socket::transmit(Stamp began, std::ptrdiff_t sent, Bytes data, Flags flags) {
  if constexpr (!native::inline_calls) {
    sent = SocketCore::first_send(*this, data, flags);
    if (sent > 0) return static_cast<std::size_t>(sent);
  }
  const SocketCore::Inside inside(*this, true);
  return transmit_inside(began, sent, data, flags);
}

Result<std::size_t> Socket::transmit_inside(Stamp began, std::ptrdiff_t sent, Bytes data,
                                            Flags flags) {
  const bool dont_wait = has(flags, Flags::dont_wait);
  const CallTime time(began, dont_wait ? 0 : timeout_ms_);
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  if (type_ == Type::datagram && data.size() > SocketCore::largest_datagram(family_)) {
    return Errc::message_too_long;
  }
  Flags native_flags = flags;
  // Where a send cannot be ended from outside, it does not wait in the stack but in native::wait.
  const bool by_hand = time.waits() && !native::traits().timeout_bounds_send;
  if (by_hand) native_flags = flags | Flags::dont_wait;
  bool waited = !by_hand;
  while (true) {
    if (sent == native::not_called) {
      const detail::Phase phase = SocketCore::phase(*this);
      if (phase == detail::Phase::shut_write) return Errc::broken_pipe;
      if (phase == detail::Phase::fresh && !SocketCore::is_stream(*this)) {
        return Errc::destination_required;
      }
      sent = native::send(SocketCore::handle(*this), data.data(), data.size(),
                          native::to_flags(native_flags));
    }
    if (sent >= 0) return static_cast<std::size_t>(sent);
    if (SocketCore::phase(*this) == detail::Phase::connecting) {
      const Error error = native::last_error(native::During::connect);
      if (ends_connect(error.code())) {
        SocketCore::set_phase(*this, detail::Phase::failed);
        return error;
      }
      const Errc outcome = SocketCore::finish_connect(*this, time.remaining());
      if (outcome == Errc::in_progress) return time.waits() ? Errc::timed_out : Errc::would_block;
      if (outcome != Errc::none) return outcome;
    } else {
      const Step step = after_failure(*this, true, time, waited, native::During::send);
      if (step.next == Next::give_up) return SocketCore::transmit_failed(*this, step.error);
    }
    if (time.has_deadline()) native_flags = flags | Flags::dont_wait, waited = false;
    sent = native::not_called;
  }
}

Result<void> Socket::transmit_all(Stamp began, std::ptrdiff_t sent, Bytes data,
                                  std::size_t* total) {
  const CallTime time(began, timeout_ms_);
  if constexpr (!native::inline_calls) {
    sent = SocketCore::first_send(*this, data, Flags::none);
    if (sent == static_cast<std::ptrdiff_t>(data.size())) {
      if (total) *total = data.size();
      return {};
    }
  }
  const SocketCore::Inside inside(*this, true);
  std::size_t done = 0;
  if (sent > 0) done = static_cast<std::size_t>(sent), sent = native::not_called;
  Result<void> outcome;
  // The first part may have used the native wait; whatever is left goes under what time is left.
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) outcome = closed;
  while (outcome && done < data.size()) {
    Flags flags = Flags::none;
    if (done > 0 && time.has_deadline()) {
      const Errc ready = SocketCore::wait_again(*this, true, time);
      if (ready != Errc::none) {
        outcome = ready;
        break;
      }
      flags = Flags::dont_wait;
    }
    const Result<std::size_t> count = transmit_inside(began, sent, data.without_first(done), flags);
    sent = native::not_called;
    if (!count && count.error() == Errc::would_block && time.has_deadline()) continue;
    if (count) {
      done += *count;
    } else {
      outcome = count.error();
    }
  }
  if (total) *total = done;
  return outcome;
}

Result<void> Socket::recv_exactly(MutableBytes buffer, std::size_t* received) {
  const native::Stamp began = native::stamp();
  const CallTime time(began, timeout_ms_);
  std::ptrdiff_t got = native::not_called;
  if constexpr (!native::inline_calls) {
    got = SocketCore::first_receive(*this, buffer, Flags::none);
    if (got > 0 && static_cast<std::size_t>(got) == buffer.size()) {
      if (received) *received = buffer.size();
      return {};
    }
  }
  const SocketCore::Inside inside(*this, false);
  std::size_t done = 0;
  Result<void> outcome;
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) outcome = closed;
  while (outcome && done < buffer.size()) {
    Flags flags = Flags::none;
    if (done > 0 && time.has_deadline() && SocketCore::gate(*this) >= 0) {
      const Errc ready = SocketCore::wait_again(*this, false, time);
      if (ready != Errc::none) {
        outcome = ready;
        break;
      }
      flags = Flags::dont_wait;
    }
    const Result<std::size_t> count = receive_inside(began, got, buffer.without_first(done), flags);
    got = native::not_called;
    if (!count && count.error() == Errc::would_block && time.has_deadline()) continue;
    if (!count) {
      outcome = count.error();
    } else if (*count == 0) {
      outcome = Errc::end_of_stream;
    } else {
      done += *count;
    }
  }
  if (received) *received = done;
  return outcome;
}

Result<ReceivedInto> Socket::recvfrom_into(MutableBytes buffer, Flags flags) {
  const native::Stamp began = native::stamp();
  if (SocketCore::is_stream(*this)) {
    const Result<std::size_t> count = receive(began, native::not_called, buffer, flags);
    if (!count) return count.error();
    return ReceivedInto{*count, Endpoint(), false};
  }
  const CallTime time(began, has(flags, Flags::dont_wait) ? 0 : timeout_ms_);
  const SocketCore::Inside inside(*this, false);
  Flags native_flags = flags;
  while (true) {
    if (SocketCore::gate(*this) < 0) {
      const Result<std::size_t> outcome = SocketCore::closed_gate(*this, time);
      if (!outcome) return outcome.error();
      return ReceivedInto{0, Endpoint(), false};
    }
    Endpoint peer;
    native::Datagram datagram{};
    const int native_bits = native::to_flags(native_flags);
    const int handle = SocketCore::handle(*this);
    if (native::receive_from(handle, buffer, native_bits, peer, datagram) != native::failed) {
      if (datagram.size == 0 && SocketCore::gate(*this) < 0) continue;  // woken by another task
      if (type_ == Type::raw) peer = {peer.address(), 0};  // a stack may put the protocol there
      return ReceivedInto{datagram.size, peer, datagram.truncated};
    }
    const bool waited = native_flags == flags;
    const Step step = after_failure(*this, false, time, waited, native::During::receive);
    if (step.next == Next::give_up) return step.error;
    if (time.has_deadline()) native_flags = flags | Flags::dont_wait;
  }
}

Result<Received> Socket::recvfrom(MutableBytes buffer, Flags flags) {
  const Result<ReceivedInto> got = recvfrom_into(buffer, flags);
  if (!got) return got.error();
  return Received{buffer.first(got->nbytes), got->peer, got->truncated};
}

Result<std::size_t> Socket::sendto(Bytes data, const Endpoint& peer, Flags flags) {
  const native::Stamp began = native::stamp();
  if (SocketCore::is_stream(*this) || peer.family() == Family::unspecified) {
    return transmit(began, native::not_called, data, flags);
  }
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  if (peer.family() != family_) return Errc::address_family_not_supported;
  if (type_ == Type::datagram) {
    if (peer.port() == 0) return Errc::invalid_argument;
    if (data.size() > SocketCore::largest_datagram(family_)) return Errc::message_too_long;
  }
  if (SocketCore::phase(*this) == detail::Phase::shut_write) return Errc::broken_pipe;
  const CallTime time(began, has(flags, Flags::dont_wait) ? 0 : timeout_ms_);
  const SocketCore::Inside inside(*this, true);
  Flags native_flags = flags;
  while (true) {
    const std::ptrdiff_t sent =
        native::send_to(SocketCore::handle(*this), data, native::to_flags(native_flags), peer);
    if (sent >= 0) return static_cast<std::size_t>(sent);
    const bool waited = native_flags == flags;
    const Step step = after_failure(*this, true, time, waited, native::During::send);
    if (step.next == Next::give_up) return step.error;
    if (time.has_deadline()) native_flags = flags | Flags::dont_wait;
  }
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
