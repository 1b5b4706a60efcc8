// Typed characters wait in a ring that the interrupt fills; whoever reads lines sleeps meanwhile.
#include "console/console.hpp"

#include <array>
#include <cstdint>

#include "arch/cortex_m/registers.hpp"
#include "board.hpp"
#include "console/print.hpp"
#include "coop/kernel/kernel.hpp"

namespace firmware {
namespace {

namespace coop = twinsock::coop;

std::array<char, 128> ring;
volatile std::uint32_t ring_written, ring_read;  // counts; what does not fit is lost
coop::Semaphore typed;

std::array<char, 96> last_line;
std::size_t last_size;

char next_character() {
  while (ring_read == ring_written) typed.wait(coop::forever);
  const char c = ring[ring_read % ring.size()];
  ring_read = ring_read + 1;
  return c;
}

class LineEditor {
 public:
  LineEditor(std::string_view prompt, std::span<char> buffer) : prompt_(prompt), line_(buffer) {
    print(prompt_);
  }

  // True: the line is complete, size() says how long.
  bool take(char c) {
    switch (c) {
      case '\r':
      case '\n':
        if (c == '\n' && after_return_) return after_return_ = false;
        after_return_ = c == '\r';
        print("\n");
        remember();
        return true;
      case '\b':
      case 0x7F: erase(1); break;
      case 0x03:
        print("^C\n");
        size_ = 0;
        print(prompt_);
        break;
      case 0x04:
        if (size_ == 0) {
          print("\n");
          size_ = -1;
          return true;
        }
        break;
      case 0x15: erase(size_); break;
      case 0x17: erase_word(); break;
      case 0x1B: escape(); break;
      default: insert(c);
    }
    after_return_ = false;
    return false;
  }
  int size() const { return size_; }

 private:
  void insert(char c) {
    if (static_cast<unsigned char>(c) < ' ') return;
    if (static_cast<std::size_t>(size_) == line_.size()) return print("\a");
    line_[static_cast<std::size_t>(size_++)] = c;
    print(std::string_view(&c, 1));
  }
  // Bytes; of a UTF-8 character only its first takes a column.
  void erase(int count) {
    for (; count > 0 && size_ > 0; --count) {
      while (size_ > 1 && is_continued(line_[static_cast<std::size_t>(size_ - 1)])) --size_;
      --size_;
      print("\b \b");
    }
  }
  static bool is_continued(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }
  char last() const { return line_[static_cast<std::size_t>(size_ - 1)]; }
  void erase_word() {
    while (size_ > 0 && last() == ' ') erase(1);
    while (size_ > 0 && last() != ' ') erase(1);
  }
  void escape() {
    if (next_character() != '[') return;
    char c = next_character();
    while (c >= '0' && c <= '?') c = next_character();
    if (c != 'A') return;
    erase(size_);
    for (std::size_t i = 0; i < last_size; ++i) insert(last_line[i]);
  }
  void remember() {
    const auto size = static_cast<std::size_t>(size_);
    if (size == 0 || size > last_line.size()) return;
    for (std::size_t i = 0; i < size; ++i) last_line[i] = line_[i];
    last_size = size;
  }

  std::string_view prompt_;
  std::span<char> line_;
  int size_ = 0;
  static inline bool after_return_ = false;  // "\r\n" is one end
};

}  // namespace

void on_console_interrupt() {
  for (int c = board::console.get(); c >= 0; c = board::console.get()) {
    if (ring_written - ring_read < ring.size()) {
      ring[ring_written % ring.size()] = static_cast<char>(c);
      ring_written = ring_written + 1;
    }
  }
  if (typed.count() == 0) typed.signal();
}

void start_console() {
  typed.reset(0);
  core::enable_interrupt(board::console_interrupt);
  const core::InterruptLock lock;
  on_console_interrupt();  // what was typed before is not lost, and does not hold up what follows
}

int read_line(std::string_view prompt, std::span<char> buffer) {
  LineEditor editor(prompt, buffer);
  while (!editor.take(next_character())) {
  }
  return editor.size();
}

}  // namespace firmware
