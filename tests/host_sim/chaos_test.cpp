// Faults from a seed: always sound, never hopeless, and all of them come.
#include <gtest/gtest.h>

#include <host_sim/chaos.hpp>

namespace host_sim {
namespace {

TEST(Chaos, OneSeedIsOneNetwork) {
  EXPECT_EQ(chaos_faults(7), chaos_faults(7));
  EXPECT_NE(chaos_faults(7), chaos_faults(8));
}

// These draws are what replay lines of old sweeps mean.
TEST(Chaos, DrawsAreThoseOfEveryBuild) {
  EXPECT_EQ(format_faults(chaos_faults(1)), "burst=0.8%,37%,84% jitter=16ms corrupt=0.1% queue=23");
  EXPECT_EQ(format_faults(chaos_faults(18446744073709551615u)),
            "delay=7ms jitter=16ms duplicate=0.4% partition=3.244s,1.214s,out");
}

TEST(Chaos, EveryDrawIsSoundAndItsTextSaysItAll) {
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    const Faults faults = chaos_faults(seed);
    const auto sound = check_faults(faults);
    ASSERT_TRUE(sound) << seed << ": " << sound.error();
    const auto again = parse_faults(format_faults(faults));
    ASSERT_TRUE(again) << seed << ": " << again.error();
    EXPECT_EQ(*again, faults) << seed;
  }
}

TEST(Chaos, NothingLastsForEver) {
  for (uint64_t seed = 0; seed < 2000; ++seed) {
    const Faults faults = chaos_faults(seed);
    EXPECT_LE(faults.loss.per_billion, percent(4).per_billion) << seed;
    EXPECT_EQ(faults.mtu, Faults{}.mtu) << seed;
    for (const auto* outages : {&faults.partitions, &faults.downs}) {
      for (const Outage& outage : *outages) {
        EXPECT_LE(outage.at + outage.length, 8s) << seed;
        EXPECT_EQ(outage.every, Duration(0)) << seed;
      }
    }
  }
}

TEST(Chaos, EveryFaultComesInAThirdOfAllDraws) {
  constexpr int draws = 3000;
  int counts[11] = {};
  for (uint64_t seed = 0; seed < draws; ++seed) {
    const Faults faults = chaos_faults(seed);
    const Faults good;
    const bool set[] = {faults.loss != good.loss,       faults.burst != good.burst,
                        faults.delay != good.delay,     faults.jitter != good.jitter,
                        faults.reorder != good.reorder, faults.duplicate != good.duplicate,
                        faults.corrupt != good.corrupt, faults.rate_bps != good.rate_bps,
                        faults.queue != good.queue,     !faults.partitions.empty(),
                        !faults.downs.empty()};
    for (size_t fault = 0; fault < std::size(set); ++fault) counts[fault] += set[fault] ? 1 : 0;
  }
  for (const int count : counts) EXPECT_NEAR(count, draws / 3, draws / 25);
}

}  // namespace
}  // namespace host_sim
