// The virtual clock that follows the desktop's: never ahead of it, asleep between events.
#include <gtest/gtest.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include <host_sim/real_time.hpp>

#include "wire.hpp"

namespace host_sim {
namespace {

Duration clock_of(clockid_t id) {
  timespec now{};
  clock_gettime(id, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

class Stopwatch {
 public:
  Duration wall() const { return clock_of(CLOCK_MONOTONIC) - wall_; }
  Duration processor() const { return clock_of(CLOCK_THREAD_CPUTIME_ID) - processor_; }

 private:
  Duration wall_ = clock_of(CLOCK_MONOTONIC);
  Duration processor_ = clock_of(CLOCK_THREAD_CPUTIME_ID);
};

TEST(RealTime, ClockFollowsTheDesktops) {
  Simulation simulation;
  RealTime real_time(simulation);
  const Stopwatch watch;
  const RunResult run = real_time.run_for(20ms);
  EXPECT_TRUE(run.reached);
  EXPECT_GE(watch.wall(), 20ms);
  EXPECT_EQ(simulation.now(), 20ms);
}

TEST(RealTime, EventsWaitForTheirTime) {
  Simulation simulation;
  RealTime real_time(simulation);
  const Stopwatch watch;
  Duration at{};
  simulation.at(15ms, [&] { at = watch.wall(); });
  const RunResult run = real_time.run_until([&] { return at != Duration(0); }, 1h);
  EXPECT_EQ(run.stop, Stop::predicate);
  EXPECT_EQ(run.at, 15ms);
  EXPECT_EQ(run.events, 1u);
  EXPECT_GE(at, 15ms);
}

TEST(RealTime, SleepsBetweenEvents) {
  Simulation simulation;
  RealTime real_time(simulation);
  const Stopwatch watch;
  real_time.run_for(200ms);
  EXPECT_LT(watch.processor(), 50ms);
}

TEST(RealTime, TimeBetweenTwoRunsDoesNotCount) {
  Simulation simulation;
  RealTime real_time(simulation);
  real_time.run_for(1ms);
  poll(nullptr, 0, 20);
  EXPECT_EQ(real_time.run_for(1ms).at, 2ms);
}

TEST(RealTime, DeadlineSaysWhatWasWaitedFor) {
  Simulation simulation;
  RealTime real_time(simulation);
  const RunResult run = real_time.run_until([] { return false; }, 2ms, "the impossible");
  EXPECT_FALSE(run.reached);
  EXPECT_EQ(run.stop, Stop::deadline);
  EXPECT_EQ(run.text, "waited for the impossible: the deadline of 2ms passed");
}

TEST(RealTime, DescriptorEndsTheSleep) {
  std::array<int, 2> ends{};
  ASSERT_EQ(pipe(ends.data()), 0);
  Simulation simulation;
  RealTime real_time(simulation);
  bool came = false;
  real_time.add_descriptor(ends[0], [&] {
    std::array<char, 8> bytes;
    came = read(ends[0], bytes.data(), bytes.size()) == 1;
  });
  simulation.at(1ms, [&] { EXPECT_EQ(write(ends[1], "x", 1), 1); });
  EXPECT_TRUE(real_time.run_until([&] { return came; }, 1min).reached);
  EXPECT_LT(simulation.now(), 1min);
  for (const int end : ends) close(end);
}

TEST(RealTime, LongSleepIsNoLeap) {
  Simulation simulation;
  RealTime real_time(simulation, {.longest_leap = 1ms});
  real_time.run_for(50ms);  // a few ms late, at most
  EXPECT_LT(real_time.stood_still(), 40ms);
}

TEST(RealTime, ClockStandsStillWhileTheProcessIsStopped) {
  Simulation simulation;
  RealTime real_time(simulation, {.longest_leap = 5ms});
  simulation.at(1ms, [] { poll(nullptr, 0, 100); });  // as a breakpoint would
  const Stopwatch watch;
  real_time.run_for(10ms);
  EXPECT_GE(watch.wall(), 100ms);
  EXPECT_GE(real_time.stood_still(), 90ms);
  EXPECT_EQ(simulation.now(), 10ms);
}

TEST(RealTime, FailedBridgeEndsTheRun) {
  struct Broken : Bridge {
    void prepare(std::vector<pollfd>&, Duration& longest) override { longest = 1ms; }
    void handle(std::span<const pollfd>) override { fail("the cable was cut"); }
    bool take(std::span<const uint8_t>) override { return true; }
  } broken;
  Simulation simulation;
  broken.add_to(simulation, "outside");
  RealTime real_time(simulation);
  real_time.add(broken);
  const RunResult run = real_time.run_until([] { return false; }, 1min, "the impossible");
  EXPECT_EQ(run.stop, Stop::bridge);
  EXPECT_FALSE(run.reached);
}

}  // namespace
}  // namespace host_sim
