// How long a call may wait: for ever, not at all, or a number of milliseconds.
//
//   socket.settimeout(std::chrono::seconds(3));   // one deadline for each later call
//   socket.settimeout(Timeout::none());           // block for ever (the state of a new socket)
//   socket.settimeout(Timeout::zero());           // never wait: Errc::would_block instead
//
// Unit: milliseconds; range 0 … 2,147,483,646 (24.8 days). A finer duration is rounded up to the
// next millisecond, so that a wait is never shorter than asked. A negative or longer duration (or
// one that is not a number) makes a Timeout that is not valid(), which every call refuses with
// Errc::invalid_argument.
#pragma once

#include <chrono>
#include <cstdint>
#include <ratio>

#include <twinsock_backend/backend.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

class Timeout {
 public:
  static constexpr std::int32_t longest_ms = 2'147'483'646;

  template <class Rep, class Period>
  constexpr Timeout(std::chrono::duration<Rep, Period> duration) : ms_(round_up(duration)) {}
  static constexpr Timeout none() { return Timeout(none_ms); }
  static constexpr Timeout zero() { return Timeout(0); }
  static constexpr Timeout from_ms(std::int32_t ms) {
    return Timeout(ms < 0 ? negative_ms : ms > longest_ms ? too_long_ms : ms);
  }

  constexpr bool is_none() const { return ms_ == none_ms; }
  constexpr bool is_zero() const { return ms_ == 0; }
  constexpr bool valid() const { return ms_ >= none_ms; }
  constexpr std::int32_t ms() const { return ms_; }  // -1 for none
  // The nearest one that is valid: zero where it was negative, the longest where it was longer.
  constexpr Timeout clamped() const {
    return ms_ == negative_ms ? zero() : ms_ == too_long_ms ? Timeout(longest_ms) : *this;
  }
  friend constexpr bool operator==(Timeout, Timeout) = default;

 private:
  static constexpr std::int32_t none_ms = -1;
  static constexpr std::int32_t negative_ms = -2;  // or not a number
  static constexpr std::int32_t too_long_ms = -3;

  constexpr explicit Timeout(std::int32_t ms) : ms_(ms) {}
  template <class Rep, class Period>
  static constexpr std::int32_t round_up(std::chrono::duration<Rep, Period> duration) {
    using Scale = std::ratio_divide<Period, std::milli>;  // milliseconds a count
    if (!(duration.count() >= Rep{})) return negative_ms;
    if constexpr (std::chrono::treat_as_floating_point_v<Rep>) {
      const Rep exact =
          duration.count() * static_cast<Rep>(Scale::num) / static_cast<Rep>(Scale::den);
      if (!(exact <= static_cast<Rep>(longest_ms))) return too_long_ms;
      const auto down = static_cast<std::int64_t>(exact);
      return checked(static_cast<std::uint64_t>(static_cast<Rep>(down) < exact ? down + 1 : down));
    } else {  // in whole periods of `den` counts, which are `num` milliseconds, and a remainder
      constexpr std::uint64_t num = Scale::num;
      constexpr std::uint64_t den = Scale::den;
      static_assert(num < UINT64_MAX / den, "a unit that cannot be counted in milliseconds");
      const auto count = static_cast<std::uint64_t>(duration.count());
      if (count / den > longest_ms / num) return too_long_ms;
      return checked(count / den * num + (count % den * num + den - 1) / den);
    }
  }
  static constexpr std::int32_t checked(std::uint64_t ms) {
    return ms > longest_ms ? too_long_ms : static_cast<std::int32_t>(ms);
  }

  std::int32_t ms_;
};

}  // namespace twinsock::inline TWINSOCK_BACKEND
