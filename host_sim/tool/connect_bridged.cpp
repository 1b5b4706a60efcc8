// connect in the sim world: the client is a node, its server is anywhere.
#include <fmt/format.h>

#include <host_sim/inspect.hpp>

#include "bridged.hpp"
#include "chat_watcher.hpp"
#include "command.hpp"
#include "role.hpp"

namespace host_sim::tool {

namespace {

// How much longer than its own deadline a role may take, before it is taken for lost.
constexpr Duration grace = std::chrono::minutes(1);

std::string failure_of(Bridged& bridged, const RunResult& result) {
  Node& node = bridged.node();
  if (node.passed()) return "";
  if (bridged.has_verdict()) return bridged.take_verdict();
  if (!node.panic().empty()) return node.panic();
  if (!result.text.empty()) return result.text;
  return fmt::format("the role returned {}", node.status());
}

}  // namespace

int connect_bridged(const Arguments& arguments, const Exchange& exchange, Console& console) {
  check_over_lwip(exchange, Family::inet);
  const Endpoint peer = parse_peer(arguments.endpoint);
  check_say(arguments.say, exchange);
  const auto deadline = chat_deadline(arguments);
  ChatWatcher watcher(console);
  Bridged bridged(arguments, exchange, Side::client, watcher);
  const Endpoint seen = bridged.seen_from_node(peer);
  std::vector<std::string> words{fmt::format("peer={}", seen.to_text().view()),
                                 fmt::format("deadline={}", deadline.count())};
  for (const std::string& line : arguments.say) words.push_back(fmt::format("say={}", line));
  // As in the posix world a port of this host's loopback is the closed one; over a TAP device,
  // whose far end may be anywhere, it is the peer's port 1.
  const auto closed = reserve_closed_port(peer.family());
  if (closed && !arguments.tap) {
    words.push_back(
        fmt::format("closed={}", bridged.seen_from_node(closed->endpoint).to_text().view()));
  }
  if (const std::string failure = bridged.join(); !failure.empty()) {
    console.complain(failure);
    return exit_failed;
  }
  bridged.add_role(std::move(words));

  const RunResult result = bridged.run_until([&] { return bridged.node().finished(); },
                                             deadline + grace, "the end of the role");
  if (bridged.stopped()) {
    bridged.finish(console);
    return exit_interrupted;
  }
  if (arguments.sockets) {
    console.say(fmt::format("sockets of the client\n{}", socket_table(bridged.node())));
  }
  const std::string what = fmt::format("{} with {}", exchange.name, peer.to_text().view());
  const std::string failure = failure_of(bridged, result);
  if (failure.empty()) bridged.drain();
  bridged.finish(console);
  if (!failure.empty()) {
    if (!bridged.node().panic().empty()) console.say(bridged.simulation().describe());
    console.complain(fmt::format("{}: {}", what, failure));
    return exit_failed;
  }
  console.say(fmt::format("{}: {}", what, console.painted("passed", Paint::good)));
  return exit_passed;
}

}  // namespace host_sim::tool
