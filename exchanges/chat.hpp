// What tcp_chat and udp_chat share: what a client says, and what a server answers.
#pragma once

#include <array>

#include "exchange.hpp"
#include "text.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

inline constexpr std::string_view chat_end = "###";
// A line and its answer fit one segment of even a small stack: with nothing but a recv to tell
// messages apart, a longer one might come in two.
inline constexpr std::size_t longest_line = 500;

// The client's lines: a person's, Run::say's, or the exchange's own; then chat_end.
class ChatLines {
 public:
  explicit ChatLines(Run& run) : run_(run) {}

  Verdict check() const;    // that Run::say's have a length that is allowed
  std::string_view next();  // valid until the call after; not to be called after chat_end
  // One of the lines before the last one, if a program said them; a person's are not kept.
  bool said_before(std::string_view line) const;

 private:
  std::span<const std::string_view> prepared() const;
  Run& run_;
  std::size_t count_ = 0;
  std::array<char, 256> typed_;
};

// Reports `message`, what the client said, and has `send` send the answer: a person's, or "you
// said: LINE". Alters the message.
template <class Send>
Result<void> chat_answer(Run& run, Message& message, Send send) {
  if (run.interactive) {
    run.context.report(message.report());
    std::array<char, 256> typed;
    int size = 0;
    while (size == 0) size = run.context.ask("answer: ", typed);
    if (size > 0) return send(Bytes(typed.data(), static_cast<std::size_t>(size)));
  }
  const Result<void> sent = send(Bytes(message.answer()));
  if (!run.interactive) run.context.report(message.report());
  return sent;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
