// A value, or one line for people that says what was wrong and what is allowed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace host_sim {

// Wrong use of this library: says what and where on standard error, and aborts, in every build.
[[noreturn]] void bug(std::string_view what, const char* file = __builtin_FILE(),
                      int line = __builtin_LINE());

struct Error {
  std::string text;
};

// Reading the wrong half is a bug; its report shows the error.
template <typename T>
class [[nodiscard]] Expected {
 public:
  Expected(T value) : value_(std::move(value)) {}
  Expected(Error error) : error_(std::move(error.text)) {}

  bool has_value() const { return value_.has_value(); }
  explicit operator bool() const { return has_value(); }

  T& operator*() & { return value(); }
  const T& operator*() const& { return const_cast<Expected*>(this)->value(); }
  T operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &const_cast<Expected*>(this)->value(); }

  const std::string& error() const {
    if (value_) bug("the error of an Expected that has a value");
    return error_;
  }

 private:
  T& value() {
    if (!value_) bug("the value of an Expected that has none: " + error_);
    return *value_;
  }

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

  const std::string& error() const {
    if (!failed_) bug("the error of an Expected that has none");
    return error_;
  }

 private:
  std::string error_;
  bool failed_ = false;
};

}  // namespace host_sim
