// host_sim connect: a real client on the desktop.
#include <fmt/format.h>

#include "advice.hpp"
#include "board/board_peer.hpp"
#include "bridged.hpp"
#include "chat_watcher.hpp"
#include "command.hpp"
#include "role.hpp"

namespace host_sim::tool {

namespace {

void add_options(CLI::App& app, Arguments& arguments) {
  add_exchange(app, arguments);
  app.add_option("ADDR:PORT", arguments.endpoint,
                 "The server: an IPv4 address, or an IPv6 address in brackets, and a port of 1 to "
                 "65535, as in 127.0.0.1:5000 or [::1]:5000. Names are not looked up. unix_echo: a "
                 "path with a / in it, or @NAME. packet_echo: ADDR says which Ethernet its server "
                 "is on, PORT which of those there.");
  add_say(app, arguments);
  add_interactive(app, arguments,
                  "tcp_chat and udp_chat: a person types what the client says, on standard input; "
                  "### or the end of the input ends the chat.");
  add_deadline(app, arguments,
               "The exchange fails when it has not ended after this time: 1ms to 24d; a number "
               "alone is seconds. Default: 10s; 1h with --interactive.");
  add_peer_world(app, arguments);
  add_tap(app, arguments);
  add_seed(app, arguments);
  add_faults(app, arguments);
  add_looking(app, arguments);
}

int conclude(const Exchange& exchange, std::string_view server, const RoleOutcome& outcome,
             Console& console) {
  if (!outcome.failure.empty()) {
    console.complain(fmt::format("{} with {}: {}", exchange.name, server, outcome.failure));
    return exit_failed;
  }
  console.say(
      fmt::format("{} with {}: {}", exchange.name, server, console.painted("passed", Paint::good)));
  return exit_passed;
}

int connect_locally(const Arguments& arguments, const Exchange& exchange, Console& console) {
  const std::string name = parse_local_name(arguments.endpoint, "PATH|@NAME");
  ChatWatcher watcher(console);
  const RoleSetup client{.exchange = exchange,
                         .side = Side::client,
                         .deadline = twinsock::Deadline(chat_deadline(arguments)),
                         .local = name};
  return conclude(exchange, name, run_role(client, watcher, [] {}), console);
}

int run(const Arguments& arguments, Console& console) {
  const Exchange& exchange =
      parse_exchange(arguments.exchanges.empty() ? "" : arguments.exchanges[0]);
  if (is_for_board(arguments)) return connect_from_board(arguments, exchange, console);
  if (arguments.firmware) throw UsageError("--firmware goes with --world board:NAME");
  const bool by_name = exchange.over == twinsock::exchanges::Over::local;
  Endpoint peer;
  if (!by_name) {
    peer = parse_peer(arguments.endpoint, exchange.type != twinsock::Type::raw);
    check_family(exchange, peer.family());
  }
  check_say(arguments.say, exchange);
  check_interactive(arguments, exchange);
  if (is_simulated(arguments)) return connect_bridged(arguments, exchange, console);
  if (by_name) return connect_locally(arguments, exchange, console);
  const auto deadline = chat_deadline(arguments);
  const auto closed = reserve_closed_port(peer.family());
  if (!closed) {
    console.complain(fmt::format("cannot reserve a port of this host's loopback: {}; {}",
                                 described(closed.error()), advice(closed.error().code())));
    return exit_failed;
  }
  const auto address = peer.address();
  if (peer.family() == Family::inet6 && address.is_link_local() && address.scope() == 0) {
    throw UsageError(fmt::format(
        "{0} is of one link, and says not of which; name the interface that leads there, as in "
        "[{0}%eth0]:{1}",
        address.to_text().view(), peer.port()));
  }
  ChatWatcher watcher(console);
  RoleSetup client{.exchange = exchange,
                   .side = Side::client,
                   .deadline = twinsock::Deadline(deadline),
                   .peer = peer,
                   .closed = closed->endpoint,
                   .say = arguments.say,
                   .interactive = arguments.interactive};
  stay_with(peer.address(), client);
  const RoleOutcome outcome = run_role(client, watcher, [] {});
  return conclude(exchange, peer.to_text().view(), outcome, console);
}

}  // namespace

const Command connect_command{
    {"connect", "be the client of an exchange with a server anywhere",
     "host_sim connect EXCHANGE ADDR:PORT [--say LINE]... [--interactive]\n"
     "                 [--deadline TIME] [--world board:NAME]\n"
     "host_sim connect EXCHANGE ADDR:PORT --world sim [OPTION...]\n"
     "host_sim connect unix_echo PATH|@NAME [--deadline TIME]",
     R"(Runs the client role of EXCHANGE over this host's own sockets with the
server at ADDR:PORT: `host_sim serve`, a board, or any program that speaks
the exchange, such as a few lines of Python. On the wire there is no
framing: one message, then its answer.

Prints the client's transcript on standard output, each line behind `client:
`, and everything else on standard error. tcp_refused takes a port of this
host's loopback for the closed one.

In the sim world the client runs on a node with lwIP, on a simulated network
in real time, and libslirp takes what it sends to ADDR:PORT, TCP and UDP,
without root. Network options are faults of the link between the two. Of
this host's loopback it reaches 127.0.0.1 and ::1. With --tap the node is on
the device's network itself, as 10.0.0.1 and fd00::1, and ADDR is what it is
there.)",
     R"(0   The exchange passed.
1   It failed: one line says in which step, what was expected, what came,
    and what to do. So it does when nobody listens, when there is no route,
    and when the server ends early, says something else, or says nothing
    until the deadline.
2   Wrong use; nothing was sent.
130 In the sim world: Ctrl-C or SIGTERM came before it had ended.)",
     R"(host_sim connect tcp_greeting 192.168.1.20:5005
host_sim connect tcp_chat 127.0.0.1:5005 --say hello --say '###'
host_sim connect udp_chat [::1]:31500 --interactive
host_sim connect tcp_echo 127.0.0.1:5000 --world board:mps2-an385
host_sim connect tcp_echo 127.0.0.1:5000 --world sim --loss 5%
host_sim connect tcp_chat 10.0.0.254:5005 --world sim --tap tap0
host_sim connect unix_echo /tmp/echo.sock)"},
    add_options,
    run};

}  // namespace host_sim::tool
