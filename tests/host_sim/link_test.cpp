// Delay, rate, queue, MTU, outages: to the nanosecond.
#include "wire.hpp"

namespace host_sim {
namespace {

TEST(Link, DelayIsExact) {
  Wire wire({.delay = 20ms, .rate_bps = 0});
  wire.send(2, 5ms);
  wire.run();
  ASSERT_EQ(wire.at_right.size(), 2u);
  EXPECT_EQ(wire.at_right[0].at, 20ms);
  EXPECT_EQ(wire.at_right[1].at, 25ms);
}

TEST(Link, NothingArrivesBeforeItIsSent) {
  Wire wire({.delay = 0ns, .rate_bps = 0});
  wire.send(1, 1ms);
  wire.run();
  EXPECT_EQ(wire.at_right[0].at, 1ns);
}

TEST(Link, RateCountsPreambleCheckAndGap) {
  // 1,514 + 24 octets at 100 Mbit/s are 123,040 ns; a short frame is 84 octets.
  Wire wire({.delay = 1us});
  wire.send(1, 1ms, 1514);
  wire.run();
  EXPECT_EQ(wire.at_right[0].at, 123'040ns + 1us);
  Wire small({.delay = 1us});
  small.send(1, 1ms, 20);
  small.run();
  EXPECT_EQ(small.at_right[0].at, 6'720ns + 1us);
}

TEST(Link, BusyWireKeepsItsRateOverThousandsOfFrames) {
  // 124 octets at 7 Mbit/s are 141,714 + 2/7 ns: the fractions add up.
  Wire wire({.delay = 1us, .rate_bps = 7'000'000, .queue = 100'000}, {.hash_trace = false});
  wire.send(7'000, 0ns);
  wire.run();
  ASSERT_EQ(wire.at_right.size(), 7'000u);
  EXPECT_EQ(wire.at_right.back().at, 992'000'000ns + 1us);
}

TEST(Link, FullQueueLosesWhatComes) {
  Wire wire({.rate_bps = 1'000'000, .queue = 8});
  wire.send(20, 0ns);
  wire.run();
  ASSERT_EQ(wire.at_right.size(), 8u);
  EXPECT_EQ(wire.link.counters(Way::out).queue_full, 12u);
  for (size_t index = 0; index < 8; ++index) EXPECT_EQ(wire.at_right[index].frame[14], index);
}

TEST(Link, QueueHasRoomAgainWhenAFrameHasLeft) {
  // 124 octets at 1 Mbit/s: 992 us on the wire.
  Wire wire({.rate_bps = 1'000'000, .queue = 1});
  for (const Duration at : {0us, 991us, 992us}) {
    wire.simulation.at(at, [&] { wire.left.send(frame_of(100)); });
  }
  wire.run();
  EXPECT_EQ(wire.link.counters(Way::out).queue_full, 1u);
  EXPECT_EQ(wire.at_right.size(), 2u);
}

TEST(Link, MtuCountsThePayload) {
  Wire wire({.mtu = 100});
  wire.left.send(frame_of(114));
  wire.left.send(frame_of(115));
  wire.run();
  EXPECT_EQ(wire.at_right.size(), 1u);
  EXPECT_EQ(wire.link.counters(Way::out).too_big, 1u);
}

TEST(Link, PartitionLosesWhatIsSentDuringIt) {
  Wire wire({.delay = 500ms, .partitions = {{2s, 3s}}});
  for (const Instant at : {Instant(2s - 1ns), Instant(2s), Instant(5s - 1ns), Instant(5s)}) {
    wire.simulation.at(at, [&] { wire.left.send(frame_of(60)); });
  }
  wire.run();
  ASSERT_EQ(wire.at_right.size(), 2u);  // the first was under way when it began
  EXPECT_EQ(wire.link.counters(Way::out).cut, 2u);
}

TEST(Link, OneWayPartitionLetsTheOtherWayPass) {
  Wire wire({.partitions = {{1s, 1s, 0s, Way::out}}});
  wire.simulation.at(1500ms, [&] {
    wire.left.send(frame_of(60));
    wire.right.send(frame_of(60));
  });
  wire.run();
  EXPECT_TRUE(wire.at_right.empty());
  EXPECT_EQ(wire.at_left.size(), 1u);
}

TEST(Link, PulledCableLosesBothWays) {
  Wire wire;
  wire.link.set_up(false);
  EXPECT_FALSE(wire.link.up());
  wire.left.send(frame_of(60));
  wire.right.send(frame_of(60));
  wire.run();
  EXPECT_EQ(wire.link.counters(Way::out).link_down, 1u);
  EXPECT_EQ(wire.link.counters(Way::in).link_down, 1u);
  wire.link.set_up(true);
  wire.left.send(frame_of(60));
  wire.run();
  EXPECT_EQ(wire.at_right.size(), 1u);
}

TEST(Link, PeriodicDownsComeAndGo) {
  Wire wire({.downs = {{1s, 1s, 4s}}});
  std::vector<bool> up;
  for (int second = 0; second < 10; ++second) {
    wire.simulation.run_for(500ms);
    up.push_back(wire.link.up());
    wire.simulation.run_for(500ms);
  }
  EXPECT_EQ(up, (std::vector<bool>{true, false, true, true, true, false, true, true, true, false}));
}

TEST(Link, FaultsMayDifferByDirectionAndChange) {
  Wire wire;
  ASSERT_TRUE(wire.link.set_faults({.loss = percent(100)}, Way::in));
  wire.left.send(frame_of(60));
  wire.right.send(frame_of(60));
  wire.run();
  EXPECT_EQ(wire.at_right.size(), 1u);
  EXPECT_TRUE(wire.at_left.empty());
  ASSERT_TRUE(wire.link.set_faults({}, Way::in));
  wire.right.send(frame_of(60));
  wire.run();
  EXPECT_EQ(wire.at_left.size(), 1u);
  EXPECT_FALSE(wire.link.set_faults({.mtu = 5}));
}

TEST(Link, FramesOfOneInstantKeepTheirOrderWhenTiesAreShuffled) {
  Wire wire({.delay = 1ms, .rate_bps = 0}, {.seed = 3, .shuffle_ties = true});
  wire.simulation.at(0s, [&] {
    for (uint8_t tag = 0; tag < 50; ++tag) wire.left.send(frame_of(60, tag));
  });
  wire.run();
  for (uint8_t tag = 0; tag < 50; ++tag) EXPECT_EQ(wire.at_right[tag].frame[20], tag);
}

}  // namespace
}  // namespace host_sim
