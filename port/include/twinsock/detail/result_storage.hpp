// Where a Result keeps its value or its Error, and how it calls what is passed to and_then.
#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include <twinsock/errc.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

template <class T>
class Result;

namespace detail {

// Assert. Out of line, so that reading a Result costs its user one test and one call.
[[noreturn, gnu::cold]] void value_of_failed_result();
[[noreturn, gnu::cold]] void error_of_success();

template <class T, bool = std::is_trivially_copyable_v<T>>
struct ResultStorage {  // trivial T: trivial too, so that a small Result travels in registers
  constexpr explicit ResultStorage(Error e) : nothing{}, error(e) {}
  // Small values are cleared, or gcc warns of their use in programs that never use them.
  constexpr explicit ResultStorage(Error e) requires(std::is_default_constructible_v<T> &&
                                                     sizeof(T) <= sizeof(std::uint64_t))
      : value(), error(e) {}
  template <class... Args>
  constexpr explicit ResultStorage(std::in_place_t, Args&&... args)
      : value(std::forward<Args>(args)...), error(Errc::none) {}

  constexpr bool has_value() const { return error == Errc::none; }
  constexpr T& get() { return value; }
  constexpr const T& get() const { return value; }
  constexpr Error get_error() const { return error; }

 private:
  struct Nothing {};
  union {  // apart from the error: then a compiler can keep both in registers
    Nothing nothing;
    T value;
  };
  Error error;
};

template <class T>
struct ResultStorage<T, false> {  // copies and moves as T does
  constexpr explicit ResultStorage(Error e) : error(e) {}
  template <class... Args>
  constexpr explicit ResultStorage(std::in_place_t, Args&&... args)
      : value(std::in_place, std::forward<Args>(args)...) {}

  constexpr bool has_value() const { return value.has_value(); }
  constexpr T& get() { return *value; }
  constexpr const T& get() const { return *value; }
  constexpr Error get_error() const { return error; }

 private:
  std::optional<T> value;
  Error error = Errc::none;
};

template <class T>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<Result<T>> = true;

// What a Result<T> takes as its value.
template <class U, class T>
concept ResultValue = !is_result<std::remove_cvref_t<U>> &&
                      !std::is_same_v<std::remove_cvref_t<U>, std::in_place_t> &&
                      !std::is_same_v<std::remove_cvref_t<U>, Error> &&
                      (!std::is_same_v<std::remove_cvref_t<U>, Errc> ||
                       std::is_same_v<T, Errc>)&&std::is_constructible_v<T, U>;

template <class T>
concept Comparable = requires(const T& a, const T& b) {
  static_cast<bool>(a == b);
};

// std::invoke of one argument, without what <functional> brings along.
template <class F, class T>
constexpr decltype(auto) call(F&& f, T&& argument) {
  using Function = std::remove_cvref_t<F>;
  if constexpr (std::is_member_object_pointer_v<Function>) {
    return (std::forward<T>(argument).*f);
  } else if constexpr (std::is_member_function_pointer_v<Function>) {
    return (std::forward<T>(argument).*f)();
  } else {
    return std::forward<F>(f)(std::forward<T>(argument));
  }
}

template <class Self, class F>
using CallOf = std::invoke_result_t<F&, decltype(*std::declval<Self>())>;

template <class Self, class F>
constexpr auto and_then(Self&& self, F& f) -> std::remove_cvref_t<CallOf<Self, F>> {
  if (!self.has_value()) return self.error();
  return call(f, *std::forward<Self>(self));
}

template <class Self, class F>
constexpr auto transform(Self&& self, F& f) -> Result<std::remove_cvref_t<CallOf<Self, F>>> {
  if (!self.has_value()) return self.error();
  if constexpr (std::is_void_v<CallOf<Self, F>>) {
    call(f, *std::forward<Self>(self));
    return {};
  } else {
    return call(f, *std::forward<Self>(self));
  }
}

}  // namespace detail

}  // namespace twinsock::inline TWINSOCK_BACKEND
