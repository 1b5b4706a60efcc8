// Result<T>: a value or an Error, with the interface of C++23's std::expected<T, Error>.
//
//   Result<std::size_t> n = socket.send("hello");
//   if (!n) return n.error();        // an Error, or an Errc, converts to any Result
//   use(*n);
//
// Neither allocates nor throws; move-only where T is. Reading the value of a failed Result, with *
// or -> too, or the error of a good one, is a bug and asserts. A Result<Errc> takes an Errc as its
// value, and only an Error as a failure; a Result<void> of Errc::none is a success.
// Distinct objects: safe in any thread and interrupt; a shared one needs the caller's lock.
#pragma once

#include <twinsock/detail/result_storage.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

template <class T>
class [[nodiscard]] Result {
  static_assert(std::is_object_v<T> && !std::is_array_v<T> && !std::is_same_v<T, Error>);

 public:
  using value_type = T;
  using error_type = Error;

  template <class U = T>
  requires(detail::ResultValue<U, T>) constexpr explicit(!std::is_convertible_v<U, T>)
      Result(U&& value)
      : storage_(std::in_place, std::forward<U>(value)) {}
  template <class... Args>
  constexpr explicit Result(std::in_place_t, Args&&... args)
      : storage_(std::in_place, std::forward<Args>(args)...) {}
  constexpr Result(Error error) : storage_(error) {}
  constexpr Result(Errc code) requires(!std::is_same_v<T, Errc>) : storage_(Error(code)) {}

  constexpr bool has_value() const { return storage_.has_value(); }
  constexpr explicit operator bool() const { return has_value(); }

  constexpr T& value() & { return checked(*this).storage_.get(); }
  constexpr const T& value() const& { return checked(*this).storage_.get(); }
  constexpr T&& value() && { return std::move(checked(*this).storage_.get()); }
  constexpr T& operator*() & { return value(); }
  constexpr const T& operator*() const& { return value(); }
  constexpr T&& operator*() && { return std::move(*this).value(); }
  constexpr T* operator->() { return &value(); }
  constexpr const T* operator->() const { return &value(); }
  constexpr Error error() const {
    if (has_value()) detail::error_of_success();
    return storage_.get_error();
  }

  template <class U>
  constexpr T value_or(U&& other) const& {
    return has_value() ? storage_.get() : static_cast<T>(std::forward<U>(other));
  }
  template <class U>
  constexpr T value_or(U&& other) && {
    return has_value() ? std::move(storage_.get()) : static_cast<T>(std::forward<U>(other));
  }
  constexpr Error error_or(Error other) const { return has_value() ? other : error(); }

  // f: T -> Result<U>; what it returns, or this error.
  template <class F>
  constexpr auto and_then(F&& f) & {
    return detail::and_then(*this, f);
  }
  template <class F>
  constexpr auto and_then(F&& f) const& {
    return detail::and_then(*this, f);
  }
  template <class F>
  constexpr auto and_then(F&& f) && {
    return detail::and_then(std::move(*this), f);
  }
  // f: T -> U or void; a Result of what it returns, or this error.
  template <class F>
  constexpr auto transform(F&& f) & {
    return detail::transform(*this, f);
  }
  template <class F>
  constexpr auto transform(F&& f) const& {
    return detail::transform(*this, f);
  }
  template <class F>
  constexpr auto transform(F&& f) && {
    return detail::transform(std::move(*this), f);
  }
  // f: Error -> Result<T>; this value, or what it returns.
  template <class F>
  constexpr Result or_else(F&& f) const& {
    return has_value() ? *this : Result(detail::call(f, error()));
  }
  template <class F>
  constexpr Result or_else(F&& f) && {
    return has_value() ? std::move(*this) : Result(detail::call(f, error()));
  }

  friend constexpr bool operator==(const Result& a,
                                   const Result& b) requires detail::Comparable<T> {
    if (a.has_value() != b.has_value()) return false;
    return a.has_value() ? *a == *b : a.error() == b.error();
  }

 private:
  template <class Self>
  static constexpr Self& checked(Self& self) {
    if (!self.has_value()) detail::value_of_failed_result();
    return self;
  }

  detail::ResultStorage<T> storage_;
};

}  // namespace twinsock::inline TWINSOCK_BACKEND

#include <twinsock/detail/result_void.hpp>
