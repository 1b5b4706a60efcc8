// One node of a simulation: an image, a role and a clock, and what became of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <coop/host/node_abi.hpp>
#include <host_sim/image.hpp>
#include <host_sim/network.hpp>
#include <host_sim/time.hpp>

namespace host_sim {

class Node;

struct NodeOptions {
  std::string name{};                    // unique; empty: "nodeN"
  std::string role{};                    // of the image; empty: boots its stack alone
  std::vector<std::string> arguments{};  // "peer=10.0.0.2:5005"
  bool powered = true;                   // switched on as soon as the simulation runs
  const Node* after = nullptr;           // and not before that node is ready
  bool gateway = false;                  // Simulation::gateway_ipv4() and _ipv6() are its routers
  uint32_t clock_offset_ms = 0;  // its clock begins here: 4294960000 is 7.3 s before the wrap
  int32_t clock_skew_ppm = 0;    // its clock is so much too fast; -500,000 to 1,000,000
  uint64_t livelock_switches = 1'000'000;  // thread switches at one instant that are a livelock
};

enum class NodeState : uint8_t { off, running, finished, panicked };
const char* node_state_name(NodeState state);

struct LogLine {
  Instant at;
  std::string text;
};

class Node : public Attachment {
 public:
  uint32_t number() const { return number_; }  // N, from 1
  std::string ipv4() const;                    // "10.0.0.N"
  std::string ipv6() const;                    // "fd00::N", N in hexadecimal
  std::string link_local() const;              // "fe80::…", from the MAC
  std::string mac() const;                     // "02:00:00:00:00:0N"

  // Power. At the present instant; the node runs when the simulation does. A boot begins with an
  // empty transcript, and with the node's clock at clock_offset_ms.
  void power_on();  // nothing if it is on
  void power_off();
  void reset() { power_off(), power_on(); }
  void restart(Duration after);                  // power off now, on again then
  void set_options(const NodeOptions& options);  // role, arguments, clock: from the next boot on
  void set_clock_skew(int32_t ppm);              // from now on, without a jump

  NodeState state() const { return state_; }
  bool ready() const { return ready_; }  // its role listens
  bool finished() const { return state_ == NodeState::finished; }
  int status() const { return status_; }  // the role's; 0 passed. -1 before it finished
  bool passed() const { return finished() && status_ == 0; }
  const std::string& panic() const { return panic_; }  // empty: none
  uint32_t boots() const { return boots_; }
  uint64_t clock_us() const;  // the node's, without clock_offset_ms

  const std::vector<std::string>& transcript() const { return transcript_; }  // since boot
  const std::vector<LogLine>& log() const { return log_; }                    // since the first

  // Looking inside, between runs; empty while the node is off.
  std::vector<TwinsockSocketRow> sockets() const;
  std::vector<TwinsockPoolRow> pools() const;
  std::vector<TwinsockThreadRow> threads() const;

 protected:
  friend class World;
  using Attachment::Attachment;
  ~Node() = default;

  NodeOptions options_;
  uint32_t number_ = 0;
  uint32_t boots_ = 0;
  NodeState state_ = NodeState::off;
  bool ready_ = false;
  int status_ = -1;
  std::string panic_;
  std::vector<std::string> transcript_;
  std::vector<LogLine> log_;
};

}  // namespace host_sim
