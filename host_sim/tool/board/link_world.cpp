// The worlds of two partners: a board and another, or a board and a simulated node.
#include <fmt/format.h>

#include <mutex>

#include "board/board_options.hpp"
#include "board/board_world.hpp"
#include "board/link_stage.hpp"
#include "one_at_a_time.hpp"
#include "run_options.hpp"
#include "sim_image.hpp"

namespace host_sim::tool {

namespace {

class LinkWorld final : public World {
 public:
  LinkWorld(const std::string& world, const std::vector<std::string>& partners,
            const Arguments& arguments)
      : name_(world), arguments_(arguments), network_(read_network(arguments.network)) {
    const Side first = parse_as(arguments);
    for (std::size_t i = 0; i < partners.size(); ++i) {
      Partner& partner = (i == 0) == (first == Side::client) ? client_ : server_;
      if (partners[i].empty()) {
        const SimImage image = open_image(arguments);
        partner.image = image.image;
        if (!image.image) missing_ = image.missing;
      } else {
        take_board(partner, partners[i]);
      }
    }
    refuse_options_of_nodes();
    if (arguments.pcap) check_writable(*arguments.pcap, "--pcap");
  }

  std::string_view name() const override { return name_; }

  std::optional<std::string> unavailable(Family family) override {
    if (!missing_.empty()) return missing_;
    for (const Partner* partner : {&client_, &server_}) {
      if (partner->board && family == Family::inet6 && !partner->board->has_ipv6) {
        return fmt::format("the image of {} has no IPv6; take --family inet",
                           partner->board->board);
      }
    }
    return std::nullopt;
  }

  Outcome run(const Exchange& exchange, const Settings& settings, Watcher& watcher) override {
    OneAtATime heard(watcher);
    Outcome outcome;
    const Looking looking{.trace = arguments_.trace,
                          .sockets = false,
                          .hash = false,
                          .pcap = arguments_.pcap,
                          .report = arguments_.report,
                          .replay = replay_words(exchange, name_, settings, arguments_),
                          .settings = {{"exchange", exchange.name},
                                       {"world", name_},
                                       {"family", std::string(twinsock::name(settings.family))}}};
    // Refused before a board starts.
    console_command(exchange, Side::client, settings, board_port, std::string(20, ' '), "");
    LinkStage stage(exchange, settings, network_, client_, server_, heard, looking.replay);
    Writers writers(stage.simulation(), stage.link(), exchange.name, looking);
    set_running(&stage);
    try {
      stage.run(outcome);
    } catch (const BoardError& error) {
      outcome.broken.emplace_back(error.what());
    }
    set_running(nullptr);
    writers.finish(outcome);
    writers.write_report(outcome);
    return outcome;
  }

  bool stop() override {
    const std::lock_guard<std::mutex> hold(lock_);
    if (running_) running_->stop();
    return running_ != nullptr;
  }

  bool replays() const override { return false; }

 private:
  void set_running(LinkStage* stage) {
    const std::lock_guard<std::mutex> hold(lock_);
    running_ = stage;
  }

  void take_board(Partner& partner, const std::string& board) {
    const FoundBoard found = find_board(board, arguments_.firmware);
    if (find_program("qemu-system-arm").empty()) {
      missing_ = "qemu-system-arm is not installed; tools/setup brings it";
    } else if (!found.files) {
      missing_ = fmt::format("board {}: {}", board, found.missing);
    } else if (found.files->machine.empty()) {
      missing_ = fmt::format("QEMU has no machine for {}", board);
    }
    partner.board = found.files.value_or(BoardFiles{});
  }

  void refuse_options_of_nodes() const {
    if (client_.image || server_.image) return;
    if (!arguments_.profile && !arguments_.image) return;
    throw UsageError(fmt::format("{} is for simulated nodes, and {} has none; leave it out",
                                 arguments_.profile ? "--profile" : "--image", name_));
  }

  std::string name_;
  Arguments arguments_;
  Scenario network_;
  Partner client_, server_;
  std::string missing_;  // why a partner is not here
  std::mutex lock_;
  LinkStage* running_ = nullptr;
};

}  // namespace

std::unique_ptr<World> make_link_world(const std::string& world,
                                       const std::vector<std::string>& partners,
                                       const Arguments& arguments) {
  return std::make_unique<LinkWorld>(world, partners, arguments);
}

}  // namespace host_sim::tool
