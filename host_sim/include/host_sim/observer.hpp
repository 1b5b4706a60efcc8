// Who wants to see everything: captures, traces, hashes and reports are observers.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include <host_sim/faults.hpp>

namespace host_sim {

class Link;
class Node;

enum class Fate : uint8_t {
  arrives,        // at `arrives`
  lost,           // by Faults::loss
  lost_in_burst,  // by Faults::burst
  cut,            // sent during a partition
  link_down,      // sent while the cable was down
  too_big,        // for Faults::mtu
  queue_full,     // no room in Faults::queue
  dropped,        // by a packet rule
};
const char* fate_name(Fate fate);  // "arrives", "lost", "lost in a burst", …

// One frame on one link in one direction. A frame that crosses a switch has one record for each
// link. Valid during the call.
struct FrameRecord {
  uint64_t number;  // from 1, over all links
  Instant sent;     // handed to the link
  Instant starts;   // its first bit on the wire; later than sent: it was queued
  Instant arrives;  // its last bit at the far end; only if fate is `arrives`
  const Link* link;
  Way way;  // out or in
  Fate fate;
  bool corrupted;                  // `frame` is what arrives
  bool duplicate;                  // it is the copy of the frame numbered before it
  bool reordered;                  // held back by Faults::reorder
  bool delayed;                    // held back by a packet rule
  std::span<const uint8_t> frame;  // from the destination's MAC to the payload, without checksum
};

enum class NodeEvent : uint8_t {
  power_on,
  power_off,
  report,
  log,
  ready,
  finished,
  panic,
};

struct NodeRecord {
  Instant at;
  const Node* node;
  NodeEvent event;
  int value;              // finished: the role's status
  std::string_view text;  // report, log, panic
};

// A frame arrived and was not taken: its node is off, its cable is down, or it had no room.
struct RefusedRecord {
  Instant at;
  uint64_t number;
  const Node* node;
  const char* reason;
};

// Called in the order of the simulation's events, never from inside a node. An observer may not
// change the simulation. It is owned by the caller and outlives the simulation, or is removed.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void on_frame(const FrameRecord&) {}
  virtual void on_node(const NodeRecord&) {}
  virtual void on_refused(const RefusedRecord&) {}
  virtual void on_link(const Link&) {}  // a link was added, or exists when the observer is
  // Everything to the disk. Also called when a node crashed or hangs, from a signal handler or
  // another thread, just before the process ends.
  virtual void flush() {}
};

}  // namespace host_sim
