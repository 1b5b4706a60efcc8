// Ethernet switches.
#include "wire.hpp"

namespace host_sim {
namespace {

struct Lan {
  Simulation simulation{{.seed = 1}};
  Switch& hub = simulation.add_switch("lan");
  std::vector<std::vector<Arrival>> arrivals;
  std::vector<Port*> ports;

  explicit Lan(size_t count) : arrivals(count) {
    for (size_t index = 0; index < count; ++index) {
      ports.push_back(
          &simulation.add_port("p" + std::to_string(index), Wire::receiver(arrivals[index])));
      simulation.connect(*ports.back(), hub);
    }
  }
  void send(size_t from, size_t to) {
    auto frame = frame_of(60);
    frame[5] = static_cast<uint8_t>(to), frame[11] = static_cast<uint8_t>(from);
    if (to == 99) std::fill_n(frame.begin(), 6, uint8_t{0xFF});
    ports[from]->send(frame);
    simulation.run_for(1ms);
  }
  std::vector<size_t> counts() {
    std::vector<size_t> counts;
    for (auto& list : arrivals) counts.push_back(list.size()), list.clear();
    return counts;
  }
};

using Counts = std::vector<size_t>;

TEST(Switch, FloodsWhatItDoesNotKnow) {
  Lan lan(4);
  lan.send(0, 1);
  EXPECT_EQ(lan.counts(), (Counts{0, 1, 1, 1}));
}

TEST(Switch, LearnsWhereSendersAre) {
  Lan lan(4);
  lan.send(0, 1);
  lan.counts();
  lan.send(1, 0);
  EXPECT_EQ(lan.counts(), (Counts{1, 0, 0, 0}));
  lan.send(0, 1);
  EXPECT_EQ(lan.counts(), (Counts{0, 1, 0, 0}));
  const uint8_t mac[6] = {2, 0, 0, 0, 0, 1};
  const uint8_t unknown[6] = {2, 0, 0, 0, 0, 77};
  ASSERT_NE(lan.hub.where(mac), nullptr);
  EXPECT_EQ(lan.hub.where(mac)->name(), "p1-lan");
  EXPECT_EQ(lan.hub.where(unknown), nullptr);
}

TEST(Switch, SendsBroadcastsEverywhereButBack) {
  Lan lan(4);
  lan.send(0, 1);
  lan.counts();
  lan.send(2, 99);
  EXPECT_EQ(lan.counts(), (Counts{1, 1, 0, 1}));
}

TEST(Switch, FollowsAMoveAndKeepsAFrameFromItsOwnPort) {
  Lan lan(3);
  lan.send(1, 0);
  lan.counts();
  auto frame = frame_of(60);
  frame[5] = 9, frame[11] = 1;
  lan.ports[2]->send(frame);  // MAC 1 is behind port 2 now
  lan.simulation.run_for(1ms);
  lan.counts();
  lan.send(0, 1);
  EXPECT_EQ(lan.counts(), (Counts{0, 0, 1}));
  frame[5] = 1, frame[11] = 8;
  lan.ports[2]->send(frame);
  lan.simulation.run_for(1ms);
  EXPECT_EQ(lan.counts(), (Counts{0, 0, 0}));
}

TEST(Switch, CorruptionBehindOnePortLeavesTheOthersFramesWhole) {
  Lan lan(3);
  Link& link = *lan.simulation.find_link("lan-p1");
  ASSERT_TRUE(link.set_faults({.corrupt = percent(100)}, Way::in));
  lan.send(0, 99);
  ASSERT_EQ(lan.arrivals[1].size(), 1u);
  ASSERT_EQ(lan.arrivals[2].size(), 1u);
  EXPECT_NE(lan.arrivals[1][0].frame, lan.arrivals[2][0].frame);
  EXPECT_EQ(lan.arrivals[2][0].frame[5], 0xFF);
}

TEST(Switch, KnowsThousandsOfSenders) {
  Lan lan(2);
  for (uint32_t number = 0; number < 3000; ++number) {
    auto frame = frame_of(60);
    frame[9] = static_cast<uint8_t>(number >> 8), frame[10] = static_cast<uint8_t>(number);
    lan.ports[number % 2]->send(frame);
    if (number % 100 == 0) lan.simulation.run_for(1ms);
  }
  lan.simulation.run_for(1s);
  for (uint32_t number = 0; number < 3000; ++number) {
    const uint8_t mac[6] = {
        2, 0, 0, static_cast<uint8_t>(number >> 8), static_cast<uint8_t>(number), 1};
    ASSERT_EQ(lan.hub.where(mac), lan.simulation.links()[number % 2]);
  }
}

}  // namespace
}  // namespace host_sim
