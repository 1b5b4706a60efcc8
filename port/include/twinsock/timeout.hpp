// How long a call may wait: for ever, not at all, or a number of milliseconds.
//
//   socket.settimeout(std::chrono::seconds(3));   // one deadline for each later call
//   socket.settimeout(Timeout::none());           // block for ever (the state of a new socket)
//   socket.settimeout(Timeout::zero());           // never wait: Errc::would_block instead
//
// Unit: milliseconds; range 0 … 2,147,483,646 (24.8 days). A finer duration is rounded up to the
// next millisecond, so that a wait is never shorter than asked. A negative or longer duration makes
// a Timeout that is not valid(), which every call refuses with Errc::invalid_argument.
#pragma once

#include <chrono>
#include <cstdint>

#include <twinsock_backend/backend.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

class Timeout {
 public:
  static constexpr std::int32_t longest_ms = 2'147'483'646;

  template <class Rep, class Period>
  constexpr Timeout(std::chrono::duration<Rep, Period> duration) : ms_(round_up(duration)) {}
  static constexpr Timeout none() { return Timeout(none_ms); }
  static constexpr Timeout zero() { return Timeout(0); }
  static constexpr Timeout from_ms(std::int32_t ms) { return Timeout(ms < 0 ? invalid_ms : ms); }

  constexpr bool is_none() const { return ms_ == none_ms; }
  constexpr bool is_zero() const { return ms_ == 0; }
  constexpr bool valid() const { return ms_ >= none_ms; }
  constexpr std::int32_t ms() const { return ms_; }  // -1 for none
  friend constexpr bool operator==(Timeout, Timeout) = default;

 private:
  static constexpr std::int32_t none_ms = -1;
  static constexpr std::int32_t invalid_ms = -2;

  constexpr explicit Timeout(std::int32_t ms) : ms_(ms) {}
  template <class Rep, class Period>
  static constexpr std::int32_t round_up(std::chrono::duration<Rep, Period> duration) {
    using Duration = std::chrono::duration<Rep, Period>;
    if (duration < Duration::zero()) return invalid_ms;
    if constexpr (std::chrono::treat_as_floating_point_v<Rep>) {
      if (!(duration.count() * static_cast<Rep>(Period::num) / static_cast<Rep>(Period::den) <
            static_cast<Rep>(longest_ms / 1000))) {
        return invalid_ms;
      }
    } else {
      using Seconds = std::chrono::duration<std::int64_t>;
      if (std::chrono::duration_cast<Seconds>(duration).count() > longest_ms / 1000) {
        return invalid_ms;
      }
    }
    const auto ms = std::chrono::ceil<std::chrono::duration<std::int64_t, std::milli>>(duration);
    return ms.count() > longest_ms ? invalid_ms : static_cast<std::int32_t>(ms.count());
  }

  std::int32_t ms_;
};

}  // namespace twinsock::inline TWINSOCK_BACKEND
