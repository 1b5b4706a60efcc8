// Nodes that crash or hang are named, and what was seen of the others is kept.
#include <gtest/gtest.h>

#include <cstdio>

#include <host_sim/trace.hpp>

#include "wire.hpp"

namespace host_sim {
namespace {

void run_beside_a_talker(const std::string& role) {
  const Image image = *Image::open(FAKE_IMAGE);
  Simulation simulation({.seed = 77, .watchdog_s = 1, .replay = "host_sim run this --seed 77"});
  TextTrace trace(stderr, false);
  simulation.add_observer(trace);
  Node& bad = simulation.add_node(image, {.name = "villain", .role = role});
  Node& good = simulation.add_node(image, {.name = "talker", .role = "tick"});
  simulation.connect(good, bad);
  simulation.run_for(1s);
}

class Crash : public ::testing::Test {
 protected:
  void SetUp() override { ::testing::FLAGS_gtest_death_test_style = "threadsafe"; }
};

TEST_F(Crash, InvalidAccessNamesNodeAndThread) {
  EXPECT_EXIT(run_beside_a_talker("crash"), ::testing::ExitedWithCode(1),
              "node villain crashed: invalid memory access.*in thread bad.*at 0.001000000 s.*seed "
              "77(.|\n)*replay: host_sim run this --seed 77");
}

TEST_F(Crash, StackOverflowIsCalledByItsName) {
  EXPECT_EXIT(run_beside_a_talker("overflow"), ::testing::ExitedWithCode(1),
              "node villain crashed: stack overflow of thread bad \\(65536 bytes");
}

TEST_F(Crash, AbortInANodeIsItsCrash) {
  EXPECT_DEATH(run_beside_a_talker("abort"), "node villain crashed: abort");
}

TEST_F(Crash, BusyLoopIsEndedByTheWallClock) {
  EXPECT_EXIT(run_beside_a_talker("hang"), ::testing::ExitedWithCode(1),
              "node villain hangs: thread bad has been running for 1 s");
}

TEST_F(Crash, CaptureOfACrashedRunIsWhole) {
  const std::string path = testing::TempDir() + "host_sim_crash.pcapng";
  const auto crash = [&] {
    const Image image = *Image::open(FAKE_IMAGE);
    Simulation simulation;
    Node& bad = simulation.add_node(image, {.name = "villain", .role = "idle"});
    Node& good = simulation.add_node(image, {.name = "talker", .role = "tick"});
    Link& link = simulation.connect(good, bad);
    auto capture = *Capture::open(path, &link);
    simulation.add_observer(*capture);
    simulation.run_for(100ms);
    bad.set_options({.name = "villain", .role = "crash"});
    bad.reset();
    simulation.run_for(100ms);
  };
  EXPECT_EXIT(crash(), ::testing::ExitedWithCode(1), "node villain crashed");
  std::FILE* const file = std::fopen(path.c_str(), "rb");
  ASSERT_NE(file, nullptr);
  std::fseek(file, 0, SEEK_END);
  EXPECT_GT(std::ftell(file), 10 * 100);  // the talker's ten frames
  std::fclose(file);
  std::remove(path.c_str());
}

}  // namespace
}  // namespace host_sim
