// Result<void>: success or an Error, the same interface without a value. As large as an Error.
#pragma once

#include <twinsock/result.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

template <>
class [[nodiscard]] Result<void> {
 public:
  using value_type = void;
  using error_type = Error;

  constexpr Result() : error_(Errc::none) {}
  constexpr Result(Error error) : error_(error) {}
  constexpr Result(Errc code) : error_(code) {}

  constexpr bool has_value() const { return error_ == Errc::none; }
  constexpr explicit operator bool() const { return has_value(); }
  constexpr void value() const {
    if (!has_value()) detail::value_of_failed_result();
  }
  constexpr void operator*() const { value(); }
  constexpr Error error() const {
    if (has_value()) detail::error_of_success();
    return error_;
  }
  constexpr Error error_or(Error other) const { return has_value() ? other : error_; }

  template <class F>  // f: () -> Result<U>; what it returns, or this error
  constexpr auto and_then(F&& f) const -> std::remove_cvref_t<std::invoke_result_t<F>> {
    if (!has_value()) return error_;
    return std::forward<F>(f)();
  }
  template <class F>  // f: () -> U or void; a Result of what it returns, or this error
  constexpr auto transform(F&& f) const -> Result<std::remove_cvref_t<std::invoke_result_t<F>>> {
    if (!has_value()) return error_;
    if constexpr (std::is_void_v<std::invoke_result_t<F>>) {
      std::forward<F>(f)();
      return {};
    } else {
      return std::forward<F>(f)();
    }
  }
  template <class F>  // f: Error -> Result<void>; this success, or what it returns
  constexpr Result or_else(F&& f) const {
    return has_value() ? *this : Result(detail::call(f, error_));
  }

  friend constexpr bool operator==(const Result&, const Result&) = default;

 private:
  Error error_;
};

}  // namespace twinsock::inline TWINSOCK_BACKEND
