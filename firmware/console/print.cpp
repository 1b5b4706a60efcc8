// Text to the board's UART.
#include "console/print.hpp"

#include "board.hpp"

namespace firmware {
namespace {

class Digits {
 public:
  explicit Digits(std::uint64_t value) {
    // 32-bit steps: a 64-bit division is a call of many hundred cycles here.
    while (value > 0xFFFFFFFF) {
      put(static_cast<unsigned>(value % 10));
      value /= 10;
    }
    auto small = static_cast<std::uint32_t>(value);
    do {
      put(small % 10);
      small /= 10;
    } while (small > 0);
  }
  std::string_view view() const { return {text_ + first_, sizeof text_ - first_}; }

 private:
  void put(unsigned digit) { text_[--first_] = static_cast<char>('0' + digit); }
  char text_[20];
  std::size_t first_ = sizeof text_;
};

void print_blanks(int count) {
  for (; count > 0; --count) print(" ");
}

}  // namespace

void print(std::string_view text) {
  for (const char c : text) {
    if (c == '\n') board::console.put('\r');
    board::console.put(c);
  }
}

void print(std::uint64_t value) { print(Digits(value).view()); }

void print(std::int64_t value) {
  if (value < 0) print("-");
  print(value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value));
}

void print(Hex value) {
  for (int shift = 4 * (value.digits - 1); shift >= 0; shift -= 4) {
    board::console.put("0123456789abcdef"[(value.value >> shift) & 15]);
  }
}

void print(Column column) {
  print(column.text);
  print_blanks(column.width - static_cast<int>(column.text.size()));
}

void print(Figure figure) {
  const Digits digits(figure.value);
  print_blanks(figure.width - static_cast<int>(digits.view().size()));
  print(digits.view());
}

}  // namespace firmware
