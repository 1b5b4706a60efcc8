// BoardConsole: a board's serial console as lines, and commands typed there.
#pragma once

#include <string>
#include <string_view>

#include <twinsock/clock.hpp>

namespace host_sim::tool {

class BoardConsole {
 public:
  // Of a stream that is non-blocking: an emulator's end, or a serial line. Does not own it.
  explicit BoardConsole(int descriptor) : descriptor_(descriptor) {}

  enum class Heard { line, prompt, end, nothing };
  // Waits until the deadline for a whole line, for the prompt behind which the board waits for a
  // command, or for the end of the stream.
  Heard next(std::string& line, const twinsock::Deadline& deadline);

  // Types a command behind the prompt, no faster than the board echoes it. BoardError if it does
  // not, until the deadline.
  void type(std::string_view command, const twinsock::Deadline& deadline);
  // Types without waiting for an echo, as for Ctrl-C.
  void send(std::string_view text, const twinsock::Deadline& deadline);

  // What came and is no whole line yet; for people.
  const std::string& pending() const { return pending_; }
  void forget_pending() { pending_.clear(); }

 private:
  bool fill(const twinsock::Deadline& deadline);  // false: nothing more came

  int descriptor_;
  bool ended_ = false;
  std::string pending_;
};

}  // namespace host_sim::tool
