// BoardConsole: characters into lines, and typing at the board's pace.
#include "board/board_console.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "board/process.hpp"
#include "text.hpp"

namespace host_sim::tool {

namespace {

constexpr std::string_view prompt = "> ";
constexpr std::size_t longest_line = 4096;
// The board keeps 128 characters that nobody has read yet, and loses what comes beyond.
constexpr std::size_t typed_at_once = 64;
constexpr std::size_t compared = 16;

ssize_t write_some(int descriptor, std::string_view text) {
  const ssize_t size = ::send(descriptor, text.data(), text.size(), MSG_NOSIGNAL);
  return size < 0 && errno == ENOTSOCK ? write(descriptor, text.data(), text.size()) : size;
}

std::string_view tail(std::string_view text) {
  return text.substr(text.size() - std::min(text.size(), compared));
}

}  // namespace

BoardConsole::Heard BoardConsole::next(std::string& line, const twinsock::Deadline& deadline) {
  for (;;) {
    const std::size_t end = pending_.find('\n');
    if (end != std::string::npos || pending_.size() > longest_line) {
      line = pending_.substr(0, end);
      pending_.erase(0, end == std::string::npos ? end : end + 1);
      while (line.ends_with('\r')) line.pop_back();
      return Heard::line;
    }
    if (pending_ == prompt) return Heard::prompt;
    if (ended_) return Heard::end;
    if (!fill(deadline)) return Heard::nothing;
  }
}

void BoardConsole::type(std::string_view command, const twinsock::Deadline& deadline) {
  for (std::string_view rest = command; !rest.empty();) {
    const std::string_view part = rest.substr(0, typed_at_once);
    rest.remove_prefix(part.size());
    send(part, deadline);
    while (!pending_.ends_with(tail(part))) {
      if (ended_ || !fill(deadline)) {
        throw BoardError(
            fmt::format("the board does not echo what is typed: {}", printable(command)));
      }
    }
  }
  send("\r", deadline);
  std::string echo;
  while (next(echo, deadline) == Heard::line && !echo.ends_with(tail(command))) {
  }
}

void BoardConsole::send(std::string_view text, const twinsock::Deadline& deadline) {
  while (!text.empty()) {
    const ssize_t size = write_some(descriptor_, text);
    if (size > 0) {
      text.remove_prefix(static_cast<std::size_t>(size));
    } else if (size < 0 && errno == EAGAIN) {
      pollfd wait{descriptor_, POLLOUT, 0};
      if (poll(&wait, 1, deadline.remaining().ms()) == 0) {
        throw BoardError("the board's console takes no characters");
      }
    } else if (size < 0 && errno != EINTR) {
      return;  // whoever reads on hears the end
    }
  }
}

bool BoardConsole::fill(const twinsock::Deadline& deadline) {
  for (;;) {
    std::array<char, 1024> part;
    const ssize_t size = read(descriptor_, part.data(), part.size());
    if (size > 0) {
      pending_.append(part.data(), static_cast<std::size_t>(size));
      return true;
    }
    if (size < 0 && errno == EINTR) continue;
    if (size == 0 || errno != EAGAIN) {  // a terminal whose other end is gone gives EIO
      ended_ = true;
      return true;
    }
    pollfd wait{descriptor_, POLLIN, 0};
    const int count = poll(&wait, 1, deadline.remaining().ms());
    if (count == 0 && deadline.expired()) return false;
  }
}

}  // namespace host_sim::tool
