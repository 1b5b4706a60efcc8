// THE SEAM: everything that port/core asks of a backend. A backend is these functions, a
// twinsock_backend/backend.hpp, and nothing else.
//
// A call returns a count or 0 when it succeeded, and failed = -1 otherwise; last_error() then says
// why, for the calling thread. No call here repeats, waits beyond what its description says, or
// knows a Socket: that is the core's part.
#pragma once

#include <twinsock/clock.hpp>
#include <twinsock/socket.hpp>
#include <twinsock/thread.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

inline constexpr int failed = -1;

// What the backend cannot do for the core, so that the core does it (and pays only there).
struct Traits {
  bool timeout_bounds_connect;  // the native timeout ends a blocking connect
  bool timeout_bounds_send;     // ... a blocking send, exactly
  bool end_may_hide_reset;      // a receive of 0 bytes may be a reset: ask pending_error
  bool shutdown_ends_waits;     // shutdown wakes who waits in the half that it shuts
};
constexpr Traits traits();  // defined in twinsock_backend/traits.hpp

// The failed call's errno as an Errc. `context` tells events apart to which a stack gives one
// number.
enum class During : std::uint8_t { other, open, connect, accept, receive, send };
Error last_error(During context);
bool is_would_block(int native_code);  // EAGAIN and its like
// was_interrupted(), the failed call ended because of a signal and wants to be made again: see
// traits.hpp.

// Descriptors. `type` and `protocol` have been checked against each other, `family` has not.
int open(Family family, Type type, Protocol protocol);
void close(int handle);
struct Description {
  Family family;
  Type type;
  Protocol protocol;
  bool listening;
  bool has_peer;
};
Result<Description> describe(int handle);

int bind(int handle, Type type, const Endpoint& local);
int listen(int handle, int backlog);
// A new handle, blocking. `inherits`: the listener had a timeout or options that the native stack
// hands on, so that the new one must be given the defaults.
int accept(int handle, bool inherits, Endpoint& peer);
int connect(int handle, const Endpoint& peer);
int disconnect(int handle);  // a datagram socket forgets its peer
int shutdown(int handle, Shutdown how);
int local_endpoint(int handle, Endpoint& local);
int peer_endpoint(int handle, Endpoint& peer);

// recv, send, to_flags: see backend.hpp.
struct Datagram {
  std::size_t size;  // bytes in the buffer
  bool truncated;
};
int receive_from(int handle, MutableBytes buffer, int flags, Endpoint& peer, Datagram& datagram);
std::ptrdiff_t send_to(int handle, Bytes data, int flags, const Endpoint& peer);

// How later calls on this handle wait: for ever, not at all, or so long; `before` is how it was.
int set_timeout(int handle, Timeout before, Timeout timeout);
// Blocks until the handle can be read / written, an error is pending, or the time is over: 1, 0,
// -1.
int wait(int handle, bool for_write, Timeout timeout);
Error pending_error(int handle, During context);  // reads and clears it; Errc::none
// Asked for with end_may_hide_reset: both sides ended in order, whatever a receive says.
bool both_ended(int handle);

int set_option(int handle, Family family, OptionId id, std::int32_t value);
int get_option(int handle, Family family, OptionId id, std::int32_t& value);

// Time: the finest unit is the backend's own.
std::uint64_t ticks();
std::uint32_t ticks_to_ms(std::uint64_t difference);  // rounded down
std::uint32_t stamp_to_ms(Stamp began);               // time since `began`, rounded down
void sleep(Timeout duration);

[[noreturn]] void stop(const char* file, int line, const char* condition);

// Several tasks on one socket. The first two are atomic; a number stays at 0 rather than below.
void add(std::atomic<std::uint8_t>& number, int change);
std::int32_t exchange(std::atomic<std::int32_t>& value, std::int32_t next);
// What this task wrote before it, every other task sees that writes `enter` of socket_inline.hpp's
// mark after it; and this task sees the marks that were written before.
void pair_fence();
// Makes the calls of other tasks that wait on the handle return, with whatever outcome. Who comes
// later may have to be woken again. Never waits.
void end_waits(int handle, bool receiving, bool sending);

int thread_start(const char* name, Thread::State& state);
void thread_join(Thread::State& state);

}  // namespace twinsock::inline TWINSOCK_BACKEND::native

#include <twinsock_backend/traits.hpp>
