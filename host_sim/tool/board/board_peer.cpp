// A board in QEMU's user network as the server or client of somebody else.
#include "board/board_peer.hpp"

#include <fmt/format.h>

#include "advice.hpp"
#include "board/board_options.hpp"
#include "board/board_world.hpp"
#include "board/desk.hpp"
#include "chat_watcher.hpp"
#include "command.hpp"
#include "role.hpp"
#include "run_options.hpp"
#include "serve_loop.hpp"
#include "worlds.hpp"

namespace host_sim::tool {

namespace {

using twinsock::Deadline;
using twinsock::IpAddress;

// Beyond the exchange's own deadline, for the board to tell that it is over.
constexpr std::chrono::seconds grace(10);

BoardFiles available_board(const Arguments& arguments) {
  const std::unique_ptr<World> world = make_world(arguments.world, arguments);
  if (const auto why = world->unavailable(Family::inet)) {
    throw UsageError(fmt::format("world {} is not available: {}", world->name(), *why));
  }
  return *find_board(parse_partners(arguments.world)[0], arguments.firmware).files;
}

// Before an endpoint is read, which some have none of.
void refuse_what_has_no_port(const Arguments& arguments, const Exchange& exchange) {
  check_over_lwip(exchange, Family::inet);
  if (!takes_ports(exchange)) {
    throw UsageError(fmt::format(
        "{}: QEMU's user network leads ports of TCP and UDP to a board, no groups, broadcasts, raw "
        "packets or frames; take 'host_sim run {} --world {}'",
        exchange.name, exchange.name, arguments.world));
  }
}

void refuse_what_no_board_does(const Arguments& arguments, const Endpoint& endpoint) {
  if (arguments.interactive) {
    throw UsageError("--interactive is for this host's own sockets; leave out --world");
  }
  if (endpoint.family() == Family::inet6) {
    throw UsageError(
        "QEMU's user network leads no IPv6 to a board; allowed: an IPv4 address, as in "
        "127.0.0.1:5000");
  }
}

class BoardServer {
 public:
  BoardServer(const Arguments& arguments, const Exchange& exchange, Console& console, Desk desk)
      : exchange_(exchange),
        desk_(std::move(desk)),
        console_(console),
        loop_(arguments, exchange, console) {
    settings_.deadline = chat_deadline(arguments);
  }

  int serve() {
    return loop_.run([this] { return serve_one(); });
  }

 private:
  ServeLoop::Served serve_one() {
    const Deadline for_ever{twinsock::Timeout::none()};
    BoardRole role(*desk_.board, Side::server, watcher_);
    try {
      role.begin(console_command(exchange_, Side::server, settings_, board_port, "", ""));
    } catch (const BoardError& error) {
      return {{{}, error.what()}, true};
    }
    // Each time, as QEMU takes peers also when the board does not listen, and cuts them off.
    if (role.wait_until_listening(for_ever)) {
      console_.say(fmt::format("listening on {}", desk_.board_at.to_text().view()));
    }
    RoleOutcome outcome = role.finish(for_ever);
    return {std::move(outcome), role.board_has_ended()};
  }

  const Exchange& exchange_;
  Desk desk_;  // the emulator goes with this program
  Console& console_;
  LiveWatcher watcher_{console_};
  ServeLoop loop_;
  Settings settings_;
};

}  // namespace

bool is_for_board(const Arguments& arguments) {
  if (arguments.world == "posix" || arguments.world == "sim") return false;
  if (is_board_world(arguments.world) && parse_partners(arguments.world).size() == 1) {
    refuse_network_options(arguments, arguments.world);
    if (arguments.pcap) throw UsageError("--pcap is for the sim world here; leave it out");
    return true;
  }
  throw UsageError(fmt::format(
      "--world: '{}' has no peers outside; allowed: posix, sim, board:NAME", arguments.world));
}

int serve_from_board(const Arguments& arguments, const Exchange& exchange, Console& console) {
  refuse_what_has_no_port(arguments, exchange);
  std::optional<Family> family;
  if (arguments.family) family = parse_family(*arguments.family);
  const Endpoint listen = parse_listen(arguments.endpoint, family);
  refuse_what_no_board_does(arguments, listen);
  const BoardFiles files = available_board(arguments);
  try {
    Desk desk = emulated_desk(files, arguments.seed, std::nullopt, listen);
    return BoardServer(arguments, exchange, console, std::move(desk)).serve();
  } catch (const BoardError& error) {
    console.complain(error.what());
    return exit_failed;
  }
}

int connect_from_board(const Arguments& arguments, const Exchange& exchange, Console& console) {
  refuse_what_has_no_port(arguments, exchange);
  const Endpoint peer = parse_peer(arguments.endpoint);
  refuse_what_no_board_does(arguments, peer);
  check_say(arguments.say, exchange);
  const BoardFiles files = available_board(arguments);
  Settings settings;
  settings.deadline = chat_deadline(arguments);
  settings.say = arguments.say;
  RoleOutcome outcome;
  try {
    const auto closed = reserve_closed_port(Family::inet);
    if (!closed) throw BoardError(fmt::format("no port: {}", described(closed.error())));
    const Desk desk = emulated_desk(files, arguments.seed, std::nullopt,
                                    Endpoint(IpAddress::loopback(Family::inet), 0));
    // This host's loopback has another name in the board's network.
    const std::string host =
        peer.address().is_loopback() ? desk.host : std::string(peer.address().to_text().view());
    LiveWatcher watcher(console);
    BoardRole role(*desk.board, Side::client, watcher);
    role.begin(console_command(exchange, Side::client, settings, 0,
                               fmt::format("{}:{}", host, peer.port()),
                               fmt::format("{}:{}", desk.host, closed->endpoint.port())));
    outcome = role.finish(Deadline(settings.deadline + grace));
  } catch (const BoardError& error) {
    outcome.failure = error.what();
  }
  const std::string what = fmt::format("{} with {}", exchange.name, peer.to_text().view());
  if (!outcome.failure.empty()) {
    console.complain(fmt::format("{}: {}", what, outcome.failure));
    return exit_failed;
  }
  console.say(fmt::format("{}: {}", what, console.painted("passed", Paint::good)));
  return exit_passed;
}

}  // namespace host_sim::tool
