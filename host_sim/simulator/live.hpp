// The working forms of what a simulation's user holds by reference: links, switches, ports, nodes.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include <host_sim/node.hpp>

#include "frame_pool.hpp"
#include "lane.hpp"

namespace host_sim {

class LiveLink : public Link {
 public:
  LiveLink(World& owner, uint64_t seed, uint32_t number, Attachment& first, Attachment& second);

  Lane& lane(Way way) { return way == Way::out ? out : in; }
  const Lane& lane(Way way) const { return way == Way::out ? out : in; }
  Attachment& target(Way way) { return *ends[way == Way::out ? 1 : 0]; }

  World& world;
  std::string label;
  uint32_t number;
  Attachment* ends[2];
  uint32_t hub_ports[2] = {};  // where an end is a switch: its port there
  bool pulled = false;         // by set_up(false)
  bool is_up = true;           // neither pulled nor down by its faults
  uint32_t down_version = 0;   // of the faults whose changes are scheduled
  Lane out, in;
};

// Ports of links, and which of them a MAC was seen behind: an open hash table that only grows.
class LiveSwitch : public Switch {
 public:
  LiveSwitch(World& world, std::string name) : Switch(world, Kind::hub, std::move(name)) {}

  struct HubPort {
    LiveLink* link;
    Way outwards;  // away from the switch
  };
  static constexpr uint32_t kNowhere = UINT32_MAX;

  uint32_t find(uint64_t mac) const;
  void learn(uint64_t mac, uint32_t port);

  std::vector<HubPort> ports;

 private:
  struct Entry {
    uint64_t mac;
    uint32_t port = kNowhere;
  };
  Entry& slot(uint64_t mac);

  std::vector<Entry> table_ = std::vector<Entry>(64);
  size_t count_ = 0;
};

class LivePort : public Port {
 public:
  LivePort(World& world, std::string name, Receiver receives)
      : Port(world, Kind::port, std::move(name)), receiver(std::move(receives)) {}

  Receiver receiver;
  LiveLink* link = nullptr;
  Way outwards = Way::out;
};

struct Stack {
  uint8_t* base = nullptr;  // above its gap
  size_t size = 0;
};

class NodeCopy;

class LiveNode : public Node {
 public:
  LiveNode(World& world, std::string name, const Image& from, uint32_t n,
           const NodeOptions& chosen);

  NodeOptions& options() { return options_; }
  const NodeOptions& options() const { return options_; }

  // The node's clock. ns of the simulation since the anchor, times (1 + skew), is ns of the node.
  uint64_t clock_at(int64_t now_ns) const;
  // The first instant at which the node's clock shows deadline_us or more; -1: never.
  int64_t instant_of(uint64_t deadline_us) const;
  void anchor(int64_t now_ns, uint64_t local_ns) {
    anchor_ns_ = now_ns, anchor_local_ns_ = local_ns;
  }

  struct Output {
    Frame* frame;  // else an event
    TwinsockNodeEvent event;
    int value;
    size_t text_start, text_size;
  };

  Image image;
  const TwinsockNode* table = nullptr;  // while it is on
  std::shared_ptr<NodeCopy> copy;
  TwinsockHost host{};
  std::vector<Stack> stacks;
  std::vector<Output> outputs;  // of the call under way
  std::string texts;
  uint64_t overrun = 0;  // frames beyond what one run may send

  LiveLink* link = nullptr;
  Way outwards = Way::out;
  bool waits_for_ready = false;
  bool has_link_state = true;  // what the node was told last

  int64_t wake_ns = -1;     // when it wants to run; -1: never
  uint64_t wake_order = 0;  // of the event that will do so; 0: none
  int64_t wake_event_ns = 0;

  // Node's own fields, for World.
  using Node::boots_;
  using Node::log_;
  using Node::number_;
  using Node::panic_;
  using Node::ready_;
  using Node::state_;
  using Node::status_;
  using Node::transcript_;

 private:
  int64_t anchor_ns_ = 0;
  uint64_t anchor_local_ns_ = 0;
};

}  // namespace host_sim
