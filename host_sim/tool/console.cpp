// Console: the one place that writes to the terminal.
#include "console.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "text.hpp"

namespace host_sim::tool {

namespace {

// https://no-color.org: any value but the empty one turns colour off.
bool shows_colour(int descriptor) {
  const char* no_color = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  return isatty(descriptor) != 0 && (no_color == nullptr || *no_color == '\0') &&
         terminal != nullptr && std::string_view(terminal) != "dumb";
}

std::string coloured(std::string_view text, Paint paint) {
  switch (paint) {
    case Paint::plain: return std::string(text);
    case Paint::good: return fmt::format("\x1b[32m{}\x1b[0m", text);
    case Paint::bad: return fmt::format("\x1b[31m{}\x1b[0m", text);
    case Paint::dim: return fmt::format("\x1b[2m{}\x1b[0m", text);
  }
  return std::string(text);
}

// As much as one row of the terminal shows: a line that wraps cannot be replaced.
std::string_view fitting(std::string_view line) {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return line;
  std::size_t columns = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if ((static_cast<unsigned char>(line[i]) & 0xC0) == 0x80) continue;
    if (++columns == size.ws_col) return line.substr(0, i);
  }
  return line;
}

void write_line(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fputc('\n', stream);
  std::fflush(stream);
}

}  // namespace

std::string_view name(Side side) { return side == Side::client ? "client" : "server"; }

Console::Console()
    : error_is_terminal_(isatty(STDERR_FILENO) != 0),
      colour_error_(shows_colour(STDERR_FILENO)),
      colour_output_(shows_colour(STDOUT_FILENO)) {}

void Console::transcript(Side side, std::string_view line) {
  const std::lock_guard<std::mutex> hold(lock_);
  erase_progress();
  const std::string label = fmt::format("{}:", name(side));
  write_line(stdout, fmt::format("{} {}", colour_output_ ? coloured(label, Paint::dim) : label,
                                 printable(line)));
}

void Console::say(std::string_view line) {
  const std::lock_guard<std::mutex> hold(lock_);
  erase_progress();
  write_line(stderr, line);
}

void Console::complain(std::string_view line) {
  say(fmt::format("{} {}", painted("host_sim:", Paint::bad), line));
}

void Console::progress(std::string_view line) {
  const std::lock_guard<std::mutex> hold(lock_);
  if (!error_is_terminal_) return;
  erase_progress();
  line = fitting(line);
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fflush(stderr);
  progress_shown_ = true;
}

void Console::prompt(std::string_view text) {
  const std::lock_guard<std::mutex> hold(lock_);
  erase_progress();
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

void Console::print(std::string_view text) {
  const std::lock_guard<std::mutex> hold(lock_);
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

std::string Console::painted(std::string_view text, Paint paint) const {
  return colour_error_ ? coloured(text, paint) : std::string(text);
}

void Console::erase_progress() {
  if (!progress_shown_) return;
  std::fputs("\r\x1b[K", stderr);
  progress_shown_ = false;
}

}  // namespace host_sim::tool
