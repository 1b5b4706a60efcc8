// What one direction of a link does to a frame, in integer arithmetic alone.
#include "lane.hpp"

#include <algorithm>

namespace host_sim {
namespace {

// Preamble 8, frame check 4, gap 12; a frame has at least 60 octets before its check.
constexpr uint64_t kFraming = 24, kShortest = 60;
constexpr uint64_t kBitNs = 8'000'000'000;  // bits of an octet, times ns of a second

enum Stream : uint64_t { kLoss = 1, kBurst, kJitter, kReorder, kDuplicate, kCorrupt };

}  // namespace

void DepartureRing::push(int64_t time_ns) {
  if (count_ == ring_.size()) {
    std::vector<int64_t> larger(ring_.size() * 2);
    for (size_t index = 0; index < count_; ++index) {
      larger[index] = ring_[(first_ + index) & (ring_.size() - 1)];
    }
    ring_ = std::move(larger);
    first_ = 0;
  }
  ring_[(first_ + count_++) & (ring_.size() - 1)] = time_ns;
}

Lane::Lane(uint64_t seed, uint32_t link, Way way)
    : way_(way),
      loss_(seed, link, static_cast<uint64_t>(way), kLoss),
      burst_(seed, link, static_cast<uint64_t>(way), kBurst),
      jitter_(seed, link, static_cast<uint64_t>(way), kJitter),
      reorder_(seed, link, static_cast<uint64_t>(way), kReorder),
      duplicate_(seed, link, static_cast<uint64_t>(way), kDuplicate),
      corrupt_(seed, link, static_cast<uint64_t>(way), kCorrupt) {}

Lane::~Lane() {
  for (const auto& rule : rules_) {
    if (const auto slot = rule.lock()) slot->self.reset();
  }
}

int64_t Lane::time_on_wire(size_t size, bool back_to_back) {
  if (faults.rate_bps == 0) return 0;
  const uint64_t octets = std::max<uint64_t>(size, kShortest) + kFraming;
  const uint64_t total = octets * kBitNs + (back_to_back ? rate_remainder_ : 0);
  rate_remainder_ = total % faults.rate_bps;
  return static_cast<int64_t>(total / faults.rate_bps);
}

bool Lane::lose_in_burst() {
  const BurstLoss& burst = faults.burst;
  if (burst.enter == Probability{}) return false;
  if (burst_.chance(in_burst_ ? burst.leave : burst.enter)) in_burst_ = !in_burst_;
  return in_burst_ && burst_.chance(burst.loss);
}

int64_t Lane::keep_order(int64_t arrives_ns) {
  return last_arrival_ns_ = std::max(arrives_ns, last_arrival_ns_ + 1);
}

Lane::Passage Lane::pass(int64_t now_ns, size_t size, bool up, int64_t rule_delay_ns) {
  Passage passage{Fate::arrives, false, false, false, now_ns, now_ns, now_ns};
  const auto lost = [&](Fate fate) {
    passage.fate = fate;
    return passage;
  };
  if (!up) return lost(Fate::link_down);
  for (const Outage& outage : faults.partitions) {
    if (outage.covers(Instant(now_ns), way_)) return lost(Fate::cut);
  }
  if (size > faults.mtu + 14) return lost(Fate::too_big);
  if (waiting_.drop_until(now_ns) >= faults.queue) return lost(Fate::queue_full);

  const bool back_to_back = free_at_ns_ >= now_ns;
  passage.starts_ns = std::max(now_ns, free_at_ns_);
  const int64_t wire_ns = time_on_wire(size, back_to_back);
  free_at_ns_ = passage.starts_ns + wire_ns;
  if (free_at_ns_ > now_ns) waiting_.push(free_at_ns_);

  if (faults.loss != Probability{} && loss_.chance(faults.loss)) return lost(Fate::lost);
  if (lose_in_burst()) return lost(Fate::lost_in_burst);
  passage.corrupt = faults.corrupt != Probability{} && corrupt_.chance(faults.corrupt);

  int64_t arrives_ns = free_at_ns_ + std::max<int64_t>(faults.delay.count(), wire_ns == 0);
  const uint64_t jitter_ns = static_cast<uint64_t>(faults.jitter.count());
  if (jitter_ns != 0) arrives_ns += static_cast<int64_t>(jitter_.below(jitter_ns + 1));
  passage.reordered = faults.reorder != Probability{} && reorder_.chance(faults.reorder);
  if (passage.reordered || rule_delay_ns != 0) {
    const auto held_ns = static_cast<uint64_t>(faults.reorder_delay.count());
    if (passage.reordered) arrives_ns += static_cast<int64_t>(reorder_.below(held_ns) + 1);
    passage.arrives_ns = arrives_ns + rule_delay_ns;
  } else {
    passage.arrives_ns = keep_order(arrives_ns);
  }
  passage.duplicate = faults.duplicate != Probability{} && duplicate_.chance(faults.duplicate);
  return passage;
}

int64_t Lane::pass_copy(int64_t after_ns, size_t size, bool in_order) {
  const uint64_t octets = std::max<uint64_t>(size, kShortest) + kFraming;
  const uint64_t wire_ns = faults.rate_bps == 0 ? 1 : octets * kBitNs / faults.rate_bps + 1;
  const int64_t arrives_ns = after_ns + static_cast<int64_t>(wire_ns);
  return in_order ? keep_order(arrives_ns) : arrives_ns;
}

void Lane::corrupt(std::span<uint8_t> frame, uint32_t count) {
  if (count == 0) count = 1 + static_cast<uint32_t>(corrupt_.below(3));
  count = std::min<uint32_t>(count, static_cast<uint32_t>(frame.size()) * 8);
  // Each in another column of the Internet checksum's 16-bit words while there are any left: up to
  // three such bits never cancel out, so that TCP and UDP see what an Ethernet check would have.
  std::vector<uint64_t> turned;
  while (turned.size() < count) {
    const uint64_t bit = corrupt_.below(frame.size() * 8);
    const auto clashes = [&](uint64_t other) {
      return other == bit || (turned.size() < 16 && other % 16 == bit % 16);
    };
    if (std::any_of(turned.begin(), turned.end(), clashes)) continue;
    turned.push_back(bit);
    frame[bit / 8] = static_cast<uint8_t>(frame[bit / 8] ^ (1u << (bit % 8)));
  }
}

Verdict Lane::ask_rules(std::span<const uint8_t> frame) {
  std::erase_if(rules_, [](const auto& rule) { return rule.expired(); });
  has_rules = !rules_.empty();
  if (!has_rules) return Verdict::pass();
  const Packet packet = parse_packet(frame);
  const std::vector<std::weak_ptr<RuleSlot>> present = rules_;  // a rule may add or lift rules
  for (const auto& rule : present) {
    const auto slot = rule.lock();
    if (!slot) continue;
    const Verdict verdict = slot->rule(packet);
    if (verdict.kind != Verdict::Kind::pass) return verdict;
  }
  return Verdict::pass();
}

std::shared_ptr<RuleSlot> Lane::add_rule(Rule rule) {
  auto slot = std::make_shared<RuleSlot>(RuleSlot{std::move(rule), nullptr});
  rules_.push_back(slot);
  has_rules = true;
  return slot;
}

void RuleGuard::keep() {
  if (slot_) slot_->self = slot_;
  slot_.reset();
}

}  // namespace host_sim
