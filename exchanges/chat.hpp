// What tcp_chat and udp_chat share: what a client says, and what a server answers.
#pragma once

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

  // One of Run::say's with a length that is not allowed; nullptr if there is none.
  const std::string_view* unfit() const;
  // What a person types is kept in `room`, nothing else. Not to be called after chat_end.
  std::string_view next(MutableBytes room);
  // One of the lines before the last one, if a program said them; a person's are not kept.
  bool said_before(std::string_view line) const;

 private:
  std::span<const std::string_view> prepared() const;
  Run& run_;
  std::size_t count_ = 0;
};

// A person's next line that is not empty; empty: input has ended. It is kept in `room`.
std::string_view ask_line(Run& run, std::string_view prompt, MutableBytes room);

// Reports `message`, what the client said, and has `send` send the answer: a person's, or "you
// said: LINE". Alters the message.
template <class Send>
Result<void> chat_answer(Run& run, Message& message, Send send) {
  if (run.interactive) {
    run.context.report(message.report());
    const std::string_view typed = ask_line(run, "answer: ", message.room());
    if (!typed.empty()) return send(Bytes(typed));
  }
  const Result<void> sent = send(Bytes(message.answer()));
  if (!run.interactive) run.context.report(message.report());
  return sent;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
