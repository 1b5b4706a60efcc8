// Lines on the console, from anywhere, interrupts and fault handlers included: polled output, no
// buffer, no format strings.
//
//   print_line("link up, ", hex(status), " after ", milliseconds, " ms");
#pragma once

#include <concepts>
#include <cstdint>
#include <string_view>

namespace firmware {

void print(std::string_view text);  // a '\n' becomes "\r\n"
void print(std::uint64_t value);
void print(std::int64_t value);

struct Hex {
  std::uint32_t value;
  int digits;
};
constexpr Hex hex(std::uint32_t value, int digits = 8) { return {value, digits}; }
void print(Hex value);

// `text` and blanks after it up to `width` characters; numbers are set to the right.
struct Column {
  std::string_view text;
  int width;
};
struct Figure {
  std::uint64_t value;
  int width;
};
void print(Column column);
void print(Figure figure);

template <class T>
void print_part(const T& part) {
  if constexpr (std::is_same_v<T, char>) {
    print(std::string_view(&part, 1));
  } else if constexpr (std::signed_integral<T>) {
    print(static_cast<std::int64_t>(part));
  } else if constexpr (std::unsigned_integral<T>) {
    print(static_cast<std::uint64_t>(part));
  } else {
    print(part);
  }
}

template <class... Parts>
void print_line(const Parts&... parts) {
  (print_part(parts), ...);
  print("\n");
}

}  // namespace firmware
