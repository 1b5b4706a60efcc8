// What the posix backend leaves to the core (native/native.hpp says what each means).
#pragma once

namespace twinsock::inline TWINSOCK_BACKEND::native {

constexpr Traits traits() {
  return {.timeout_bounds_connect = true,
          .timeout_bounds_send = true,
          .end_may_hide_reset = false,
          .shutdown_ends_waits = true};
}

bool was_interrupted();

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
