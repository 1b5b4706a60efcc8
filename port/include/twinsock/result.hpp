// Result<T>: a value or an Error, with the interface of C++23's std::expected<T, Error>.
//
//   Result<std::size_t> n = socket.send("hello");
//   if (!n) return n.error();        // an Error, or an Errc, converts to any Result
//   use(*n);
//
// Neither allocates nor throws. Reading the value of a failed Result is a bug and asserts.
// Distinct objects: safe in any thread and interrupt; a shared one needs the caller's lock.
#pragma once

#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include <twinsock/assert.hpp>
#include <twinsock/errc.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace detail {

template <class T, bool = std::is_trivially_copyable_v<T>>
struct ResultStorage {  // trivial T: travels in registers
  union {
    T value;
    Error error;
  };
  bool ok;
  constexpr explicit ResultStorage(Error e) : error(e), ok(false) {}
  template <class... Args>
  constexpr explicit ResultStorage(std::in_place_t, Args&&... args)
      : value(std::forward<Args>(args)...), ok(true) {}
};

template <class T>
struct ResultStorage<T, false> {
  union {
    T value;
    Error error;
  };
  bool ok;
  constexpr explicit ResultStorage(Error e) : error(e), ok(false) {}
  template <class... Args>
  constexpr explicit ResultStorage(std::in_place_t, Args&&... args)
      : value(std::forward<Args>(args)...), ok(true) {}
  constexpr ResultStorage(ResultStorage&& other) noexcept : error(Errc::none), ok(other.ok) {
    take(other);
  }
  constexpr ResultStorage& operator=(ResultStorage&& other) noexcept {
    if (this == &other) return *this;
    if (ok) std::destroy_at(&value);
    ok = other.ok;
    take(other);
    return *this;
  }
  constexpr ~ResultStorage() {
    if (ok) std::destroy_at(&value);
  }

 private:
  constexpr void take(ResultStorage& other) {
    if (ok) {
      std::construct_at(&value, std::move(other.value));
    } else {
      std::construct_at(&error, other.error);
    }
  }
};

}  // namespace detail

template <class T>
class [[nodiscard]] Result {
 public:
  using value_type = T;
  using error_type = Error;

  template <class U = T>
    requires(!std::is_same_v<std::remove_cvref_t<U>, Result> && std::is_constructible_v<T, U> &&
             !std::is_same_v<std::remove_cvref_t<U>, Error> &&
             !std::is_same_v<std::remove_cvref_t<U>, Errc>)
  constexpr Result(U&& value) : storage_(std::in_place, std::forward<U>(value)) {}
  constexpr Result(Error error) : storage_(error) {}
  constexpr Result(Errc code) : storage_(Error(code)) {}

  constexpr bool has_value() const { return storage_.ok; }
  constexpr explicit operator bool() const { return storage_.ok; }

  constexpr T& value() & { return checked(), storage_.value; }
  constexpr const T& value() const& { return checked(), storage_.value; }
  constexpr T&& value() && { return checked(), std::move(storage_.value); }
  constexpr T& operator*() & { return value(); }
  constexpr const T& operator*() const& { return value(); }
  constexpr T&& operator*() && { return std::move(*this).value(); }
  constexpr T* operator->() { return &value(); }
  constexpr const T* operator->() const { return &value(); }

  constexpr Error error() const {
    TWINSOCK_ASSERT(!storage_.ok && "Result::error() of a success");
    return storage_.error;
  }
  template <class U>
  constexpr T value_or(U&& other) const& {
    return storage_.ok ? storage_.value : static_cast<T>(std::forward<U>(other));
  }
  template <class U>
  constexpr T value_or(U&& other) && {
    return storage_.ok ? std::move(storage_.value) : static_cast<T>(std::forward<U>(other));
  }
  constexpr Error error_or(Error other) const { return storage_.ok ? other : storage_.error; }

  template <class F>  // F: T -> Result<U>
  constexpr auto and_then(F&& f) && -> std::invoke_result_t<F, T&&> {
    if (!storage_.ok) return storage_.error;
    return std::invoke(std::forward<F>(f), std::move(storage_.value));
  }
  template <class F>  // F: T -> U
  constexpr auto transform(F&& f) && -> Result<std::invoke_result_t<F, T&&>> {
    if (!storage_.ok) return storage_.error;
    return std::invoke(std::forward<F>(f), std::move(storage_.value));
  }
  template <class F>  // F: Error -> Result<T>
  constexpr Result or_else(F&& f) && {
    if (storage_.ok) return std::move(*this);
    return std::invoke(std::forward<F>(f), storage_.error);
  }

 private:
  constexpr void checked() const { TWINSOCK_ASSERT(storage_.ok && "value of a failed Result"); }
  detail::ResultStorage<T> storage_;
};

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
  constexpr void value() const { TWINSOCK_ASSERT(has_value() && "value of a failed Result"); }
  constexpr void operator*() const { value(); }
  constexpr Error error() const {
    TWINSOCK_ASSERT(!has_value() && "Result::error() of a success");
    return error_;
  }
  constexpr Error error_or(Error other) const { return has_value() ? other : error_; }
  template <class F>
  constexpr auto and_then(F&& f) const -> std::invoke_result_t<F> {
    if (!has_value()) return error_;
    return std::invoke(std::forward<F>(f));
  }
  template <class F>
  constexpr Result or_else(F&& f) const {
    return has_value() ? *this : Result(std::invoke(std::forward<F>(f), error_));
  }

 private:
  Error error_;
};

}  // namespace twinsock::inline TWINSOCK_BACKEND
