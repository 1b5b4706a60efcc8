// The clocks of nodes: offsets, skews, and when a deadline of theirs is.
#include <gtest/gtest.h>

#include "fake_node.hpp"
#include "live.hpp"
#include "world.hpp"

namespace host_sim {
namespace {

struct Clock {
  World world{{}};
  LiveNode& node;

  explicit Clock(int32_t ppm)
      : node(world.add_node(Image::of(fake_node()), {.powered = false, .clock_skew_ppm = ppm})) {}
};

TEST(NodeClock, DeadlineIsTheFirstInstantThatShowsIt) {
  for (const int32_t ppm : {0, 1, -1, 50, -50, 333'333, -333'333, 1'000'000, -500'000}) {
    Clock clock(ppm);
    clock.node.anchor(12'345, 678);
    Random random(static_cast<uint64_t>(ppm) + 1'000'000);
    for (int round = 0; round < 1000; ++round) {
      const uint64_t deadline_us = random.below(uint64_t{1} << (20 + round % 30)) + 1;
      const int64_t instant_ns = clock.node.instant_of(deadline_us);
      ASSERT_GE(clock.node.clock_at(instant_ns), deadline_us) << ppm;
      ASSERT_LT(clock.node.clock_at(instant_ns - 1), deadline_us) << ppm;
    }
  }
}

TEST(NodeClock, SkewIsItsShare) {
  Clock clock(100);
  clock.node.anchor(0, 0);
  EXPECT_EQ(clock.node.clock_at(1'000'000'000'000), 1'000'100'000u);
  Clock slow(-500'000);
  slow.node.anchor(0, 0);
  EXPECT_EQ(slow.node.clock_at(1'000'000'000'000), 500'000'000u);
}

TEST(NodeClock, NeverIsNever) {
  Clock clock(0);
  EXPECT_EQ(clock.node.instant_of(UINT64_MAX), -1);
}

}  // namespace
}  // namespace host_sim
