// The time a call may still take, counted from its first instruction.
#pragma once

#include <native/native.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

class CallTime {
 public:
  // `began` was taken first of all. A backend without cheap stamps is asked for the time here,
  // before it has waited, and only where there is a deadline at all.
  CallTime(native::Stamp began, std::int32_t timeout_ms) : began_(began), timeout_ms_(timeout_ms) {
    if constexpr (!native::inline_calls) {
      if (timeout_ms > 0) began_ms_ = now_ms();
    }
  }

  bool waits() const { return timeout_ms_ != 0; }
  bool has_deadline() const { return timeout_ms_ > 0; }

  // Timeout::none() where there is no deadline; never less than what is truly left.
  Timeout remaining() const {
    if (timeout_ms_ < 0) return Timeout::none();
    const std::uint32_t elapsed_ms = elapsed();
    const auto total_ms = static_cast<std::uint32_t>(timeout_ms_);
    if (elapsed_ms >= total_ms) return Timeout::zero();
    return Timeout::from_ms(static_cast<std::int32_t>(total_ms - elapsed_ms));
  }

 private:
  std::uint32_t elapsed() const {
    if constexpr (native::inline_calls) {
      return native::stamp_to_ms(began_);
    } else {
      return now_ms() - began_ms_;
    }
  }

  [[no_unique_address]] native::Stamp began_;
  std::int32_t timeout_ms_;
  std::uint32_t began_ms_ = 0;
};

}  // namespace twinsock::inline TWINSOCK_BACKEND
