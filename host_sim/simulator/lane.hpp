// One direction of a link: its faults, their random streams, its queue and its wire.
#pragma once

#include <memory>
#include <vector>

#include <host_sim/network.hpp>

namespace host_sim {

struct RuleSlot {
  Rule rule;
  std::shared_ptr<RuleSlot> self;  // set while the rule is kept without its guard
};

// When the frames that wait for the wire have left: a ring that grows to the queue's limit.
class DepartureRing {
 public:
  size_t drop_until(int64_t now_ns) {
    while (count_ != 0 && ring_[first_ & (ring_.size() - 1)] <= now_ns) ++first_, --count_;
    return count_;
  }
  void push(int64_t time_ns);

 private:
  std::vector<int64_t> ring_ = std::vector<int64_t>(16);
  size_t first_ = 0, count_ = 0;
};

class Lane {
 public:
  Lane(uint64_t seed, uint32_t link, Way way);
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  // What happens to a frame of `size` bytes, handed over now, that no rule dropped.
  struct Passage {
    Fate fate;
    bool corrupt, duplicate, reordered;
    int64_t starts_ns, arrives_ns, copy_arrives_ns;
  };
  Passage pass(int64_t now_ns, size_t size, bool up, int64_t rule_delay_ns);
  // When one more copy of the frame that just passed arrives: right behind it.
  int64_t pass_copy(int64_t after_ns, size_t size, bool in_order);

  // Turns one to three distinct bits, or `count`, of a frame that begins with two MACs.
  void corrupt(std::span<uint8_t> frame, uint32_t count);
  Verdict ask_rules(std::span<const uint8_t> frame);
  std::shared_ptr<RuleSlot> add_rule(Rule rule);

  Faults faults;
  LinkCounters counters;
  bool has_rules = false;

 private:
  bool lose_in_burst();
  int64_t time_on_wire(size_t size, bool back_to_back);
  int64_t keep_order(int64_t arrives_ns);

  Way way_;
  Random loss_, burst_, jitter_, reorder_, duplicate_, corrupt_;
  bool in_burst_ = false;
  int64_t free_at_ns_ = 0;       // the wire
  uint64_t rate_remainder_ = 0;  // of the last division, so that a busy wire keeps its rate exactly
  int64_t last_arrival_ns_ = 0;
  DepartureRing waiting_;
  std::vector<std::weak_ptr<RuleSlot>> rules_;
};

}  // namespace host_sim
