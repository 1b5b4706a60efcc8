// What the files of the core share about a Socket's state; users never see it.
#pragma once

#include <core/call_time.hpp>
#include <native/native.hpp>
#include <twinsock/assert.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

// Smaller than a call of it, which a compiler that saves bytes does not always see.
#define TWINSOCK_INLINE [[gnu::always_inline]]

struct Transfer;  // core/transfer.hpp

// All access to a Socket's private parts from the core goes through here.
struct SocketCore {
  using Phase = detail::Phase;

  // Phase and, in its highest bit, whether an option was set that accepted sockets would inherit.
  static constexpr std::uint8_t options_touched = 0x80;

  TWINSOCK_INLINE static Phase phase(const Socket& socket) {
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

  TWINSOCK_INLINE static std::int32_t gate(const Socket& socket) {
    return socket.receive_gate_.load(std::memory_order_relaxed);
  }
  TWINSOCK_INLINE static void set_gate(Socket& socket, std::int32_t gate) {
    socket.receive_gate_.store(gate, std::memory_order_relaxed);
  }

  // INVARIANT: valid only while the task is Inside, or alone with the socket.
  TWINSOCK_INLINE static std::int32_t handle(const Socket& socket) {
    return socket.handle_.load(std::memory_order_relaxed);
  }
  TWINSOCK_INLINE static void set_handle(Socket& socket, std::int32_t handle) {
    socket.handle_.store(handle, std::memory_order_relaxed);
  }

  // One instruction more than detail::enter, which leaves the fence to who closes.
  TWINSOCK_INLINE static void enter(std::atomic<std::uint8_t>& half) {
    detail::enter(half);
    std::atomic_thread_fence(std::memory_order_seq_cst);
  }
  // Marks this task as inside one half of a socket, so that nobody closes the handle meanwhile.
  class Inside {
   public:
    Inside(const Socket& socket, bool sending)
        : half_(sending ? socket.senders_ : socket.receivers_) {
      SocketCore::enter(half_);
    }
    ~Inside() { detail::leave(half_); }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

   private:
    std::atomic<std::uint8_t>& half_;
  };
  static std::ptrdiff_t first_receive(Socket& socket, std::byte* data, std::size_t size,
                                      Flags flags);
  static std::ptrdiff_t first_send(Socket& socket, const std::byte* data, std::size_t size,
                                   Flags flags);

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

  TWINSOCK_INLINE static bool is_stream(const Socket& socket) {
    return socket.type_ == Type::stream;
  }

  // Errc::closed if it is; asserts if it was moved from; Errc::none if it is open.
  static Errc check_open(const Socket& socket) {
    const std::int32_t found = handle(socket);
    if (found >= 0) return Errc::none;
    TWINSOCK_ASSERT(found != detail::gate_moved && "use of a moved-from Socket");
    return Errc::closed;
  }

  static Socket make(int handle, Family family, Type type);
  static void make(Socket& socket, int handle, Family family, Type type);
  static Result<Socket> adopt(int descriptor, const native::Description& found);
  // Errc::none, or why a native call failed whose events have but one meaning each.
  static Error outcome(int native_outcome);

  static void connected(Socket& socket) {
    set_phase(socket, Phase::connected);
    set_gate(socket, handle(socket));
  }
  // The connection is gone, and somebody has been told.
  static void broken(const Socket& socket) { set_phase(socket, Phase::broken); }

  // A new handle, or detail::failure.
  static std::ptrdiff_t accept(const Socket& socket, const CallTime& time, Endpoint& peer);
  static Errc give_up_waits(Socket& socket, Shutdown how);
  static Errc take_pending_error(const Socket& socket);

  // Waits for a begun connect as long as there is time: connected, or the error (in_progress: the
  // wait ended first).
  static Errc finish_connect(Socket& socket, const CallTime& time);

  // All of a call, beyond a first native call that gave `got` / `sent` (or was not_called). What
  // was done before a failure counts. end_of_stream: also for an empty datagram.
  static Error receive(Transfer& transfer, native::Stamp began, std::ptrdiff_t got);
  static Error transmit(Transfer& transfer, native::Stamp began, std::ptrdiff_t sent);
  // The native receive gave 0 bytes / a native call failed: what that means here, and for ever
  // after.
  static Errc ended(Socket& socket);
  static Error receive_failed(Socket& socket, Error error);
  static Error transmit_failed(const Socket& socket, Error error, bool has_destination);
  static Error connection_failed(const Socket& socket, Error error);

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
