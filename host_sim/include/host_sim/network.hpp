// What the simulated Ethernet is made of: links with two ends, switches, and bare ports.
//
// Simulation makes and owns them: see simulation.hpp.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include <host_sim/faults.hpp>
#include <host_sim/observer.hpp>
#include <host_sim/rule.hpp>

namespace host_sim {

class World;  // the inside of a simulation

// What a link ends at: a Node, a Switch or a Port.
class Attachment {
 public:
  const std::string& name() const { return name_; }
  Attachment(const Attachment&) = delete;
  Attachment& operator=(const Attachment&) = delete;

 protected:
  friend class World;
  enum class Kind : uint8_t { node, hub, port };
  Attachment(World& world, Kind kind, std::string name)
      : world_(world), name_(std::move(name)), kind_(kind) {}
  ~Attachment() = default;

  World& world_;
  std::string name_;
  Kind kind_;
};

struct LinkCounters {  // of one direction
  uint64_t sent = 0, sent_bytes = 0;
  uint64_t arrived = 0;  // of them, and of duplicates
  uint64_t lost = 0, lost_in_burst = 0, cut = 0, link_down = 0, too_big = 0, queue_full = 0,
           dropped = 0;
  uint64_t corrupted = 0, duplicated = 0, reordered = 0, delayed = 0;
  uint64_t refused = 0;  // arrived at a node that was off or had no room
};

// A cable between two ends, each direction with faults of its own.
class Link {
 public:
  const std::string& name() const;        // "client-server"; a switch adds its ports: "client-lan"
  uint32_t index() const;                 // from 0, in the order of connect()
  const Attachment& end(Way from) const;  // Way::out: the first end, where frames out come from

  // From the next frame on. Outages are in the simulation's clock; those of the past are past. The
  // cable is down when the faults of either way say so. Refuses what check_faults() refuses.
  Expected<void> set_faults(const Faults& faults, Way way = Way::both);
  const Faults& faults(Way way) const;  // out or in

  RuleGuard add_rule(Way way, Rule rule);

  // Pull the cable and plug it in again: both ends see it.
  void set_up(bool up);
  bool up() const;

  const LinkCounters& counters(Way way) const;  // out or in

 protected:
  Link() = default;
  ~Link() = default;
};

// Learns which MAC is behind which port; floods what it does not know. Takes no time of its own:
// each link out of it has a queue, a rate and a delay.
class Switch : public Attachment {
 public:
  // The link behind which a MAC was seen last; nullptr: never seen.
  const Link* where(const uint8_t mac[6]) const;

 protected:
  using Attachment::Attachment;
  ~Switch() = default;
};

// A bare end: a test, a traffic generator or a bridge sends and receives raw frames.
class Port : public Attachment {
 public:
  using Receiver = std::function<void(Instant now, std::span<const uint8_t> frame)>;

  // At the present instant. Frames of more than 2,000 bytes are wrong use.
  void send(std::span<const uint8_t> frame);

 protected:
  using Attachment::Attachment;
  ~Port() = default;
};

}  // namespace host_sim
