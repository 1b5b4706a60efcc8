// LinkStage: two partners, each a board or a simulated node, on one simulated link in real time.
#pragma once

#include <array>
#include <atomic>
#include <exception>
#include <semaphore>
#include <thread>

#include <host_sim/real_time.hpp>

#include "board/board.hpp"
#include "board/board_cable.hpp"
#include "sim_runner.hpp"
#include "stop_signal.hpp"

namespace host_sim::tool {

// Who plays one role.
struct Partner {
  std::optional<BoardFiles> board{};  // a board; else a node
  std::optional<Image> image{};       // of the node
};

class LinkStage {
 public:
  // UsageError for a network that does not fit.
  LinkStage(const Exchange& exchange, const Settings& settings, const Scenario& network,
            const Partner& client, const Partner& server, Watcher& watcher,
            const std::string& replay);
  ~LinkStage();

  Simulation& simulation() { return simulation_; }
  Link& link() { return *link_; }  // out: from the client

  // Boots the boards, runs the exchange, and stops them. What goes wrong is in the outcome.
  void run(Outcome& outcome);
  // From another thread: run() ends soon, interrupted.
  void stop();

 private:
  class NodeListener;
  // One of the two: a node of the simulation, or a board with its console in a thread of its own.
  struct End {
    Side side;
    std::string ipv4{}, ipv6{};
    const BoardFiles* files = nullptr;
    std::unique_ptr<BoardCable> cable{};
    std::unique_ptr<Board> board{};
    std::optional<BoardRole> role{};
    std::thread thread{};
    Node* node = nullptr;
    RoleOutcome* outcome = nullptr;
  };

  Attachment& add(End& end, const Partner& partner);
  std::string address_of(const End& end, std::uint16_t port) const;
  void boot(End& end);
  bool start_server();
  void talk(End& end);
  void hear_consoles();
  bool is_over() const;

  const Exchange& exchange_;
  const Settings& settings_;
  Watcher& watcher_;
  Simulation simulation_;
  End client_, server_;
  Link* link_ = nullptr;
  std::unique_ptr<NodeListener> listener_;
  std::binary_semaphore server_listens_{0};
  std::atomic<int> boards_talking_{0};
  std::atomic<bool> stopped_{false};
  Done board_done_;
};

}  // namespace host_sim::tool
