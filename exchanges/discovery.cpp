// Question and answer in datagrams that may be lost.
#include "discovery.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

void make_upper(std::span<char> text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
}

Result<Endpoint> ask_until_answered(Run& run, Socket& socket, std::string_view question,
                                    std::string_view answer, const Endpoint& where) {
  const Timed timed(run, socket);
  RetryTimer timer;
  timer.sent();
  for (bool ask = true;;) {
    if (ask) {
      if (const auto sent = send_datagram(timed, question, where); !sent) return sent.error();
    }
    std::array<char, 64> room;
    const Result<Received> came = timed.recvfrom(room, timer.wait());
    if (came && came->data.text() == answer) return came->peer;
    ask = !came && came.error() == Errc::timed_out && !run.deadline.expired();
    if (!came && !ask) return came.error();
    if (ask) timer.sent_again();
  }
}

ClientEnd::ClientEnd(const Run& run, const Endpoint& client)
    : client_(client), silence_(Timeout::from_ms(5000)) {
  const Timeout rest = run.deadline.remaining();
  if (!rest.is_none()) silence_ = Timeout::from_ms(rest.ms() / 2 + 1);
}

bool ClientEnd::is(const Run& run, Error error, std::uint32_t heard_at_ms) const {
  const bool silent = !run.deadline.expired() || now_ms() - heard_at_ms >= longest_retry_ms;
  return silent && error == Errc::timed_out;
}

Verdict answer_questions(Run& run, Socket& socket, std::string_view question,
                         std::string_view answer, std::string_view report) {
  const Timed timed(run, socket);
  std::array<char, 64> room;
  Result<Received> came = first_datagram(run, socket, room);
  if (!came) return Verdict::failed("question", "a client's", came.error());
  const ClientEnd end(run, came->peer);
  bool asked = false;
  for (;;) {
    if (came->data.text() == question) {
      if (!asked) run.context.report(report);
      asked = true;
      if (const auto done = send_datagram(timed, answer, came->peer); !done) {
        return Verdict::failed("answer", "to send it", done.error());
      }
    } else if (asked && end.is(*came)) {
      break;
    }
    const std::uint32_t heard_at_ms = now_ms();
    came = timed.recvfrom(room, end.silence());
    if (came) continue;
    if (asked && end.is(run, came.error(), heard_at_ms)) break;
    return Verdict::failed("question", question, came.error());
  }
  run.context.report("client ended");
  return Verdict::ok();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
