// What the files of the core share about a Socket's state; users never see it.
#pragma once

#include <core/call_time.hpp>
#include <native/native.hpp>
#include <twinsock/assert.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

// All access to a Socket's private parts from the core goes through here.
struct SocketCore {
  using Phase = detail::Phase;

  // Phase and, in its highest bit, whether an option was set that accepted sockets would inherit.
  static constexpr std::uint8_t options_touched = 0x80;

  static Phase phase(const Socket& socket) {
    const auto raw = static_cast<std::uint8_t>(socket.phase_.load(std::memory_order_relaxed));
    return static_cast<Phase>(raw & ~options_touched);
  }
  static void set_phase(const Socket& socket, Phase phase) {
    const auto raw = static_cast<std::uint8_t>(socket.phase_.load(std::memory_order_relaxed));
    const auto kept = static_cast<std::uint8_t>(raw & options_touched);
    const auto next = static_cast<std::uint8_t>(static_cast<std::uint8_t>(phase) | kept);
    socket.phase_.store(static_cast<Phase>(next), std::memory_order_relaxed);
  }
  static void touch_options(Socket& socket) {
    const auto raw = static_cast<std::uint8_t>(socket.phase_.load(std::memory_order_relaxed));
    const auto next = static_cast<std::uint8_t>(raw | options_touched);
    socket.phase_.store(static_cast<Phase>(next), std::memory_order_relaxed);
  }
  static bool inherits(const Socket& socket) {
    const auto raw = static_cast<std::uint8_t>(socket.phase_.load(std::memory_order_relaxed));
    return (raw & options_touched) != 0 || socket.timeout_ms_ > 0;
  }

  static std::int32_t gate(const Socket& socket) {
    return socket.receive_gate_.load(std::memory_order_relaxed);
  }
  static void set_gate(Socket& socket, std::int32_t gate) {
    socket.receive_gate_.store(gate, std::memory_order_relaxed);
  }

  static bool is_stream(const Socket& socket) { return socket.type_ == Type::stream; }

  // Errc::closed if it is; asserts if it was moved from; Errc::none if it is open.
  static Errc check_open(const Socket& socket) {
    if (socket.handle_ >= 0) return Errc::none;
    TWINSOCK_ASSERT(socket.handle_ != detail::gate_moved && "use of a moved-from Socket");
    return Errc::closed;
  }

  static Socket make(int handle, Family family, Type type, Protocol protocol);

  static void connected(Socket& socket) {
    set_phase(socket, Phase::connected);
    set_gate(socket, socket.handle_);
  }
  // The connection is gone, and somebody has been told.
  static void broken(const Socket& socket) { set_phase(socket, Phase::broken); }

  static Errc take_pending_error(const Socket& socket);

  // Waits for a begun connect as long as `timeout` says: connected, or the error (in_progress: the
  // wait ended first).
  static Errc finish_connect(Socket& socket, Timeout timeout);

  // Why the receive gate is shut; 1: a connect has just ended well, and it is open now.
  static Result<std::size_t> closed_gate(Socket& socket, const CallTime& time);
  // The native receive gave 0 bytes / failed: what that means here, and for ever after.
  static Result<std::size_t> ended(Socket& socket);
  static Error receive_failed(Socket& socket, Error error);
  static Error transmit_failed(Socket& socket, Error error);
  // timed_out because the peer fell silent, as against a deadline of settimeout.
  static bool is_stack_timeout(Error error);

  // One native call, made again after signals and as long as there is time: Errc::none, or why not.
  // `call` returns native::failed, or anything else; `native_flags` are for it to pass on.
  using Attempt = int (*)(void* context, int native_flags);
  static Error attempt(const Socket& socket, bool for_write, Flags flags, Attempt call,
                       void* context);

  // After an interrupted or unready native call: waits until the handle is ready. Errc::none: make
  // the call again.
  static Errc wait_again(const Socket& socket, bool for_write, const CallTime& time);
};

}  // namespace twinsock::inline TWINSOCK_BACKEND
