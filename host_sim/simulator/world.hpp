// The inside of a simulation: clock, queue of events, nodes and network.
#pragma once

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <host_sim/simulation.hpp>

#include "event_queue.hpp"
#include "flight_recorder.hpp"
#include "live.hpp"
#include "trace_hash.hpp"

namespace host_sim {

// Of the address before the network's last.
inline uint32_t gateway_number(uint32_t prefix) { return (~uint32_t{0} >> prefix) - 1; }

// Invariants:
// 1. A node's code runs only inside call(); nothing else happens meanwhile but collecting its
//    frames and events, which are handled when the call has returned.
// 2. A node has at most one event that will run it: the one whose order is wake_order.
// 3. Only event times, the seed and what the user does at an event decide what happens.
class World {
 public:
  explicit World(const SimulationOptions& options);
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Making the network: world_nodes.cpp, world_network.cpp.
  LiveNode& add_node(const Image& image, const NodeOptions& options);
  LiveSwitch& add_switch(std::string name);
  LivePort& add_port(std::string name, Port::Receiver receiver);
  LiveLink& connect(Attachment& first, Attachment& second, const Faults& faults);

  // Running: world.cpp.
  RunResult run(const std::function<bool()>& predicate, Duration deadline, Duration quiet,
                const char* what);
  void at(Instant instant, std::function<void()> action);
  Instant next_event() const { return queue_.empty() ? forever : Instant(queue_.top().time_ns); }

  // Nodes: world_nodes.cpp.
  void power_on(LiveNode& node);
  void power_off(LiveNode& node);
  void set_skew(LiveNode& node, int32_t ppm);
  void collect(LiveNode& node, std::span<const uint8_t> frame);
  void collect(LiveNode& node, TwinsockNodeEvent event, int value, std::string_view text);
  void* allocate_stack(LiveNode& node, size_t size);
  template <typename Row, typename Read>
  std::vector<Row> rows(LiveNode& node, Read read);

  // Network: world_network.cpp.
  void send(LiveLink* link, Way way, Frame* frame);  // takes the reference
  void send_from(LivePort& port, std::span<const uint8_t> frame);
  Expected<void> set_faults(LiveLink& link, const Faults& faults, Way way);
  void set_pulled(LiveLink& link, bool pulled);

  size_t arrival_count() const { return arrival_count_; }

  void add_observer(Observer& observer);
  void remove_observer(Observer& observer);
  // Everything that observers hold goes to the disk, and the replay line to standard error. Called
  // just before the process ends, from a signal handler or the watchdog's thread.
  void flush_for_the_end();

  SimulationOptions options;
  int64_t now_ns = 0;
  uint64_t event_count = 0, frame_count = 0;
  std::vector<Node*> node_list;
  std::vector<Link*> link_list;
  TraceHash hash;
  FlightRecorder recorder;

  // For the watchdog and the crash handler. calls is odd during a call.
  std::atomic<uint64_t> calls{0};
  std::atomic<LiveNode*> active{nullptr};

 private:
  template <typename Call>
  auto call(LiveNode& node, Call function);

  void handle(const Event& event);

  void wake(LiveNode& node, const Event& event);
  void run_node(LiveNode& node);
  void plan(LiveNode& node, uint64_t deadline_us);
  void wake_at(LiveNode& node, int64_t time_ns);
  void handle_outputs(LiveNode& node);
  void handle_event(LiveNode& node, TwinsockNodeEvent event, int value, std::string_view text);
  void panic(LiveNode& node, std::string_view text);
  void record(LiveNode& node, NodeEvent event, int value, std::string_view text);
  void tell_link(LiveNode& node, bool up);
  void boot(LiveNode& node);

  void attach(LiveLink& link, int end);
  void arrive(const Event& event);
  void arrive_at_node(LiveNode& node, LiveLink& link, const Event& event, Way way);
  void arrive_at_switch(LiveSwitch& hub, LiveLink& link, Frame* frame, Way way);
  void refuse(LiveNode& node, Lane& lane, uint64_t number, const char* reason);
  void record(LiveLink& link, const FrameRecord& record);
  void launch(LiveLink& link, Way way, Frame* frame, FrameRecord& record);
  void check_link(LiveLink& link);
  void plan_downs(LiveLink& link);
  bool is_up(const LiveLink& link) const;
  bool is_taken(const std::string& name) const;

  EventQueue queue_;
  FramePool pool_;
  std::deque<LiveNode> nodes_;
  std::deque<LiveLink> links_;
  std::deque<LiveSwitch> switches_;
  std::deque<LivePort> ports_;
  std::vector<std::function<void()>> actions_;
  std::vector<uint64_t> free_actions_;
  std::vector<Observer*> observers_;
  size_t arrival_count_ = 0;  // events of frames under way
  int64_t last_sent_ns_ = 0;  // when the last frame was handed to a link
  bool panicked_ = false;     // since the run began
};

template <typename Call>
auto World::call(LiveNode& node, Call function) {
  // Plain stores: one thread writes. The signal handler and the watchdog read.
  active.store(&node, std::memory_order_relaxed);
  calls.store(calls.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  const auto result = function(*node.table);
  calls.store(calls.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  active.store(nullptr, std::memory_order_relaxed);
  return result;
}

template <typename Row, typename Read>
std::vector<Row> World::rows(LiveNode& node, Read read) {
  std::vector<Row> rows;
  if (node.table == nullptr) return rows;
  size_t count = 32;
  do {
    rows.resize(count);
    count = call(node,
                 [&](const TwinsockNode& table) { return read(table)(rows.data(), rows.size()); });
  } while (count > rows.size());
  rows.resize(count);
  return rows;
}

}  // namespace host_sim
