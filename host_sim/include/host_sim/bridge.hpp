// Bridge: one end of a link that is not simulated. Frames that arrive there leave the simulation,
// and frames from outside come in there, in real time.
//
//   auto board = *FrameSocket::datagram("unix:sim.sock", "unix:board.sock");  // a QEMU, see there
//   Port& port = board->add_to(simulation, "board");
//   simulation.connect(node, port, {.loss = percent(5)});
//   RealTime real_time(simulation);                                           // real_time.hpp
//   real_time.add(*board);
//   RunResult run = real_time.run_until([&] { return node.finished(); }, 60s, "the node's end");
//
// There are FrameSocket (frame_socket.hpp), SlirpBridge (slirp_bridge.hpp) and TapBridge
// (tap_bridge.hpp); a further one is a class over this. A bridge outlives the runs of its
// simulation. It is used by the thread that runs the simulation and never blocks.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <host_sim/simulation.hpp>

struct pollfd;  // <poll.h>

namespace host_sim {

inline constexpr size_t smallest_frame = 60;   // without the checksum; shorter ones are filled up
inline constexpr size_t largest_frame = 1518;  // with a VLAN tag; longer ones are lost

struct BridgeCounters {
  uint64_t out = 0, in = 0;    // frames that left and entered the simulation
  uint64_t out_lost = 0;       // nobody was there to take them, or had no room
  uint64_t in_wrong_size = 0;  // shorter than an Ethernet header, or longer than largest_frame
};

class Bridge {
 public:
  virtual ~Bridge() = default;
  Bridge(const Bridge&) = delete;
  Bridge& operator=(const Bridge&) = delete;

  // Adds the end, for Simulation::connect(). Once.
  Port& add_to(Simulation& simulation, std::string name);

  const BridgeCounters& counters() const { return counters_; }
  // Why it cannot go on, one line; empty: it can. It ends the run.
  const std::string& failure() const { return failure_; }

  // For RealTime, at each turn of its loop: what to wait for (added to `waits`) and how long at
  // most (lowered in `longest`), then what came of it: the same entries, with their revents.
  virtual void prepare(std::vector<pollfd>& waits, Duration& longest) = 0;
  virtual void handle(std::span<const pollfd> waits) = 0;

 protected:
  Bridge() = default;

  // A frame that left the simulation. False: it is lost.
  virtual bool take(std::span<const uint8_t> frame) = 0;
  // A frame that enters the simulation at the present instant; called by handle().
  void give(std::span<const uint8_t> frame);
  void fail(std::string why) {
    if (failure_.empty()) failure_ = std::move(why);
  }
  Instant now() const;  // of the simulation

  BridgeCounters counters_;

 private:
  Simulation* simulation_ = nullptr;
  Port* port_ = nullptr;
  std::string failure_;
};

}  // namespace host_sim
