// The seed explores schedules: among the threads of a node, and among nodes at one instant.
#include <algorithm>
#include <set>

#include "pair.hpp"

namespace host_sim {
namespace {

// Which of a node's threads ran when, as it tells itself.
std::string threads_of(uint64_t seed, bool shuffle) {
  static const Image image = *Image::open(SCHEDULE_IMAGE);
  Simulation simulation({.seed = seed, .shuffle_ties = shuffle});
  Node& node = simulation.add_node(image, {.role = "race"});
  const RunResult run = simulation.run_until([&] { return node.finished(); }, 1min);
  EXPECT_TRUE(run.reached && node.passed()) << run.text << simulation.describe();
  return node.transcript().empty() ? "" : node.transcript().front();
}

// Which of eight equal nodes said first that it is ready.
std::string nodes_of(uint64_t seed, bool shuffle) {
  struct Order : Observer {
    std::string text;
    void on_node(const NodeRecord& record) override {
      if (record.event == NodeEvent::ready) text += record.node->name();
    }
  } order;
  Simulation simulation({.seed = seed, .shuffle_ties = shuffle});
  simulation.add_observer(order);
  for (const char* name : {"a", "b", "c", "d", "e", "f", "g", "h"}) {
    simulation.add_node(
        Pair::image(),
        {.name = name, .role = "tcp_echo.server", .arguments = {"listen=:5005", "deadline=1000"}});
  }
  simulation.run_for(10ms);
  simulation.remove_observer(order);
  return order.text;
}

template <typename Order>
void expect_explored(Order order, const std::string& first_come) {
  EXPECT_EQ(order(1, false), first_come);
  EXPECT_EQ(order(2, false), first_come);
  std::string letters = first_come;
  std::sort(letters.begin(), letters.end());
  std::set<std::string> seen;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    std::string schedule = order(seed, true);
    EXPECT_EQ(order(seed, true), schedule) << seed;
    seen.insert(schedule);
    std::sort(schedule.begin(), schedule.end());
    EXPECT_EQ(schedule, letters) << seed;
  }
  EXPECT_GT(seen.size(), 15u);
}

TEST(Schedule, OfReadyThreadsIsTheSeeds) { expect_explored(threads_of, "abcdabcdabcdabcd"); }

TEST(Schedule, OfNodesAtOneInstantIsTheSeeds) { expect_explored(nodes_of, "abcdefgh"); }

TEST(LwipCrash, StackOverflowNamesNodeAndThread) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  const auto run = [] {
    const Image image = *Image::open(SCHEDULE_IMAGE);
    Simulation simulation({.replay = "this again"});
    simulation.add_node(image, {.name = "deep", .role = "overflow"});
    simulation.run_for(1s);
  };
  EXPECT_EXIT(run(), ::testing::ExitedWithCode(1),
              "node deep crashed: stack overflow of thread overflow(.|\n)*replay: this again");
}

TEST(Schedule, IsExploredUnlessOneSaysNo) { EXPECT_TRUE(SimulationOptions{}.shuffle_ties); }

}  // namespace
}  // namespace host_sim
