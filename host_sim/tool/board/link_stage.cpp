// LinkStage: the simulation runs in the thread that called, each board's console in another.
#include "board/link_stage.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "board/board_options.hpp"
#include "text.hpp"

namespace host_sim::tool {

namespace {

using twinsock::Deadline;

// Beyond the exchange's own deadline: for a board to tell that it is over, and for the whole.
constexpr std::chrono::seconds grace(10);
constexpr std::uint16_t closed_port = 1;

// Addresses and MACs of boards, apart from those of nodes.
std::string board_ipv4(Side side) { return side == Side::server ? "10.0.0.201" : "10.0.0.202"; }
std::string board_ipv6(Side side) { return side == Side::server ? "fd00::c9" : "fd00::ca"; }
std::string board_mac(Side side) {
  return side == Side::server ? "02:00:00:00:01:01" : "02:00:00:00:01:02";
}

}  // namespace

// What the nodes say, and that a server among them listens.
class LinkStage::NodeListener final : public Observer {
 public:
  explicit NodeListener(LinkStage& stage) : stage_(stage) {}

  void on_node(const NodeRecord& record) override {
    const Side side = record.node == stage_.client_.node ? Side::client : Side::server;
    if (record.event == NodeEvent::report) stage_.watcher_.line(side, record.text);
    if (record.event == NodeEvent::log) stage_.watcher_.log(side, record.text);
    if (record.event == NodeEvent::ready && side == Side::server && !told_) {
      told_ = true;
      stage_.server_listens_.release();
    }
  }

 private:
  LinkStage& stage_;
  bool told_ = false;  // a node that starts again is ready twice
};

LinkStage::LinkStage(const Exchange& exchange, const Settings& settings, const Scenario& network,
                     const Partner& client, const Partner& server, Watcher& watcher,
                     const std::string& replay)
    : exchange_(exchange),
      settings_(settings),
      watcher_(watcher),
      simulation_({.seed = settings.seed, .hash_trace = false, .replay = replay}),
      client_{.side = Side::client},
      server_{.side = Side::server} {
  Attachment& server_end = add(server_, server);
  Attachment& client_end = add(client_, client);
  link_ = &simulation_.connect(client_end, server_end);
  if (const auto applied = network.apply(simulation_, *link_); !applied) {
    throw UsageError(applied.error());
  }
  listener_ = std::make_unique<NodeListener>(*this);
  simulation_.add_observer(*listener_);
}

LinkStage::~LinkStage() { simulation_.remove_observer(*listener_); }

Attachment& LinkStage::add(End& end, const Partner& partner) {
  const std::string name(tool::name(end.side));
  if (partner.board) {
    end.files = &*partner.board;
    end.ipv4 = board_ipv4(end.side);
    end.ipv6 = board_ipv6(end.side);
    end.cable = std::make_unique<BoardCable>();
    return end.cable->add_to(simulation_, name);
  }
  NodeOptions options{.name = name,
                      .role = fmt::format("{}.{}", exchange_.name, name),
                      .arguments = {fmt::format("family={}", twinsock::name(settings_.family)),
                                    fmt::format("deadline={}", settings_.deadline.count())}};
  if (end.side == Side::server) {
    options.arguments.push_back(fmt::format("listen=:{}", board_port));
  } else {
    options.arguments.push_back(fmt::format("peer={}", address_of(server_, board_port)));
    options.arguments.push_back(fmt::format("closed={}", address_of(server_, closed_port)));
    for (const std::string& line : settings_.say) options.arguments.push_back("say=" + line);
  }
  end.node = &simulation_.add_node(*partner.image, options);
  end.ipv4 = end.node->ipv4();
  end.ipv6 = end.node->ipv6();
  return *end.node;
}

std::string LinkStage::address_of(const End& end, std::uint16_t port) const {
  return settings_.family == Family::inet6 ? fmt::format("[{}]:{}", end.ipv6, port)
                                           : fmt::format("{}:{}", end.ipv4, port);
}

void LinkStage::run(Outcome& outcome) {
  client_.outcome = &outcome.client;
  server_.outcome = &outcome.server;
  for (End* end : {&server_, &client_}) {
    try {
      if (end->files) boot(*end);
    } catch (const BoardError& error) {
      end->outcome->failure = error.what();
      return;
    }
  }
  if (!start_server() || stopped_) {
    outcome.interrupted = stopped_;
    return;
  }

  RealTime real_time(simulation_);
  for (End* end : {&server_, &client_}) {
    if (end->cable) real_time.add(*end->cable);
    if (end->files) ++boards_talking_;
  }
  for (End* end : {&server_, &client_}) {
    if (end->files) end->thread = std::thread([this, end] { talk(*end); });
  }
  real_time.add_descriptor(board_done_.descriptor(), [this] {
    char byte = 0;
    while (read(board_done_.descriptor(), &byte, 1) > 0) {
    }
  });
  const RunResult result = real_time.run_until([this] { return stopped_ || is_over(); },
                                               settings_.deadline + 2 * grace, "the end of both");
  server_listens_.release();  // a board that still waits for it need not any more
  outcome.interrupted = stopped_ && !is_over();
  for (End* end : {&server_, &client_}) {
    if (outcome.interrupted && end->board) end->board->stop();
  }
  hear_consoles();
  for (End* end : {&server_, &client_}) {
    if (end->node) *end->outcome = {end->node->transcript(), failure_of(*end->node, result)};
    if (outcome.interrupted) end->outcome->failure.clear();
  }
}

void LinkStage::stop() {
  stopped_ = true;
  board_done_.tell();
}

void LinkStage::boot(End& end) {
  EmulatorOptions options{
      .settings = {fmt::format("seed={}-{}", settings_.seed, tool::name(end.side)),
                   fmt::format("ip={}/24", end.ipv4)},
      .network = end.cable->network(end.files->nic, board_mac(end.side)),
      .kept = {end.cable->far_end()}};
  if (settings_.family == Family::inet6) options.settings.push_back("ip6=" + end.ipv6);
  end.board = std::make_unique<Emulator>(*end.files, options);
  end.cable->close_far_end();
  end.board->boot();
  end.role.emplace(*end.board, end.side, watcher_);
}

// A board listens before anybody else moves; a node does when the simulation runs.
bool LinkStage::start_server() {
  if (!server_.role) return true;
  server_.role->begin(console_command(exchange_, Side::server, settings_, board_port, "", ""));
  if (server_.role->wait_until_listening(Deadline(settings_.deadline + grace))) {
    server_listens_.release();
    return true;
  }
  *server_.outcome = server_.role->finish(Deadline(settings_.deadline));
  if (server_.outcome->failure.empty()) server_.outcome->failure = "it ended before it listened";
  return false;
}

// In the thread of one board's console.
void LinkStage::talk(End& end) {
  try {
    if (end.side == Side::client) {
      server_listens_.acquire();
      end.role->begin(console_command(exchange_, Side::client, settings_, 0,
                                      address_of(server_, board_port),
                                      address_of(server_, closed_port)));
    }
    *end.outcome = end.role->finish(Deadline(settings_.deadline + grace));
  } catch (const std::exception& error) {
    end.outcome->failure = error.what();
  }
  --boards_talking_;
  board_done_.tell();
}

void LinkStage::hear_consoles() {
  for (End* end : {&server_, &client_}) {
    if (end->thread.joinable()) end->thread.join();
  }
}

bool LinkStage::is_over() const {
  const auto node_is_over = [](const Node* node) { return !node || node->finished(); };
  return boards_talking_ == 0 && node_is_over(client_.node) && node_is_over(server_.node);
}

}  // namespace host_sim::tool
