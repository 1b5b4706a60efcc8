// Keyboard: reads standard input itself, because a wait for a person must end with the exchange.
#include "keyboard.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace host_sim::tool {

namespace {
constexpr std::size_t pending_limit = 64 * 1024;  // bytes without a line end that are kept
}

int Keyboard::ask(std::string_view prompt, std::span<char> buffer,
                  const twinsock::Deadline& deadline) {
  const bool person = isatty(STDIN_FILENO) != 0;
  for (std::string line;;) {
    if (person) console_.prompt(prompt);
    if (!read_line(line, deadline)) {
      if (person) console_.say("");
      return -1;
    }
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) {
      console_.complain("an empty line cannot be sent; type a line, or ### to end");
    } else if (line.size() > buffer.size()) {
      console_.complain(fmt::format("the line has {} bytes and was not sent; allowed: 1 to {}",
                                    line.size(), buffer.size()));
    } else {
      std::ranges::copy(line, buffer.begin());
      return static_cast<int>(line.size());
    }
  }
}

bool Keyboard::read_line(std::string& line, const twinsock::Deadline& deadline) {
  for (;;) {
    const std::size_t end = pending_.find('\n');
    const bool last = (ended_ && !pending_.empty()) || pending_.size() >= pending_limit;
    if (end != std::string::npos || last) {
      line = pending_.substr(0, end);
      pending_.erase(0, end == std::string::npos ? end : end + 1);
      return true;
    }
    if (ended_) return false;
    pollfd readable{STDIN_FILENO, POLLIN, 0};
    const int count = poll(&readable, 1, deadline.remaining().ms());
    if (count == 0) {
      if (!deadline.expired()) continue;
      console_.complain("nobody typed a line before the deadline; --deadline TIME gives longer");
      return false;
    }
    if (count < 0 && errno == EINTR) continue;
    std::array<char, 4096> chunk;
    const ssize_t size = count < 0 ? -1 : read(STDIN_FILENO, chunk.data(), chunk.size());
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (size <= 0) {
      ended_ = true;
    } else {
      pending_.append(chunk.data(), static_cast<std::size_t>(size));
    }
  }
}

}  // namespace host_sim::tool
