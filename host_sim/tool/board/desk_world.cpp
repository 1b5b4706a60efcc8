// The world board:NAME: a board, emulated or on the desk, and this host's own sockets.
#include <fmt/format.h>

#include <atomic>
#include <semaphore>
#include <thread>

#include "advice.hpp"
#include "board/board_options.hpp"
#include "board/board_world.hpp"
#include "board/desk.hpp"
#include "looking.hpp"
#include "one_at_a_time.hpp"
#include "role.hpp"
#include "text.hpp"

namespace host_sim::tool {

namespace {

using twinsock::Deadline;
using twinsock::IpAddress;

// Beyond the exchange's own deadline, for the board to tell that it is over.
constexpr std::chrono::seconds grace(10);

class DeskWorld final : public World {
 public:
  DeskWorld(const std::string& board, const Arguments& arguments)
      : name_(fmt::format("{}{}", board_prefix, board)),
        board_(board),
        arguments_(arguments),
        board_side_(parse_as(arguments)) {
    if (!arguments.serial) {
      found_ = find_board(board, arguments.firmware);
      if (arguments.pcap) check_writable(*arguments.pcap, "--pcap");
    } else if (arguments.pcap || arguments.firmware) {
      throw UsageError(fmt::format("{} is for boards in QEMU, not behind --serial; leave it out",
                                   arguments.pcap ? "--pcap" : "--firmware"));
    }
  }

  std::string_view name() const override { return name_; }

  std::optional<std::string> unavailable(Family family) override {
    if (arguments_.serial) return std::nullopt;
    if (find_program("qemu-system-arm").empty()) {
      return "qemu-system-arm is not installed; tools/setup brings it";
    }
    if (!found_.files) return found_.missing;
    if (found_.files->machine.empty()) {
      return "QEMU has no such machine; take the board itself with --serial";
    }
    if (family == Family::inet6) return with_node().unavailable(family);
    return std::nullopt;
  }

  std::optional<std::string> lacks(const Exchange& exchange, Family family) override {
    if (auto why = World::lacks(exchange, family)) return why;
    if (arguments_.serial && exchange.over == twinsock::exchanges::Over::ethernet) {
      return "which Ethernet leads from this host to a board on the desk is not known; as root "
             "serve it there ('host_sim serve' names the interface by its address), and type "
             "connect at the board's console";
    }
    return std::nullopt;
  }

  Outcome run(const Exchange& exchange, const Settings& settings, Watcher& watcher) override {
    if ((settings.family == Family::inet6 || !takes_ports(exchange)) && !arguments_.serial) {
      World& node_world = with_node();
      runs_in_ = &node_world;
      Outcome outcome = node_world.run(exchange, settings, watcher);
      outcome.notes.emplace_back(
          "QEMU's user network leads ports of IPv4 to a board, and nothing else: the other role "
          "was "
          "a simulated node's");
      return outcome;
    }
    OneAtATime heard(watcher);
    Outcome outcome;
    RoleOutcome& board_role = board_side_ == Side::client ? outcome.client : outcome.server;
    try {
      open_desk(settings);
      if (board_side_ == Side::server) {
        board_serves(exchange, settings, heard, outcome);
      } else {
        board_calls(exchange, settings, heard, outcome);
      }
    } catch (const BoardError& error) {
      board_role.failure = error.what();
    }
    if (!arguments_.serial || !outcome.passed()) desk_.board.reset();
    if (arguments_.pcap) outcome.notes.push_back(fmt::format("frames: {}", *arguments_.pcap));
    return outcome;
  }

  bool stop() override {
    World* const node_world = runs_in_;
    return node_world && node_world->stop();
  }

  bool replays() const override { return false; }

 private:
  // What stands in for this host's sockets where they cannot reach the board.
  World& with_node() {
    if (!with_node_) with_node_ = make_link_world(name_, {board_, ""}, arguments_);
    return *with_node_;
  }

  // A fresh emulator for each exchange; a board on the desk stays as long as it does well.
  void open_desk(const Settings& settings) {
    if (desk_.board) return;
    desk_ = arguments_.serial
                ? serial_desk(board_, arguments_, settings.family)
                : emulated_desk(*found_.files, fmt::format("{}", settings.seed), arguments_.pcap,
                                Endpoint(IpAddress::loopback(Family::inet), 0));
  }

  void board_serves(const Exchange& exchange, const Settings& settings, Watcher& watcher,
                    Outcome& outcome) {
    const auto closed = reserve_closed_port(settings.family);
    if (!closed) throw BoardError(fmt::format("no port: {}", described(closed.error())));
    BoardRole board(*desk_.board, Side::server, watcher);
    board.begin(console_command(exchange, Side::server, settings, board_port, "", ""));
    if (!board.wait_until_listening(Deadline(settings.deadline + grace))) {
      outcome.server = board.finish(Deadline(settings.deadline));
      if (outcome.server.failure.empty()) outcome.server.failure = "it ended before it listened";
      return;
    }
    const RoleSetup setup{.exchange = exchange,
                          .side = Side::client,
                          .deadline = Deadline(settings.deadline),
                          .peer = desk_.board_at,
                          .closed = closed->endpoint,
                          .say = settings.say};
    std::thread client([&] { outcome.client = run_role(setup, watcher, [] {}); });
    outcome.server = board.finish(Deadline(settings.deadline + grace));
    client.join();
  }

  void board_calls(const Exchange& exchange, const Settings& settings, Watcher& watcher,
                   Outcome& outcome) {
    const auto closed = reserve_closed_port(settings.family);
    Listening listening = open_listening(exchange, desk_.listen);
    if (!closed || !listening.failure.empty()) {
      throw BoardError(closed ? listening.failure
                              : fmt::format("no port: {}", described(closed.error())));
    }
    const std::string command =
        console_command(exchange, Side::client, settings, 0,
                        fmt::format("{}:{}", desk_.host, listening.endpoint.port()),
                        fmt::format("{}:{}", desk_.host, closed->endpoint.port()));
    const RoleSetup setup{.exchange = exchange,
                          .side = Side::server,
                          .deadline = Deadline(settings.deadline),
                          .listening = &listening.socket};
    std::binary_semaphore listens(0);
    std::thread server(
        [&] { outcome.server = run_role(setup, watcher, [&] { listens.release(); }); });
    listens.acquire();
    BoardRole board(*desk_.board, Side::client, watcher);
    try {
      board.begin(command);
      outcome.client = board.finish(Deadline(settings.deadline + grace));
    } catch (const BoardError& error) {
      outcome.client.failure = error.what();
    }
    server.join();
  }

  std::string name_, board_;
  Arguments arguments_;
  Side board_side_;
  FoundBoard found_;
  Desk desk_{};
  std::unique_ptr<World> with_node_;
  std::atomic<World*> runs_in_{nullptr};
};

}  // namespace

std::unique_ptr<World> make_desk_world(const std::string& board, const Arguments& arguments) {
  return std::make_unique<DeskWorld>(board, arguments);
}

}  // namespace host_sim::tool
