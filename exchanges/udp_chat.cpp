// udp_chat: lines to and fro until the client says ###, which still gets its answer; what is lost
// on the way is said again, and what came twice is answered twice but reported once.
#include "chat.hpp"
#include "table.hpp"
#include "udp.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::udp_chat {

namespace {

// A client says a line again after so long without an answer, but not for a person, who may be
// talking to another: people take their time, and a second copy would be a second message to them.
constexpr Timeout patience = Timeout::from_ms(1000);
// How long a server still answers repetitions of "###", in case its answer was lost.
constexpr Timeout aftermath = Timeout::from_ms(2500);

// An answer to an earlier line that came late, or twice: only "you said: LINE" can be told.
bool is_stale(const ChatLines& lines, std::string_view line, std::string_view answer) {
  constexpr std::string_view form = "you said: ";
  if (!answer.starts_with(form)) return false;
  answer.remove_prefix(form.size());
  return lines.said_before(answer) && answer != line;
}

// Waits for the answer to a line that was sent, and sends it again as long as there is none. The
// answer is then in `message`; so is a line that a person typed, but that is not sent again.
Result<void> await_answer(Run& run, const Timed& socket, const ChatLines& lines,
                          std::string_view line, Message& message) {
  for (;;) {
    const Result<Received> came =
        socket.recvfrom(message.room(), run.interactive ? Timeout::none() : patience);
    if (!came && came.error() == Errc::timed_out && !run.deadline.expired()) {
      if (const auto done = send_datagram(socket, line, run.peer); !done) return done;
      continue;
    }
    if (!came) return came.error();
    message.set_size(came->data.size());
    if (is_server(came->peer, run.peer) && !is_stale(lines, line, message.text())) return {};
  }
}

// After "###": answers its repetitions until the client's empty datagram, another's first one
// (which stays for the next exchange), or silence.
void answer_repetitions(const Timed& socket, const SeenDatagrams& seen, const Endpoint& peer,
                        Message& message) {
  for (;;) {
    const auto next = socket.recvfrom(message.room(), aftermath, Flags::peek);
    if (!next) return;
    const bool ended = next->data.empty();
    if (next->peer != peer || !(ended || seen.contains(peer, next->data))) return;
    const auto same = socket.recvfrom(message.room(), aftermath);
    if (!same || ended) return;
    message.set_size(same->data.size());
    if (!send_datagram(socket, message.answer(), peer)) return;
  }
}

}  // namespace

Verdict client(Run& run) {
  ChatLines lines(run);
  if (const std::string_view* line = lines.unfit()) {
    return Verdict::failed("lines to say", Line("1 to ", longest_line, " bytes each"),
                           Line("one of ", line->size(), " bytes"));
  }
  Message message;
  Socket open;
  for (int number = 1;; ++number) {
    const std::string_view line = lines.next(message.room());
    // A line said before goes from a port of its own, so that the server can tell it from a
    // repetition.
    if (number == 1 || lines.said_before(line)) {
      Result<Socket> opened = Socket::open(run.peer.family(), Type::datagram);
      if (!opened) return Verdict::failed("open", "a socket", opened.error());
      open = std::move(*opened);
    }
    const Timed socket(run, open);
    if (const auto done = send_datagram(socket, line, run.peer); !done) {
      return Verdict::failed(Line("line ", number), "to send it", done.error());
    }
    const bool ends = line == chat_end;
    run.context.report(message.report_sent(line));
    if (const auto done = await_answer(run, socket, lines, line, message); !done) {
      return Verdict::failed(Line("answer to line ", number), "an answer", done.error());
    }
    run.context.report(message.report());
    if (!ends) continue;
    if (const auto done = say_goodbye(socket, run.peer); !done) {
      return Verdict::failed("end", "to send an empty datagram", done.error());
    }
    return Verdict::ok();
  }
}

Verdict server(Run& run, Socket& socket) {
  const Timed timed(run, socket);
  Message message;
  SeenDatagrams seen;
  Endpoint peer;
  for (int number = 1;;) {
    const Result<Received> came =
        number == 1 ? first_datagram(run, socket, message.room()) : timed.recvfrom(message.room());
    if (!came) return Verdict::failed(Line("line ", number), "a line or ###", came.error());
    if (came->data.empty() && came->peer != peer) continue;  // another's, long gone
    if (came->data.empty()) break;
    peer = came->peer;
    message.set_size(came->data.size());
    const auto send = [&](Bytes answer) { return send_datagram(timed, answer, peer); };
    const bool ends = message.is(chat_end);
    const bool repeated = !run.interactive && seen.contains(peer, came->data);
    if (!repeated) seen.add(peer, came->data);
    const auto answered = repeated ? send(message.answer()) : chat_answer(run, message, send);
    if (!answered) {
      return Verdict::failed(Line("answer to line ", number), "to send it", answered.error());
    }
    if (!repeated) ++number;
    if (!ends) continue;
    if (!run.interactive) answer_repetitions(timed, seen, peer, message);
    break;
  }
  run.context.report("client ended");
  return Verdict::ok();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::udp_chat
