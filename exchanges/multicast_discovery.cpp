// multicast_discovery: the server is a member of a group, the client asks the group who is there.
#include <twinsock/multicast.hpp>

#include "discovery.hpp"
#include "table.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::multicast_discovery {

namespace {

constexpr std::string_view question = "who is there?";
constexpr std::string_view answer = "a twinsock server";

// For private use (RFC 2365 6.1), and transient, of the site (RFC 4291 2.7): a group of the link
// would need an interface's number.
IpAddress group_of(Family family) {
  if (family == Family::inet) return IpAddress::v4(239, 255, 83, 75);
  return IpAddress::v6({0xff, 0x15, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 83, 75});
}

}  // namespace

// A server's endpoint that is a group is asked itself; else its port is, in the exchange's group.
Verdict client(Run& run) {
  Result<Socket> opened = Socket::open(run.peer.family(), Type::datagram);
  if (!opened) return Verdict::failed("open", "a socket", opened.error());
  Result<void> set = opened->setsockopt(option::multicast_ttl, 1);
  if (set && run.interface != 0) {
    set = opened->setsockopt(option::multicast_interface, static_cast<int>(run.interface));
  }
  if (!set) return Verdict::failed("options", "to send to a group", set.error());

  const bool is_group = run.peer.address().is_multicast();
  const Endpoint group(is_group ? run.peer.address() : group_of(run.peer.family()),
                       run.peer.port());
  const auto member = ask_until_answered(run, *opened, question, answer, group);
  if (!member) return Verdict::failed(question, answer, member.error());
  run.context.log(Line("answered by ", member->to_text()));
  run.context.report(Line("asked the group: ", question));
  run.context.report(Line("a member answered: ", answer));
  if (const auto done = say_goodbye(Timed(run, *opened), *member); !done) {
    return Verdict::failed("end", "to send an empty datagram", done.error());
  }
  return Verdict::ok();
}

Verdict server(Run& run, Socket& socket) {
  const IpAddress group = group_of(socket.family());
  if (const auto joined = join_group(socket, group, run.interface); !joined) {
    return Verdict::failed("join", group.to_text(), joined.error());
  }
  run.context.report("joined the group");
  Verdict verdict =
      answer_questions(run, socket, question, answer, "the group was asked, answered");
  if (const auto left = leave_group(socket, group, run.interface); !left && verdict.passed) {
    return Verdict::failed("leave", group.to_text(), left.error());
  }
  if (verdict.passed) run.context.report("left the group");
  return verdict;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::multicast_discovery
