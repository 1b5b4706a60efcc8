// A value, or one line for people that says what was wrong and what is allowed.
#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <utility>

namespace host_sim {

struct Error {
  std::string text;
};

// Reading the wrong half is a bug and asserts.
template <typename T>
class [[nodiscard]] Expected {
 public:
  Expected(T value) : value_(std::move(value)) {}
  Expected(Error error) : error_(std::move(error.text)) {}

  bool has_value() const { return value_.has_value(); }
  explicit operator bool() const { return has_value(); }

  T& operator*() & { return (assert(value_), *value_); }
  const T& operator*() const& { return (assert(value_), *value_); }
  T operator*() && { return (assert(value_), std::move(*value_)); }
  T* operator->() { return (assert(value_), &*value_); }
  const T* operator->() const { return (assert(value_), &*value_); }

  const std::string& error() const { return (assert(!value_), error_); }

 private:
  std::optional<T> value_;
  std::string error_;
};

template <>
class [[nodiscard]] Expected<void> {
 public:
  Expected() = default;
  Expected(Error error) : error_(std::move(error.text)), failed_(true) {}

  bool has_value() const { return !failed_; }
  explicit operator bool() const { return has_value(); }

  const std::string& error() const { return (assert(failed_), error_); }

 private:
  std::string error_;
  bool failed_ = false;
};

}  // namespace host_sim
