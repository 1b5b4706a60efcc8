// The clock and deadlines over the backend's ticks.
#include <native/native.hpp>
#include <twinsock/clock.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

std::uint32_t now_ms() { return native::ticks_to_ms(native::ticks()); }

void sleep_for(Timeout duration) { native::sleep(duration.clamped()); }

Deadline::Deadline(Timeout timeout) : start_(native::ticks()), timeout_(timeout.clamped()) {}

bool Deadline::expired() const { return remaining().is_zero(); }

Timeout Deadline::remaining() const {
  if (timeout_.is_none()) return timeout_;
  const std::uint32_t elapsed_ms = native::ticks_to_ms(native::ticks() - start_);
  const auto total_ms = static_cast<std::uint32_t>(timeout_.ms());
  return elapsed_ms >= total_ms
             ? Timeout::zero()
             : Timeout::from_ms(static_cast<std::int32_t>(total_ms - elapsed_ms));
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
