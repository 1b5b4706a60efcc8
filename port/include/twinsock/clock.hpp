// The world's monotonic clock: virtual in a simulation, the stack's own on a board.
#pragma once

#include <cstdint>

#include <twinsock/timeout.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

// Milliseconds since an arbitrary start. Wraps after 49.7 days: compare only differences. Never
// blocks; safe from any thread, and on lwIP from an interrupt where sys_now() is.
std::uint32_t now_ms();

// Blocks the calling thread for at least `duration`; Timeout::none() blocks for ever. A negative
// duration is none at all, as of a time that has passed; a longer one than Timeout::longest_ms is
// that long. A Deadline likewise.
void sleep_for(Timeout duration);

// One point in time that bounds several calls.
//
//   Deadline deadline(std::chrono::seconds(10));
//   while (!deadline.expired()) { socket.settimeout(deadline.remaining()); … }
class Deadline {
 public:
  explicit Deadline(Timeout timeout);
  bool expired() const;       // never for Timeout::none()
  Timeout remaining() const;  // rounded up to 1 ms; Timeout::zero() once expired

 private:
  std::uint64_t start_;  // in the backend's finest unit
  Timeout timeout_;
};

}  // namespace twinsock::inline TWINSOCK_BACKEND
