// The seam's part for readiness: a backend needs it only for programs that call poll or Wakeup.
#pragma once

#include <native/native.hpp>
#include <twinsock/poll.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

struct PollEntry {
  int handle;  // negative: nothing is asked for
  Ready wanted;
  Ready ready;
};

inline constexpr int poll_again = -2;

// At most most_polled entries. The number that is ready; failed: last_error, was_interrupted;
// poll_again: nothing that ends the wait, which goes on with what is left of the time.
int poll(std::span<PollEntry> entries, Timeout timeout);

int wakeup_open(void*& state);  // a handle that poll takes
void wakeup_close(int handle, void* state);
void wakeup_set(int handle, void* state);
bool wakeup_set_from_interrupt(int handle, void* state);
void wakeup_clear(int handle, void* state);

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
