// What the lwip backend leaves to the core (native/native.hpp says what each means).
#pragma once

namespace twinsock::inline TWINSOCK_BACKEND::native {

constexpr Traits traits() {
  return {.timeout_bounds_connect = false,
          .timeout_bounds_send = false,
          .end_may_hide_reset = true,
          .shutdown_ends_waits = false};
}

// lwIP knows no signals.
constexpr bool was_interrupted() { return false; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
