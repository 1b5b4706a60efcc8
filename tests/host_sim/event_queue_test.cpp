// The order of events.
#include "event_queue.hpp"

#include <gtest/gtest.h>

namespace host_sim {
namespace {

std::vector<uint32_t> drain(EventQueue& queue) {
  std::vector<uint32_t> indices;
  while (!queue.empty()) indices.push_back(queue.pop().index);
  return indices;
}

TEST(EventQueue, OrdersByTimeThenByArrival) {
  EventQueue queue(false, 1);
  Random random(3);
  std::vector<std::pair<int64_t, uint32_t>> expected;
  for (uint32_t index = 0; index < 5000; ++index) {
    const auto time_ns = static_cast<int64_t>(random.below(100));
    queue.push(time_ns, EventKind::wake, index);
    expected.emplace_back(time_ns, index);
  }
  std::sort(expected.begin(), expected.end());
  for (const auto& [time_ns, index] : expected) {
    const Event event = queue.pop();
    ASSERT_EQ(event.time_ns, time_ns);
    ASSERT_EQ(event.index, index);
  }
  EXPECT_TRUE(queue.empty());
}

TEST(EventQueue, ShuffledTiesFollowTheSeed) {
  const auto order = [](uint64_t seed) {
    EventQueue queue(true, seed);
    for (uint32_t index = 0; index < 20; ++index) queue.push(7, EventKind::wake, index);
    return drain(queue);
  };
  EXPECT_EQ(order(1), order(1));
  EXPECT_NE(order(1), order(2));
}

TEST(EventQueue, ShufflingLeavesActionsInTheirOrderBeforeTheRest) {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    EventQueue queue(true, seed);
    for (uint32_t index = 0; index < 20; ++index) {
      queue.push(7, EventKind::wake, 100 + index);
      queue.push(7, EventKind::action, index);
    }
    const std::vector<uint32_t> indices = drain(queue);
    for (uint32_t index = 0; index < 20; ++index) ASSERT_EQ(indices[index], index) << seed;
  }
}

TEST(EventQueue, ShufflingKeepsTimes) {
  EventQueue queue(true, 5);
  for (uint32_t index = 0; index < 100; ++index) queue.push(100 - index, EventKind::wake, index);
  int64_t before_ns = 0;
  while (!queue.empty()) {
    const Event event = queue.pop();
    EXPECT_GT(event.time_ns, before_ns);
    before_ns = event.time_ns;
  }
}

}  // namespace
}  // namespace host_sim
