// Keyboard: a person's lines from standard input, each whole, or the news that there are no more.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <twinsock/clock.hpp>

#include "console.hpp"

namespace host_sim::tool {

class Keyboard {
 public:
  explicit Keyboard(Console& console) : console_(console) {}

  // The next line that is not empty and fits, without its end; its length, or -1 at the end of the
  // input or when the deadline has passed. Prompts only where a person types at a terminal.
  int ask(std::string_view prompt, std::span<char> buffer, const twinsock::Deadline& deadline);

 private:
  bool read_line(std::string& line, const twinsock::Deadline& deadline);

  Console& console_;
  std::string pending_;  // read, not yet given out
  bool ended_ = false;
};

}  // namespace host_sim::tool
