// host_sim serve: a real server on the desktop, peer after peer.
#include <fmt/format.h>

#include "board/board_peer.hpp"
#include "bridged.hpp"
#include "chat_watcher.hpp"
#include "command.hpp"
#include "exchanges/local.hpp"
#include "role.hpp"
#include "serve_loop.hpp"

namespace host_sim::tool {

namespace {

void add_options(CLI::App& app, Arguments& arguments) {
  add_exchange(app, arguments);
  app.add_option(
         "--listen", arguments.endpoint,
         "Where to listen; required. An IPv4 address, or an IPv6 address in brackets, and a "
         "port of 0 to 65535, as in 127.0.0.1:5000 or [::1]:5000. Port 0 takes a free one. "
         "An empty ADDR, as in :5000, is every address of the family. unix_echo: a path with a / "
         "in it, or @NAME. packet_echo: ADDR says which Ethernet, empty the first; PORT which "
         "server of those on it.")
      ->type_name("ADDR:PORT");
  add_family(app, arguments, "inet (IPv4) or inet6 (IPv6), where ADDR is empty. Default: inet.");
  add_interactive(app, arguments,
                  "tcp_chat and udp_chat: a person types the answers, on standard input. At the "
                  "end of the input the answers are the exchange's own again.");
  app.add_flag("--once", arguments.once, "Serve one whole exchange, then exit with its verdict.");
  add_deadline(app, arguments,
               "An exchange fails when it has not ended after this time from its peer's arrival: "
               "1ms to 24d; a number alone is seconds. The wait for a peer has no end. Default: "
               "10s; 1h with --interactive.");
  add_peer_world(app, arguments);
  add_tap(app, arguments);
  add_seed(app, arguments);
  add_faults(app, arguments);
  add_looking(app, arguments);
}

class Server {
 public:
  Server(const Arguments& arguments, const Exchange& exchange, Listening& listening,
         Console& console)
      : arguments_(arguments),
        exchange_(exchange),
        listening_(listening),
        console_(console),
        watcher_(console),
        loop_(arguments, exchange, console),
        limit_(chat_deadline(arguments)) {}

  int serve() {
    const auto endpoint = listening_.endpoint.to_text();
    const std::string_view name = listening_.name;
    console_.say(fmt::format("listening on {}", name.empty() ? endpoint.view() : name));
    return loop_.run(
        [this] {
          return ServeLoop::Served{serve_one(), false};
        },
        [this] { remove_name(); });
  }

 private:
  RoleOutcome serve_one() {
    RoleSetup setup{.exchange = exchange_,
                    .side = Side::server,
                    .deadline = twinsock::Deadline(twinsock::Timeout::none()),
                    .after_arrival = limit_,
                    .listening = &listening_.socket,
                    .interactive = arguments_.interactive};
    stay_with(listening_.local.address(), setup);
    return run_role(setup, watcher_, [] {});
  }

  // Of a local socket: its files would stay.
  void remove_name() const {
    const auto name = twinsock::exchanges::parse_local(listening_.name);
    if (name) twinsock::exchanges::remove_server(*name);
  }

  const Arguments& arguments_;
  const Exchange& exchange_;
  Listening& listening_;
  Console& console_;
  ChatWatcher watcher_;
  ServeLoop loop_;
  std::chrono::milliseconds limit_;
};

Listening listen(const Arguments& arguments, const Exchange& exchange) {
  std::optional<Family> family;
  if (arguments.family) family = parse_family(*arguments.family);
  if (exchange.over == twinsock::exchanges::Over::local) {
    check_family(exchange, family.value_or(Family::inet));
    return open_local_listening(parse_local_name(arguments.endpoint, "--listen"));
  }
  const Endpoint local = parse_listen(arguments.endpoint, family);
  check_family(exchange, local.family());
  return open_listening(exchange, local);
}

int run(const Arguments& arguments, Console& console) {
  const Exchange& exchange =
      parse_exchange(arguments.exchanges.empty() ? "" : arguments.exchanges[0]);
  check_interactive(arguments, exchange);
  chat_deadline(arguments);  // refused before anything is opened
  if (is_for_board(arguments)) return serve_from_board(arguments, exchange, console);
  if (arguments.firmware) throw UsageError("--firmware goes with --world board:NAME");
  if (is_simulated(arguments)) return serve_bridged(arguments, exchange, console);
  Listening listening = listen(arguments, exchange);
  if (!listening.failure.empty()) {
    console.complain(listening.failure);
    return exit_failed;
  }
  return Server(arguments, exchange, listening, console).serve();
}

}  // namespace

const Command serve_command{
    {"serve", "be the server of an exchange for peers anywhere",
     "host_sim serve EXCHANGE --listen ADDR:PORT [--family FAMILY] [--interactive]\n"
     "               [--once] [--deadline TIME] [--world board:NAME]\n"
     "host_sim serve EXCHANGE --listen ADDR:PORT --world sim [OPTION...]\n"
     "host_sim serve unix_echo --listen PATH|@NAME [--once] [--deadline TIME]",
     R"(Runs the server role of EXCHANGE over this host's own sockets, for `host_sim
connect`, a board, or any program that speaks the exchange, such as a few
lines of Python. On the wire there is no framing: one message, then its
answer.

Prints `listening on ADDR:PORT` on standard error before it accepts, then
serves peers one after another, until Ctrl-C or SIGTERM. A peer that ends
early, says something else or says nothing costs one line on standard error;
the next is served all the same. The server's transcript goes to standard
output, each line behind `server: `.

unix_echo is at a local name, and its datagrams at that name with .dgram
behind it. The files of a path are removed at the end, and those of a server
that was killed when the next begins. packet_echo is spoken in frames of
EtherType 0x88b5, for which it needs root or CAP_NET_RAW.

With --world board:NAME a board in QEMU is the server. It says so each time
it listens; a peer that comes in between finds its connection ended.

In the sim world the server runs on a node with lwIP, on a simulated network
in real time, and is reached at ADDR:PORT of this host all the same:
libslirp takes what comes there to the node, TCP and UDP, without root.
Network options are faults of the link between the two. Peers are accepted
before the node was asked: where the node refuses, they see the connection
end. The node sees peers on the loopback as 10.0.0.254 or fd00::fe. With
--tap the node is on the device's network itself, and listens at 10.0.0.1 or
[fd00::1]. Such runs have no replay: when frames come from outside is
nobody's seed.)",
     R"(0   It was stopped by Ctrl-C or SIGTERM; with --once: the exchange passed.
1   It could not listen; with --once: the exchange failed, or a signal came
    before it had ended.
2   Wrong use; nothing was opened.)",
     R"(host_sim serve tcp_echo --listen :5000
host_sim serve tcp_chat --listen 127.0.0.1:5005 --interactive
host_sim serve tcp_reply --listen [::1]:0 --once
host_sim serve tcp_echo --listen :5000 --world board:mps2-an385
host_sim serve tcp_echo --listen :5000 --world sim --loss 5% --delay 20ms
host_sim serve udp_echo --listen :5000 --world sim --tap tap0
host_sim serve unix_echo --listen /tmp/echo.sock)"},
    add_options,
    run};

}  // namespace host_sim::tool
