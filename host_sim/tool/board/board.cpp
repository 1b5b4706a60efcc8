// Board: what its console says, understood.
#include "board/board.hpp"

#include <fmt/format.h>

#include <array>

#include "advice.hpp"
#include "text.hpp"

namespace host_sim::tool {

namespace {

using twinsock::Deadline;

// Start-up takes a tenth of a second, a board without an address waits ten; a busy machine more.
constexpr std::chrono::seconds longest_boot(40);
constexpr std::chrono::seconds longest_answer(10);
constexpr std::size_t longest_command = 150;  // the board's line is 160

std::string quoted_for_console(const std::string& line) {
  for (const char c : line) {
    if (c == '"' || static_cast<unsigned char>(c) < ' ' || c == 0x7F) {
      throw UsageError(
          fmt::format("--say: '{}' cannot be typed on a board's console; allowed: text "
                      "without quotation marks and control characters",
                      printable(line)));
    }
  }
  return fmt::format("\"say={}\"", line);
}

}  // namespace

void Board::boot() {
  const Deadline deadline(longest_boot);
  constexpr std::string_view banner = "twinsock on ";
  wake();
  std::string line, last;
  bool is_ours = false;
  for (;;) {
    switch (console_.next(line, deadline)) {
      case BoardConsole::Heard::prompt:
        if (is_ours) return;
        throw BoardError(fmt::format("board {} does not say which board it is", name_));
      case BoardConsole::Heard::end: throw BoardError(fmt::format("board {} {}", name_, ending()));
      case BoardConsole::Heard::nothing:
        throw BoardError(
            fmt::format("board {} asks for no command after {} s; {}", name_, longest_boot.count(),
                        last.empty() ? "it says nothing: check that it runs the image exchanges"
                                     : fmt::format("the last it said was '{}'", printable(last))));
      case BoardConsole::Heard::line: break;
    }
    if (!line.empty()) last = line;
    const std::size_t at = line.find(banner);
    if (at == std::string::npos) continue;
    is_ours = line.substr(at + banner.size()) == name_;
    if (!is_ours) {
      throw BoardError(fmt::format("the board there is {}, not {}; take --world board:{}",
                                   printable(line.substr(at + banner.size())), name_,
                                   printable(line.substr(at + banner.size()))));
    }
  }
}

std::string Board::address(Family family) {
  const Deadline deadline(longest_answer);
  console_.type("net", deadline);
  std::string line, found;
  for (;;) {
    switch (console_.next(line, deadline)) {
      case BoardConsole::Heard::prompt: return found;
      case BoardConsole::Heard::end: throw BoardError(fmt::format("board {} {}", name_, ending()));
      case BoardConsole::Heard::nothing:
        throw BoardError(fmt::format("board {} does not answer the command net", name_));
      case BoardConsole::Heard::line: break;
    }
    const std::string_view label = family == Family::inet6 ? "inet6  " : "inet   ";
    const std::string text = line.starts_with(label) ? line.substr(label.size()) : "none";
    if (text != "none" && text.find('%') == std::string::npos) found = text;
  }
}

void BoardRole::begin(const std::string& command) {
  board_.console().type(command, Deadline(longest_answer));
}

bool BoardRole::wait_until_listening(const Deadline& deadline) {
  while (!listens_ && !over_ && hear(deadline)) {
  }
  return listens_ && !over_;
}

RoleOutcome BoardRole::finish(const Deadline& deadline) {
  while (!over_ && hear(deadline)) {
  }
  return outcome_;
}

bool BoardRole::hear(const Deadline& deadline) {
  std::string line;
  switch (board_.console().next(line, deadline)) {
    case BoardConsole::Heard::line: take(line); return true;
    case BoardConsole::Heard::prompt: over_ = true; return true;
    case BoardConsole::Heard::end:
      ended_ = true;
      outcome_.failure = fmt::format("the board {}{}{}", board_.ending(),
                                     last_log_.empty() ? "" : ": ", printable(last_log_));
      break;
    case BoardConsole::Heard::nothing:
      outcome_.failure = fmt::format("the board has not ended the exchange in time; {}",
                                     advice(twinsock::Errc::timed_out));
      break;
  }
  over_ = true;
  return false;
}

void BoardRole::take(const std::string& line) {
  constexpr std::string_view listening = "LISTENING ";
  constexpr std::string_view failed_at = "failed at ";
  constexpr std::string_view failed_with = "failed with status ";
  constexpr std::string_view started = "twinsock on ";
  const std::string label = fmt::format("{}: ", name(side_));
  if (line.starts_with(label)) {
    outcome_.transcript.push_back(line.substr(label.size()));
    watcher_.line(side_, outcome_.transcript.back());
  } else if (line.starts_with(listening)) {
    listens_ = true;
  } else if (line.starts_with(failed_at)) {
    outcome_.failure =
        fmt::format("{}; {}", printable(line.substr(failed_at.size())), advice(line));
  } else if (line.starts_with(failed_with)) {
    if (outcome_.failure.empty()) {
      outcome_.failure = last_log_.empty() ? line : printable(last_log_);
    }
  } else if (line.starts_with(started)) {
    outcome_.failure = "the board started again in the middle of the exchange";
  } else if (!line.empty()) {
    last_log_ = line;
    watcher_.log(side_, line);
  }
}

std::string console_command(const Exchange& exchange, Side side, const Settings& settings,
                            std::uint16_t port, const std::string& peer,
                            const std::string& closed) {
  std::string command = side == Side::server ? fmt::format("serve {} {}", exchange.name, port)
                                             : fmt::format("connect {} {}", exchange.name, peer);
  if (side == Side::client && std::string_view(exchange.name) == "tcp_refused") {
    command += fmt::format(" closed={}", closed);
  }
  if (settings.family == Family::inet6 && side == Side::server) command += " family=inet6";
  command += fmt::format(" deadline={}", settings.deadline.count());
  if (side == Side::client) {
    for (const std::string& line : settings.say) command += ' ' + quoted_for_console(line);
  }
  if (command.size() > longest_command || settings.say.size() > 8) {
    throw UsageError(fmt::format(
        "--say: the lines make a command of {} characters and {} words; a board's console takes "
        "{} and 8 lines",
        command.size(), settings.say.size(), longest_command));
  }
  return command;
}

}  // namespace host_sim::tool
