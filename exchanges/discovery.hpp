// What the exchanges share in which a datagram asks and another answers: asking until it is
// answered, and serving until the client has ended.
#pragma once

#include "text.hpp"
#include "udp.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

// ASCII letters alone, so that it is the same for every language.
void make_upper(std::span<char> text);

// Sends `question` to `where`, again when nothing came in time, until a datagram comes that begins
// with `answer`; who sent it. The answers to earlier questions are passed over.
Result<Endpoint> ask_until_answered(Run& run, Socket& socket, std::string_view question,
                                    std::string_view answer, const Endpoint& where);

// When a datagram server is done: with its first client's empty datagram, or with silence for half
// the deadline, should that be lost; what is reported is the same.
class ClientEnd {
 public:
  ClientEnd(const Run& run, const Endpoint& client);
  Timeout silence() const { return silence_; }
  bool is(const Received& came) const { return came.data.empty() && came.peer == client_; }
  // Nothing came for so long: the end, and no failure.
  bool is(const Run& run, Error error, std::uint32_t heard_at_ms) const;

 private:
  Endpoint client_;
  Timeout silence_;
};

// Answers each datagram that is `question` with `answer`, from the first one to its client's end.
// Reports `came` once.
Verdict answer_questions(Run& run, Socket& socket, std::string_view question,
                         std::string_view answer, std::string_view came);

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
