// The events to come, totally ordered by (time, order).
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <host_sim/random.hpp>

#include "frame_pool.hpp"

namespace host_sim {

enum class EventKind : uint32_t { arrival, wake, action };

struct Event {
  int64_t time_ns;
  uint64_t order;   // unique
  uint64_t number;  // arrival: of the frame's record; action: its slot
  Frame* frame;     // arrival
  EventKind kind;
  uint32_t index;  // arrival: link * 2 + way; wake: node

  bool before(const Event& other) const {
    return time_ns != other.time_ns ? time_ns < other.time_ns : order < other.order;
  }
};

// A heap with four children a node: half as deep as a binary one.
class EventQueue {
 public:
  // shuffle: events of one instant come in an order drawn from `seed`, behind all actions, which
  // keep the order in which they were asked for; else first come, first served.
  EventQueue(bool shuffle, uint64_t seed) : shuffle_(shuffle), key_(mix64(seed) & kLow63) {}

  bool empty() const { return heap_.empty(); }
  const Event& top() const { return heap_.front(); }
  const std::vector<Event>& events() const { return heap_; }  // in no order that means anything

  // Returns the event's order.
  uint64_t push(int64_t time_ns, EventKind kind, uint32_t index, Frame* frame = nullptr,
                uint64_t number = 0) {
    const uint64_t order = next_order(kind);
    const Event event{time_ns, order, number, frame, kind, index};
    size_t hole = heap_.size();
    heap_.push_back(event);
    while (hole > 0) {
      const size_t parent = (hole - 1) / 4;
      if (!event.before(heap_[parent])) break;
      heap_[hole] = heap_[parent];
      hole = parent;
    }
    heap_[hole] = event;
    return order;
  }

  Event pop() {
    const Event first = heap_.front();
    const Event last = heap_.back();
    heap_.pop_back();
    const size_t size = heap_.size();
    if (size == 0) return first;
    size_t hole = 0;
    while (true) {
      const size_t child = hole * 4 + 1;
      if (child >= size) break;
      size_t best = child;
      const size_t end = child + 4 < size ? child + 4 : size;
      for (size_t index = child + 1; index < end; ++index) {
        if (heap_[index].before(heap_[best])) best = index;
      }
      if (!heap_[best].before(last)) break;
      heap_[hole] = heap_[best];
      hole = best;
    }
    heap_[hole] = last;
    return first;
  }

 private:
  static constexpr uint64_t kLow63 = (uint64_t{1} << 63) - 1;

  // Bijections of 63 bits and a bit that actions do not have: no two orders are equal.
  uint64_t next_order(EventKind kind) {
    const uint64_t sequence = ++sequence_;
    if (!shuffle_ || kind == EventKind::action) return sequence;
    uint64_t mixed = sequence ^ key_;
    mixed = ((mixed ^ mixed >> 31) * 0xBF58476D1CE4E5B9u) & kLow63;
    mixed = ((mixed ^ mixed >> 27) * 0x94D049BB133111EBu) & kLow63;
    return (mixed ^ mixed >> 31) | ~kLow63;
  }

  std::vector<Event> heap_;
  uint64_t sequence_ = 0;
  bool shuffle_;
  uint64_t key_;
};

}  // namespace host_sim
