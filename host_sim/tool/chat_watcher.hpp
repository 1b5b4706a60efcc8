// What `serve` and `connect` share: the live transcript, and a person who may type.
#pragma once

#include "keyboard.hpp"
#include "world.hpp"

namespace host_sim::tool {

class ChatWatcher final : public Watcher {
 public:
  explicit ChatWatcher(Console& console) : console_(console), keyboard_(console) {}

  void line(Side side, std::string_view line) override;
  void log(Side side, std::string_view line) override;
  int ask(std::string_view prompt, std::span<char> buffer,
          const twinsock::Deadline& deadline) override;

 private:
  Console& console_;
  Keyboard keyboard_;
};

// UsageError for --interactive where no person can take part.
void check_interactive(const Arguments& arguments, const Exchange& exchange);
// As given, else 10 s, or an hour for a person who has to type.
std::chrono::milliseconds chat_deadline(const Arguments& arguments);

}  // namespace host_sim::tool
