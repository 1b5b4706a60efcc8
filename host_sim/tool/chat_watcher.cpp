// What `serve` and `connect` share.
#include "chat_watcher.hpp"

#include <fmt/format.h>

#include "text.hpp"

namespace host_sim::tool {

void ChatWatcher::line(Side side, std::string_view line) { console_.transcript(side, line); }

void ChatWatcher::log(Side side, std::string_view line) {
  console_.say(
      console_.painted(fmt::format("{} log: {}", name(side), printable(line)), Paint::dim));
}

int ChatWatcher::ask(std::string_view prompt, std::span<char> buffer,
                     const twinsock::Deadline& deadline) {
  return keyboard_.ask(prompt, buffer, deadline);
}

void check_interactive(const Arguments& arguments, const Exchange& exchange) {
  if (!arguments.interactive) return;
  if (!is_chat(exchange)) {
    throw UsageError(fmt::format(
        "--interactive: nobody types in {}; it is for tcp_chat and udp_chat", exchange.name));
  }
  if (!arguments.say.empty()) {
    throw UsageError("--say and --interactive are both given; give what is said one way");
  }
}

std::chrono::milliseconds chat_deadline(const Arguments& arguments) {
  return parse_deadline(arguments.deadline.value_or(arguments.interactive ? "1h" : "10s"));
}

}  // namespace host_sim::tool
