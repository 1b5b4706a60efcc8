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

  // INVARIANT: valid only while the task is Inside, or alone with the socket.
  static std::int32_t handle(const Socket& socket) {
    return socket.handle_.load(std::memory_order_relaxed);
  }
  static void set_handle(Socket& socket, std::int32_t handle) {
    socket.handle_.store(handle, std::memory_order_relaxed);
  }

  // Marks this task as inside one half of a socket, so that nobody closes the handle meanwhile.
  class Inside {
   public:
    Inside(const Socket& socket, bool sending)
        : half_(sending ? socket.senders_ : socket.receivers_) {
      enter(half_);
    }
    ~Inside() { detail::leave(half_); }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

   private:
    static void enter(std::atomic<std::uint8_t>& half);

    std::atomic<std::uint8_t>& half_;
  };
  // Where the calls are not inline: the first native call, at once, as the inline ones do it;
  // not_called where something else comes first. What it did not settle goes to the slow path.
  static std::ptrdiff_t first_receive(Socket& socket, MutableBytes buffer, Flags flags);
  static std::ptrdiff_t first_send(Socket& socket, Bytes data, Flags flags);

  // The same for calls that several tasks may make at once.
  static void join(const Socket& socket, bool receiving, bool sending);
  static void part(const Socket& socket, bool receiving, bool sending);

  static bool has_waiters(const Socket& socket, bool receiving, bool sending) {
    return (receiving && socket.receivers_.load(std::memory_order_acquire) != 0) ||
           (sending && socket.senders_.load(std::memory_order_acquire) != 0);
  }
  // Returns when nobody is inside these halves any more. What they find when they wake (the handle,
  // the gate, the phase) must have been set.
  static void end_waits(const Socket& socket, int handle, bool receiving, bool sending);
  // Asserts, in builds without NDEBUG, that nobody is inside.
  static void check_alone(const Socket& socket);

  // The largest payload: 65,535 of IPv4's length field less both headers; IPv6 counts without its
  // own.
  static std::size_t largest_datagram(Family family) {
    return family == Family::inet ? 65'507 : 65'527;
  }

  static bool is_stream(const Socket& socket) { return socket.type_ == Type::stream; }

  // Errc::closed if it is; asserts if it was moved from; Errc::none if it is open.
  static Errc check_open(const Socket& socket) {
    const std::int32_t found = handle(socket);
    if (found >= 0) return Errc::none;
    TWINSOCK_ASSERT(found != detail::gate_moved && "use of a moved-from Socket");
    return Errc::closed;
  }

  static Socket make(int handle, Family family, Type type);

  static void connected(Socket& socket) {
    set_phase(socket, Phase::connected);
    set_gate(socket, handle(socket));
  }
  // The connection is gone, and somebody has been told.
  static void broken(const Socket& socket) { set_phase(socket, Phase::broken); }

  static Result<Accepted> accept(Socket& socket, const CallTime& time);
  static Errc give_up_waits(Socket& socket, Shutdown how);
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
