// Faults drawn from a seed. Every fault has a stream of its own: one more changes no other's draws.
#include <host_sim/chaos.hpp>

namespace host_sim {
namespace {

constexpr uint64_t kPurpose = 0x6368616f73;  // "chaos": a stream apart from those of the links
constexpr uint64_t kRates[] = {256'000, 512'000, 1'000'000, 2'000'000, 5'000'000, 20'000'000};

enum Fault : uint64_t {
  kLoss,
  kBurst,
  kDelay,
  kJitter,
  kReorder,
  kDuplicate,
  kCorrupt,
  kRate,
  kQueue,
  kPartition,
  kDown,
};

// Draws for one fault, after the draw that says whether it is set at all.
class Draw {
 public:
  Draw(uint64_t seed, Fault fault) : random_(seed, kPurpose, fault), set_(random_.below(3) == 0) {}

  bool set() const { return set_; }
  uint64_t between(uint64_t lowest, uint64_t highest) {
    return lowest + random_.below(highest - lowest + 1);
  }
  Probability tenths_of_percent(uint64_t lowest, uint64_t highest) {
    return per_mille(static_cast<uint32_t>(between(lowest, highest)));
  }
  Duration milliseconds(uint64_t lowest, uint64_t highest) {
    return std::chrono::milliseconds(between(lowest, highest));
  }

 private:
  Random random_;
  bool set_;
};

}  // namespace

Faults chaos_faults(uint64_t seed) {
  Faults faults;
  if (Draw draw(seed, kLoss); draw.set()) faults.loss = draw.tenths_of_percent(1, 40);
  if (Draw draw(seed, kBurst); draw.set()) {
    faults.burst.enter = draw.tenths_of_percent(1, 8);
    faults.burst.leave = percent(static_cast<uint32_t>(draw.between(12, 50)));
    faults.burst.loss = percent(static_cast<uint32_t>(draw.between(50, 100)));
  }
  if (Draw draw(seed, kDelay); draw.set()) faults.delay = draw.milliseconds(1, 60);
  if (Draw draw(seed, kJitter); draw.set()) faults.jitter = draw.milliseconds(1, 30);
  if (Draw draw(seed, kReorder); draw.set()) {
    faults.reorder = draw.tenths_of_percent(1, 40);
    faults.reorder_delay = draw.milliseconds(1, 40);
  }
  if (Draw draw(seed, kDuplicate); draw.set()) faults.duplicate = draw.tenths_of_percent(1, 40);
  if (Draw draw(seed, kCorrupt); draw.set()) faults.corrupt = draw.tenths_of_percent(1, 20);
  if (Draw draw(seed, kRate); draw.set()) {
    faults.rate_bps = kRates[draw.between(0, std::size(kRates) - 1)];
  }
  if (Draw draw(seed, kQueue); draw.set()) {
    faults.queue = static_cast<uint32_t>(draw.between(8, 64));
  }
  if (Draw draw(seed, kPartition); draw.set()) {
    const Duration at = draw.milliseconds(0, 5000);
    const Duration length = draw.milliseconds(100, 3000);
    faults.partitions.push_back({.at = at, .length = length, .way = Way(draw.between(0, 2))});
  }
  if (Draw draw(seed, kDown); draw.set()) {
    const Duration at = draw.milliseconds(0, 5000);
    faults.downs.push_back({.at = at, .length = draw.milliseconds(50, 2000)});
  }
  return faults;
}

}  // namespace host_sim
