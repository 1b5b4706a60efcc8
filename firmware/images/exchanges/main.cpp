// The exchanges behind a console. Started with words, it runs them as commands (";" between two),
// and stops with the status of the first that failed; started without, it asks a person.
#include <array>

#include "arch/cortex_m/fault.hpp"
#include "boot/boot.hpp"
#include "boot/settings.hpp"
#include "console/console.hpp"
#include "console/print.hpp"
#include "images/exchanges/commands.hpp"

namespace {

using firmware::Words;

int run_all(Words words) {
  while (!words.empty()) {
    std::size_t size = 0;
    while (size < words.size() && words[size] != ";") ++size;
    if (size > 0) {
      const int status = firmware::run_command(words.first(size));
      if (status != firmware::status_passed) return status;
    }
    words = words.subspan(size < words.size() ? size + 1 : size);
  }
  return firmware::status_passed;
}

[[noreturn]] void ask_for_ever() {
  static std::array<char, 160> line;
  std::array<std::string_view, 16> words;
  firmware::print_line("help lists the commands");
  for (;;) {
    const int size = firmware::read_line("> ", line);
    if (size <= 0) continue;
    const std::size_t count =
        firmware::split_words(std::span(line).first(static_cast<std::size_t>(size)), words);
    if (count > words.size()) {
      firmware::print_line("too many words: 16 at most");
    } else if (count > 0) {
      const int status = run_all(Words(words).first(count));
      if (status != firmware::status_passed) firmware::print_line("failed with status ", status);
    }
  }
}

int program(Words words) {
  if (words.empty()) ask_for_ever();
  return run_all(words);
}

}  // namespace

int main() { firmware::run(program); }
