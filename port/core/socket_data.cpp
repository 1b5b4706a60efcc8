// Sending and receiving beyond the inline success path: one loop for each direction, which knows
// ends, resets, deadlines, signals and datagrams.
#include <core/transfer.hpp>
#include <native/address_backend.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace {

bool has(Flags flags, Flags flag) {
  return (static_cast<std::uint8_t>(flags) & static_cast<std::uint8_t>(flag)) != 0;
}

// Errors that end a connection for good, as against those that pass.
constexpr bool ends_connection(Errc code) {
  constexpr std::uint32_t those =
      1U << static_cast<int>(Errc::connection_reset) |
      1U << static_cast<int>(Errc::connection_aborted) |
      1U << static_cast<int>(Errc::connection_refused) | 1U << static_cast<int>(Errc::broken_pipe) |
      1U << static_cast<int>(Errc::not_connected) | 1U << static_cast<int>(Errc::timed_out) |
      1U << static_cast<int>(Errc::unreachable);
  static_assert(static_cast<int>(Errc::io_error) < 32);
  return (those >> static_cast<int>(code) & 1) != 0;
}

// A send may be the one that is told how a non-blocking connect failed.
bool ends_connect(Errc code) {
  return code == Errc::connection_refused || code == Errc::timed_out || code == Errc::unreachable;
}

// After a native call failed, Errc::none: make it again. `waited`: the call itself had waited its
// full time before it said would_block.
Error after_failure(const Socket& socket, bool sends, const CallTime& time, bool waited) {
  const bool interrupted = native::was_interrupted();
  const Error error = native::last_error(sends ? native::During::send : native::During::receive);
  if (const Errc closed = SocketCore::check_open(socket); closed != Errc::none) return closed;
  if (!interrupted && error != Errc::would_block) return error;
  if (interrupted && !time.has_deadline()) return Errc::none;
  if (!time.waits()) return error;
  if (!interrupted && waited) return Error(Errc::timed_out, error.native());
  const Errc outcome = SocketCore::wait_again(socket, sends, time);
  return Error(outcome, outcome == Errc::timed_out ? error.native() : 0);
}

// Where a send cannot be ended from outside, it does not wait in the stack but in native::wait.
bool sends_wait(const CallTime& time) {
  return !time.waits() || native::traits().timeout_bounds_send;
}

// Waits for a begun connect; what it says when the time was too short.
Errc await_connect(Socket& socket, const CallTime& time) {
  const Errc outcome = SocketCore::finish_connect(socket, time);
  if (outcome != Errc::in_progress) return outcome;
  return time.waits() ? Errc::timed_out : Errc::would_block;
}

// INVARIANT: a call that found no byte to receive says why from the gate alone, without the stack.
// none: a connect has just ended well, and the gate is open now.
Errc closed_gate(Socket& socket, const CallTime& time) {
  switch (SocketCore::gate(socket)) {
    case detail::gate_ended:
    case detail::gate_shut: return Errc::end_of_stream;
    case detail::gate_reset: return Errc::connection_reset;
    case detail::gate_not_connected: break;
    default: return SocketCore::check_open(socket);
  }
  if (SocketCore::phase(socket) != detail::Phase::connecting) return Errc::not_connected;
  return await_connect(socket, time);
}

// Why nothing can be sent, as far as the layer knows.
Errc cannot_send(const Socket& socket, bool has_destination) {
  const bool stream = SocketCore::is_stream(socket);
  switch (SocketCore::phase(socket)) {
    case detail::Phase::shut_write:
    case detail::Phase::broken: return Errc::broken_pipe;
    case detail::Phase::connecting:
    case detail::Phase::connected: return Errc::none;
    default: break;
  }
  if (stream) return Errc::not_connected;
  return has_destination ? Errc::none : Errc::destination_required;
}

// The part of the time that is left for what is not done yet: of that the stack knows nothing.
Errc next_part(const Transfer& transfer, const CallTime& time, bool sends, Flags& flags) {
  if (!time.has_deadline()) return Errc::none;
  flags = transfer.flags | Flags::dont_wait;
  return SocketCore::wait_again(transfer.socket, sends, time);
}

std::ptrdiff_t call_receive(Transfer& transfer, int handle, int flags) {
  return native::recv(handle, transfer.next(), transfer.left(), flags);
}

std::ptrdiff_t call_receive_from(Transfer& transfer, int handle, int flags) {
  native::Datagram datagram{};
  const MutableBytes buffer(transfer.next(), transfer.left());
  if (native::receive_from(handle, buffer, flags, transfer.peer, datagram) == native::failed) {
    return native::failed;
  }
  transfer.truncated = datagram.truncated;
  return static_cast<std::ptrdiff_t>(datagram.size);
}

std::ptrdiff_t call_send(Transfer& transfer, int handle, int flags) {
  return native::send(handle, transfer.next(), transfer.left(), flags);
}

std::ptrdiff_t call_send_to(Transfer& transfer, int handle, int flags) {
  return native::send_to(handle, Bytes(transfer.next(), transfer.left()), flags, transfer.peer);
}

}  // namespace

Error SocketCore::attempt(const Socket& socket, bool for_write, Flags flags, Attempt call,
                          void* context) {
  const CallTime time(native::stamp(), has(flags, Flags::dont_wait) ? 0 : socket.timeout_ms_);
  const Inside inside(socket, for_write);
  if (const Errc closed = check_open(socket); closed != Errc::none) return closed;
  bool waited = !for_write || sends_wait(time);
  while (true) {
    const Flags native_flags = waited ? flags : flags | Flags::dont_wait;
    if (call(context, native::to_flags(native_flags)) != native::failed) break;
    const Error error = after_failure(socket, for_write, time, waited);
    if (error != Errc::none) return error;
    if (for_write && phase(socket) == Phase::shut_write) return Errc::broken_pipe;
    if (time.has_deadline()) waited = false;
  }
  return Errc::none;
}

Error SocketCore::receive(Transfer& transfer, native::Stamp began, std::ptrdiff_t got) {
  Socket& socket = transfer.socket;
  Flags flags = transfer.flags;
  const CallTime time(began, has(flags, Flags::dont_wait) ? 0 : socket.timeout_ms_);
  const Inside inside(socket, false);
  while (true) {
    if (gate(socket) < 0) {
      const Errc outcome = closed_gate(socket, time);
      if (outcome != Errc::none) return outcome;
      got = native::not_called;
    }
    if (is_stream(socket) && transfer.left() == 0) return Errc::none;
    if (got == native::not_called) {
      got = transfer.call(transfer, handle(socket), native::to_flags(flags));
    }
    Error error = Errc::none;
    if (got > 0) {
      transfer.done += static_cast<std::size_t>(got);
      if (!transfer.all || transfer.left() == 0) return Errc::none;
      if (gate(socket) >= 0) error = next_part(transfer, time, false, flags);
      if (error != Errc::none) return error;
    } else {
      if (gate(socket) < 0) continue;  // another task has shut or closed it
      if (got == 0) return ended(socket);
      error = after_failure(socket, false, time, flags == transfer.flags);
      if (error != Errc::none) return receive_failed(socket, error);
      if (time.has_deadline()) flags = flags | Flags::dont_wait;
    }
    got = native::not_called;
  }
}

Error SocketCore::transmit(Transfer& transfer, native::Stamp began, std::ptrdiff_t sent) {
  Socket& socket = transfer.socket;
  Flags flags = transfer.flags;
  const CallTime time(began, has(flags, Flags::dont_wait) ? 0 : socket.timeout_ms_);
  const Inside inside(socket, true);
  bool waited = sends_wait(time);
  if (!waited) flags = flags | Flags::dont_wait;
  while (true) {
    if (sent == native::not_called) {
      if (const Errc closed = check_open(socket); closed != Errc::none) return closed;
      const Errc why = cannot_send(socket, transfer.has_destination());
      if (why != Errc::none) return why;
      if (socket.type_ == Type::datagram && transfer.size > largest_datagram(socket.family_)) {
        return Errc::message_too_long;
      }
      sent = transfer.call(transfer, handle(socket), native::to_flags(flags));
    }
    Error error = Errc::none;
    if (sent >= 0) {
      transfer.done += static_cast<std::size_t>(sent);
      if (!transfer.all || transfer.left() == 0) return Errc::none;
      error = next_part(transfer, time, true, flags);
      if (error != Errc::none) return error;
    } else if (phase(socket) == Phase::connecting) {
      error = native::last_error(native::During::connect);
      if (ends_connect(error.code())) {
        set_phase(socket, Phase::failed);
        return error;
      }
      error = await_connect(socket, time);
      if (error != Errc::none) return error;
    } else {
      error = after_failure(socket, true, time, waited);
      if (error != Errc::none) return transmit_failed(socket, error, transfer.has_destination());
    }
    if (time.has_deadline()) flags = flags | Flags::dont_wait, waited = false;
    sent = native::not_called;
  }
}

Errc SocketCore::ended(Socket& socket) {
  if (!is_stream(socket)) return Errc::end_of_stream;  // an empty datagram
  // A stack may tell of a reset once, or to the sending side only, and then call it an end.
  bool reset = phase(socket) == Phase::broken;
  if constexpr (native::traits().end_may_hide_reset) {
    if (!reset) {
      reset = native::pending_error(handle(socket), native::During::receive) != Errc::none;
    }
  }
  set_gate(socket, reset ? detail::gate_reset : detail::gate_ended);
  if (!reset) return Errc::end_of_stream;
  broken(socket);
  return Errc::connection_reset;
}

// A deadline that passed is no end of the connection; the stack's own limit of silence is.
Error SocketCore::connection_failed(const Socket& socket, Error error) {
  if (!ends_connection(error.code())) return error;
  const bool timed_out = error == Errc::timed_out;
  if (timed_out && (error.native() == 0 || native::is_would_block(error.native()))) return error;
  broken(socket);
  return timed_out ? error : Error(Errc::connection_reset, error.native());
}

Error SocketCore::receive_failed(Socket& socket, Error error) {
  if (!is_stream(socket)) return error;
  if constexpr (native::traits().end_may_hide_reset) {
    if (ends_connection(error.code()) && native::both_ended(handle(socket))) {
      set_gate(socket, detail::gate_ended);
      return Errc::end_of_stream;
    }
  }
  const Error outcome = connection_failed(socket, error);
  if (phase(socket) == Phase::broken) set_gate(socket, detail::gate_reset);
  return outcome;
}

Error SocketCore::transmit_failed(const Socket& socket, Error error, bool has_destination) {
  if (!socket.is_open()) return error;
  const Errc why = cannot_send(socket, has_destination);
  if (why != Errc::none) return Error(why, error.native());
  return is_stream(socket) ? connection_failed(socket, error) : error;
}

// Where the calls are not inline: the first native call, at once, as the inline ones do it.
// not_called where something else comes first. What it did not settle goes to the loops above.
std::ptrdiff_t SocketCore::first_receive(Socket& socket, std::byte* data, std::size_t size,
                                         Flags flags) {
  if (size == 0 || socket.type_ == Type::raw) return native::not_called;
  enter(socket.receivers_);
  const std::int32_t handle = gate(socket);
  std::ptrdiff_t got = native::not_called;
  if (handle >= 0) got = native::recv(handle, data, size, native::to_flags(flags));
  detail::leave(socket.receivers_);
  return got;
}

std::ptrdiff_t SocketCore::first_send(Socket& socket, const std::byte* data, std::size_t size,
                                      Flags flags) {
  enter(socket.senders_);
  const int descriptor = handle(socket);
  std::ptrdiff_t sent = native::not_called;
  if (socket.timeout_ms_ != 0 && !native::traits().timeout_bounds_send) {
    flags = flags | Flags::dont_wait;
  }
  if (phase(socket) == Phase::connected && is_stream(socket) && descriptor >= 0) {
    sent = native::send(descriptor, data, size, native::to_flags(flags));
  }
  detail::leave(socket.senders_);
  return sent;
}

std::ptrdiff_t Socket::receive(MutableBytes buffer, Flags flags) {
  std::ptrdiff_t got = native::not_called;
  if constexpr (!native::inline_calls) {
    got = SocketCore::first_receive(*this, buffer.data(), buffer.size(), flags);
  }
  if (got > 0) return got;
  return receive(native::stamp(), got, buffer, flags);
}

std::ptrdiff_t Socket::receive(Stamp began, std::ptrdiff_t got, MutableBytes buffer, Flags flags) {
  // A stack may put something in front of a raw packet, which receive_from takes off.
  const auto call = type_ == Type::raw ? call_receive_from : call_receive;
  Transfer transfer(*this, call, buffer.data(), buffer.size(), flags);
  return transfer.outcome(SocketCore::receive(transfer, began, got));
}

std::ptrdiff_t Socket::transmit(Bytes data, Flags flags) {
  std::ptrdiff_t sent = native::not_called;
  if constexpr (!native::inline_calls) {
    sent = SocketCore::first_send(*this, data.data(), data.size(), flags);
  }
  if (sent > 0) return sent;
  return transmit(native::stamp(), sent, data, flags);
}

std::ptrdiff_t Socket::transmit(Stamp began, std::ptrdiff_t sent, Bytes data, Flags flags) {
  Transfer transfer(*this, call_send, data.data(), data.size(), flags);
  return transfer.outcome(SocketCore::transmit(transfer, began, sent));
}

Result<void> Socket::transmit_all(Bytes data, std::size_t* total) {
  std::ptrdiff_t sent = native::not_called;
  if constexpr (!native::inline_calls) {
    sent = SocketCore::first_send(*this, data.data(), data.size(), Flags::none);
  }
  if (sent >= 0 && static_cast<std::size_t>(sent) == data.size()) {
    if (total) *total = data.size();
    return {};
  }
  return transmit_all(native::stamp(), sent, data, total);
}

Result<void> Socket::transmit_all(Stamp began, std::ptrdiff_t sent, Bytes data,
                                  std::size_t* total) {
  Transfer transfer(*this, call_send, data.data(), data.size(), Flags::none);
  transfer.all = true;
  const Error error = data.empty() ? Error(SocketCore::check_open(*this))
                                   : SocketCore::transmit(transfer, began, sent);
  if (total) *total = transfer.done;
  return error;
}

Result<void> Socket::recv_exactly(MutableBytes buffer, std::size_t* received) {
  const native::Stamp began = native::stamp();
  std::ptrdiff_t got = native::not_called;
  if constexpr (!native::inline_calls) {
    got = SocketCore::first_receive(*this, buffer.data(), buffer.size(), Flags::none);
    if (got > 0 && static_cast<std::size_t>(got) == buffer.size()) {
      if (received) *received = buffer.size();
      return {};
    }
  }
  const auto call = type_ == Type::raw ? call_receive_from : call_receive;
  Transfer transfer(*this, call, buffer.data(), buffer.size(), Flags::none);
  transfer.all = true;
  const Error error = buffer.empty() ? Error(SocketCore::check_open(*this))
                                     : SocketCore::receive(transfer, began, got);
  if (received) *received = transfer.done;
  return error;
}

Result<ReceivedInto> Socket::recvfrom_into(MutableBytes buffer, Flags flags) {
  const native::Stamp began = native::stamp();
  const auto call = SocketCore::is_stream(*this) ? call_receive : call_receive_from;
  Transfer transfer(*this, call, buffer.data(), buffer.size(), flags);
  const Error error = SocketCore::receive(transfer, began, native::not_called);
  if (error != Errc::none && error != Errc::end_of_stream) return error;
  // A stack may put a raw packet's protocol where the port stands.
  if (type_ == Type::raw) AddressBackend::drop_port(transfer.peer);
  return ReceivedInto{transfer.done, transfer.peer, transfer.truncated};
}

Result<Received> Socket::recvfrom(MutableBytes buffer, Flags flags) {
  const Result<ReceivedInto> got = recvfrom_into(buffer, flags);
  if (!got) return got.error();
  return Received{buffer.first(got->nbytes), got->peer, got->truncated};
}

Result<std::size_t> Socket::sendto(Bytes data, const Endpoint& peer, Flags flags) {
  if (SocketCore::is_stream(*this) || peer.family() == Family::unspecified) {
    return detail::to_result(transmit(data, flags));
  }
  const native::Stamp began = native::stamp();
  if (const Errc closed = SocketCore::check_open(*this); closed != Errc::none) return closed;
  if (peer.family() != family_) return Errc::address_family_not_supported;
  if (type_ == Type::datagram && peer.port() == 0) return Errc::invalid_argument;
  Transfer transfer(*this, call_send_to, data.data(), data.size(), flags);
  transfer.peer = peer;
  return detail::to_result(
      transfer.outcome(SocketCore::transmit(transfer, began, native::not_called)));
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
