// udp_broadcast: a question to everyone on the network, once the option permits it.
#include "discovery.hpp"
#include "table.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::udp_broadcast {

namespace {
constexpr std::string_view question = "is anyone there?";
constexpr std::string_view answer = "I am, says a server";
}  // namespace

Verdict client(Run& run) {
  Result<Socket> opened = Socket::open(Family::inet, Type::datagram);
  if (!opened) return Verdict::failed("open", "a socket", opened.error());
  const bool given = run.everyone.family() == Family::inet;
  const Endpoint everyone(given ? run.everyone : IpAddress::broadcast(), run.peer.port());

  const Result<std::size_t> forbidden = Timed(run, *opened).sendto(question, everyone);
  if (forbidden || forbidden.error() != Errc::permission_denied) {
    return Verdict::failed("without option::broadcast", "permission_denied",
                           forbidden ? "sent" : name(forbidden.error().code()));
  }
  run.context.report("without option::broadcast: permission_denied");
  if (const auto set = opened->setsockopt(option::broadcast, true); !set) {
    return Verdict::failed("option::broadcast", "on", set.error());
  }
  const auto server = ask_until_answered(run, *opened, question, answer, everyone);
  if (!server) return Verdict::failed(question, answer, server.error());
  run.context.report(Line("asked everyone: ", question));
  run.context.report(Line("answered: ", answer));
  if (const auto done = say_goodbye(Timed(run, *opened), *server); !done) {
    return Verdict::failed("end", "to send an empty datagram", done.error());
  }
  return Verdict::ok();
}

Verdict server(Run& run, Socket& socket) {
  return answer_questions(run, socket, question, answer, "everyone was asked, answered");
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::udp_broadcast
