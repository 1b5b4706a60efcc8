// Each fault's rate against its setting. Runs are seeded: bounds are tight and results are exact.
#include "wire.hpp"

namespace host_sim {
namespace {

constexpr size_t kFrames = 100'000;
constexpr double kSigmas = 4;

// Of `count` trials with this chance, so many: within four standard deviations.
void expect_share(uint64_t seen, double chance, double count = kFrames) {
  const double expected = chance * count;
  EXPECT_NEAR(static_cast<double>(seen), expected, kSigmas * std::sqrt(expected * (1 - chance)));
}

TEST(Faults, LossIsItsShareOfFrames) {
  for (const uint32_t share : {1u, 5u, 50u}) {
    Wire wire({.loss = percent(share)}, {.seed = share, .hash_trace = false});
    wire.send(kFrames, 100us);
    wire.run();
    expect_share(wire.link.counters(Way::out).lost, share / 100.0);
    EXPECT_EQ(wire.at_right.size() + wire.link.counters(Way::out).lost, kFrames);
  }
}

TEST(Faults, LossOfNothingAndOfEverythingIsExact) {
  Wire none({.loss = percent(0)});
  none.send(1000, 1ms);
  none.run();
  EXPECT_EQ(none.at_right.size(), 1000u);
  Wire all({.loss = percent(100)});
  all.send(1000, 1ms);
  all.run();
  EXPECT_TRUE(all.at_right.empty());
}

TEST(Faults, BurstsHaveTheirShareAndLength) {
  Wire wire({.burst = {percent(1), percent(20)}}, {.seed = 9, .hash_trace = false});
  wire.send(kFrames, 100us);
  wire.run();
  // Gilbert-Elliott: in the bad state for enter / (enter + leave), for 1 / leave frames on average.
  const auto lost = static_cast<double>(wire.link.counters(Way::out).lost_in_burst);
  EXPECT_NEAR(lost / kFrames, 1.0 / 21, 0.005);
  size_t bursts = 0;
  uint8_t next = 0;
  for (const Arrival& arrival : wire.at_right) {
    bursts += arrival.frame[14] != next;
    next = static_cast<uint8_t>(arrival.frame[14] + 1);
  }
  EXPECT_NEAR(lost / static_cast<double>(bursts), 5.0, 0.4);
}

TEST(Faults, DuplicatesArriveRightBehindTheirFrame) {
  Wire wire({.duplicate = percent(10)}, {.seed = 2, .hash_trace = false});
  wire.send(kFrames, 100us);
  wire.run();
  const uint64_t count = wire.link.counters(Way::out).duplicated;
  expect_share(count, 0.1);
  ASSERT_EQ(wire.at_right.size(), kFrames + count);
  size_t pairs = 0;
  for (size_t index = 1; index < wire.at_right.size(); ++index) {
    pairs += wire.at_right[index].frame == wire.at_right[index - 1].frame;
  }
  EXPECT_EQ(pairs, count);
}

TEST(Faults, CorruptionTurnsOneToThreeBits) {
  Wire wire({.corrupt = percent(10)}, {.seed = 4, .hash_trace = false});
  wire.send(kFrames, 100us);
  wire.run();
  ASSERT_EQ(wire.at_right.size(), kFrames);
  uint64_t corrupted = 0;
  uint64_t by_bits[4] = {};
  for (size_t index = 0; index < kFrames; ++index) {
    auto sent = frame_of(100);
    sent[14] = static_cast<uint8_t>(index);
    int bits = 0;
    for (size_t at = 0; at < sent.size(); ++at) {
      bits += std::popcount(static_cast<unsigned>(sent[at] ^ wire.at_right[index].frame[at]));
    }
    ASSERT_LE(bits, 3);
    ++by_bits[bits];
    corrupted += bits != 0;
  }
  EXPECT_EQ(corrupted, wire.link.counters(Way::out).corrupted);
  expect_share(corrupted, 0.1);
  for (const int bits : {1, 2, 3}) {
    expect_share(by_bits[bits], 1.0 / 3, static_cast<double>(corrupted));
  }
}

TEST(Faults, ReorderedFramesAreOvertaken) {
  Wire wire({.reorder = percent(5), .reorder_delay = 1ms}, {.seed = 4, .hash_trace = false});
  wire.send(kFrames, 100us);
  wire.run();
  ASSERT_EQ(wire.at_right.size(), kFrames);
  expect_share(wire.link.counters(Way::out).reordered, 0.05);
  size_t backwards = 0;
  for (size_t index = 1; index < kFrames; ++index) {
    const auto step =
        static_cast<int8_t>(wire.at_right[index].frame[14] - wire.at_right[index - 1].frame[14]);
    backwards += step < 0;
  }
  // Held back for up to ten periods: nearly all of them are overtaken.
  EXPECT_GT(backwards, kFrames / 25);
  EXPECT_LE(backwards, wire.link.counters(Way::out).reordered);
}

TEST(Faults, JitterIsEvenAndKeepsTheOrder) {
  Wire wire({.delay = 10ms, .jitter = 5ms, .rate_bps = 0}, {.seed = 3, .hash_trace = false});
  wire.send(kFrames, 10ms);
  wire.run();
  ASSERT_EQ(wire.at_right.size(), kFrames);
  Duration sum{}, least = 1h, most{};
  for (size_t index = 0; index < kFrames; ++index) {
    const Duration took = wire.at_right[index].at - static_cast<int64_t>(index) * 10ms;
    sum += took, least = std::min(least, took), most = std::max(most, took);
  }
  EXPECT_GE(least, 10ms);
  EXPECT_LE(most, 15ms);
  EXPECT_NEAR(static_cast<double>((sum / static_cast<int64_t>(kFrames)).count()), 12.5e6, 20e3);

  Wire close({.delay = 10ms, .jitter = 5ms, .rate_bps = 0}, {.seed = 3});
  close.send(250, 1us);
  close.run();
  for (size_t index = 0; index < 250; ++index) {
    EXPECT_EQ(close.at_right[index].frame[14], index);
  }
}

TEST(Faults, OneFaultsStreamLeavesTheOthersAlone) {
  const auto lost = [](const Faults& faults) {
    std::vector<uint64_t> numbers;
    Wire wire(faults, {.seed = 12});
    wire.send(200, 1ms);
    wire.run();
    std::vector<uint8_t> arrived;
    for (const Arrival& arrival : wire.at_right) {
      if (arrived.empty() || arrived.back() != arrival.frame[14])
        arrived.push_back(arrival.frame[14]);
    }
    return arrived;
  };
  EXPECT_EQ(lost({.loss = percent(20)}), lost({.loss = percent(20), .duplicate = percent(30)}));
  EXPECT_NE(lost({.loss = percent(20)}), lost({.loss = percent(25)}));
}

TEST(Faults, DirectionsAndLinksDifferFromEachOther) {
  Simulation simulation({.seed = 1});
  std::vector<Arrival> arrivals[4];
  for (size_t pair = 0; pair < 2; ++pair) {
    Port& left =
        simulation.add_port("left" + std::to_string(pair), Wire::receiver(arrivals[2 * pair]));
    Port& right =
        simulation.add_port("right" + std::to_string(pair), Wire::receiver(arrivals[2 * pair + 1]));
    simulation.connect(left, right, {.loss = percent(50)});
    for (uint8_t tag = 0; tag < 100; ++tag) {
      simulation.at(tag * 1ms, [&left, &right, tag] {
        auto frame = frame_of(60, tag);
        left.send(frame);
        right.send(frame);
      });
    }
  }
  simulation.run_for(1s);
  const auto tags = [&](size_t index) {
    std::vector<uint8_t> seen;
    for (const Arrival& arrival : arrivals[index]) seen.push_back(arrival.frame[20]);
    return seen;
  };
  EXPECT_NE(tags(0), tags(1));
  EXPECT_NE(tags(1), tags(3));
  EXPECT_NE(tags(0), tags(2));
}

}  // namespace
}  // namespace host_sim
