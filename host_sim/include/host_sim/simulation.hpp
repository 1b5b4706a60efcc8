// A simulated network: one clock, one queue of events, one seed.
//
//   Simulation simulation({.seed = 7});
//   Image image = *Image::open("exchanges-default.node");
//   Node& server = simulation.add_node(image, {.name = "server", .role = "tcp_echo.server"});
//   Node& client = simulation.add_node(
//       image, {.name = "client", .role = "tcp_echo.client",
//               .arguments = {"peer=" + server.ipv4() + ":5005"}, .after = &server});
//   simulation.connect(client, server, {.loss = percent(5), .delay = 20ms});
//   RunResult run = simulation.run_until([&] { return client.finished(); }, 60s);
//   EXPECT_TRUE(run.reached && client.passed()) << run.text << simulation.describe();
//
// One seed is one trace, byte for byte. Everything that it returns by reference lives as long as
// it. Distinct simulations may run in distinct threads; one is used by one thread at a time. Calls
// never block on the wall clock. Wrong use (a name twice, an end connected twice) aborts.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <host_sim/image.hpp>
#include <host_sim/network.hpp>
#include <host_sim/node.hpp>
#include <host_sim/observer.hpp>

namespace host_sim {

struct SimulationOptions {
  uint64_t seed = 1;
  bool shuffle_ties = true;     // the seed orders events of one instant, and ready threads; at()'s
                                // actions keep theirs. false: first come, first served
  bool hash_trace = true;       // keep trace_hash(); costs about 4 ns a byte of traffic
  uint32_t ipv4_prefix = 24;    // 24: up to 254 nodes; 16: up to 65,534, as 10.0.H.L
  uint32_t watchdog_s = 10;     // wall time that one call into a node may take; 0: for ever
  size_t flight_recorder = 40;  // the last frames, shown by describe()
  std::string replay{};         // a command line; closes every report of a failure
};

enum class Stop : uint8_t { predicate, deadline, idle, panic, bridge };  // bridge: real_time.hpp

struct RunResult {
  Stop stop;
  bool reached;      // the predicate holds
  Instant at;        // the clock when it stopped
  uint64_t events;   // that this run handled
  std::string text;  // empty if reached; else one line: what it waited for and why it ended
};

class Simulation {
 public:
  explicit Simulation(const SimulationOptions& options = {});
  ~Simulation();
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  Node& add_node(const Image& image, const NodeOptions& options);
  Switch& add_switch(std::string name);
  Port& add_port(std::string name, Port::Receiver receiver = {});
  Link& connect(Attachment& first, Attachment& second, const Faults& faults = {});

  // Handles events in the order of (time, sequence) until the predicate holds (asked first, and
  // after each event), the clock reaches `deadline` from now, nothing is left to do, or a node
  // panics. The clock then stands at the last event, or at the deadline.
  RunResult run_until(const std::function<bool()>& predicate, Duration deadline,
                      const char* what = "the condition");
  RunResult run_for(Duration duration);
  // Until no frame is under way and none was sent for as long as `quiet`.
  RunResult run_until_idle(Duration deadline, Duration quiet = 1s);

  Instant now() const;
  Instant next_event() const;  // when there is something to do again; `forever`: nothing is planned
  uint64_t seed() const;

  // Calls back at an instant of the clock, at once if it is past. The action may do anything.
  void at(Instant instant, std::function<void()> action);
  // Randomness for tests and scenarios, from the seed, a stream of its own for each purpose.
  Random random(uint64_t purpose) const;

  Node* find_node(std::string_view name);   // nullptr: none
  Link* find_link(std::string_view name);   // "a-b" or "b-a"
  const std::vector<Node*>& nodes() const;  // in the order in which they were added
  const std::vector<Link*>& links() const;

  void add_observer(Observer& observer);
  void remove_observer(Observer& observer);

  // SHA-256 over every frame, its times, link, direction and fate, and every event of a node.
  std::string trace_hash() const;
  uint64_t frames() const;  // so far, one for each link that it was sent on
  uint64_t events() const;
  size_t frames_under_way() const;

  // The address before the network's last, "10.0.0.254" and "fd00::fe": that of a bridge to the
  // outside, and the router of nodes that have `gateway` set.
  std::string gateway_ipv4() const;
  std::string gateway_ipv6() const;

  // All that helps with a failure: nodes with transcripts, logs, sockets, pools and threads; links
  // with counters; the last frames; the replay line.
  std::string describe() const;
  std::string last_frames() const;  // as the text trace shows them
  const SimulationOptions& options() const;

 private:
  std::unique_ptr<World> world_;
};

}  // namespace host_sim
