// The life of a node: boot, role, power, clock, what it says.
#include <gtest/gtest.h>

#include "fake_node.hpp"
#include "wire.hpp"

namespace host_sim {
namespace {

class NodeTest : public ::testing::Test {
 protected:
  Image image = *Image::open(FAKE_IMAGE);
  Simulation simulation{{.seed = 5}};

  Node& add(const std::string& role, const std::string& name = "") {
    return simulation.add_node(image, {.name = name, .role = role});
  }
};

TEST_F(NodeTest, HasItsAddressesFromItsNumber) {
  Node& first = add("idle");
  Node& second = add("idle", "second");
  EXPECT_EQ(first.name(), "node1");
  EXPECT_EQ(first.ipv4(), "10.0.0.1");
  EXPECT_EQ(second.ipv4(), "10.0.0.2");
  EXPECT_EQ(second.ipv6(), "fd00::2");
  EXPECT_EQ(second.link_local(), "fe80::ff:fe00:2");
  EXPECT_EQ(second.mac(), "02:00:00:00:00:02");
  EXPECT_EQ(simulation.find_node("second"), &second);
  EXPECT_EQ(simulation.find_node("third"), nullptr);
}

TEST_F(NodeTest, RunsAtItsDeadlines) {
  Node& node = add("twin");
  const RunResult run = simulation.run_until([&] { return node.finished(); }, 1s);
  EXPECT_TRUE(run.reached) << run.text;
  EXPECT_EQ(run.at, 3ms);
  EXPECT_TRUE(node.passed());
  EXPECT_EQ(node.transcript(), (std::vector<std::string>{"at 1000", "at 2000", "at 3000"}));
}

TEST_F(NodeTest, StatusOfItsRoleIsKept) {
  Node& node = add("fail");
  EXPECT_EQ(node.status(), -1);
  simulation.run_for(10ms);
  EXPECT_TRUE(node.finished());
  EXPECT_FALSE(node.passed());
  EXPECT_EQ(node.status(), 3);
}

TEST_F(NodeTest, SkewedClockRunsFaster) {
  Node& node = add("twin");
  node.set_clock_skew(1'000'000);
  const RunResult run = simulation.run_until([&] { return node.finished(); }, 1s);
  EXPECT_EQ(run.at, 1500us);
  EXPECT_EQ(node.clock_us(), 3000u);
}

TEST_F(NodeTest, SkewChangesWithoutAJump) {
  Node& node = add("idle");
  simulation.run_for(1s);
  node.set_clock_skew(-500'000);
  EXPECT_EQ(node.clock_us(), 1'000'000u);
  simulation.run_for(1s);
  EXPECT_EQ(node.clock_us(), 1'500'000u);
}

TEST_F(NodeTest, EveryBootFindsItsVariablesAsLoaded) {
  Node& node = add("count");
  for (int round = 0; round < 3; ++round) {
    simulation.run_for(1ms);
    EXPECT_EQ(node.transcript(), std::vector<std::string>{"1 42"});
    node.reset();
  }
  EXPECT_EQ(node.boots(), 4u);
}

TEST_F(NodeTest, PowerOffStopsItAndFramesToItAreRefused) {
  Node& node = add("echo", "node");
  std::vector<Arrival> arrivals;
  Port& port = simulation.add_port("port", Wire::receiver(arrivals));
  Link& link = simulation.connect(port, node);
  simulation.run_for(1ms);
  EXPECT_TRUE(node.ready());
  port.send(frame_of(60));
  simulation.run_for(1ms);
  EXPECT_EQ(arrivals.size(), 1u);
  port.send(frame_of(60));
  node.power_off();
  simulation.run_for(1ms);
  EXPECT_EQ(arrivals.size(), 1u);
  EXPECT_EQ(link.counters(Way::out).refused, 1u);
  EXPECT_EQ(node.state(), NodeState::off);
  EXPECT_TRUE(node.sockets().empty());
  node.power_on();
  simulation.run_for(1ms);
  port.send(frame_of(60));
  simulation.run_for(1ms);
  EXPECT_EQ(arrivals.size(), 2u);
}

TEST_F(NodeTest, RestartComesBackAfterItsTime) {
  Node& node = add("twin");
  simulation.run_for(1ms);
  node.restart(2s);
  simulation.run_for(2s - 1ns);
  EXPECT_EQ(node.state(), NodeState::off);
  simulation.run_for(1ns);
  EXPECT_EQ(node.state(), NodeState::running);
  simulation.run_for(10ms);
  EXPECT_EQ(node.transcript().front(), "at 1000");  // its clock began again
}

TEST_F(NodeTest, BootsWhenTheOtherIsReady) {
  Node& server = simulation.add_node(image, {.name = "server", .role = "echo", .powered = false});
  Node& client = simulation.add_node(image, {.name = "client", .role = "twin", .after = &server});
  simulation.run_for(1s);
  EXPECT_EQ(client.state(), NodeState::off);
  server.power_on();
  simulation.run_for(1s);
  EXPECT_TRUE(client.passed());
}

TEST_F(NodeTest, UnknownRoleFailsTheRunWithTheNodesWords) {
  add("nonsense", "bad");
  const RunResult run = simulation.run_for(1s);
  EXPECT_EQ(run.stop, Stop::panic);
  EXPECT_NE(run.text.find("bad: it does not boot: there is no such role"), std::string::npos)
      << run.text;
}

TEST_F(NodeTest, PanicEndsTheRunAndIsKept) {
  Node& bad = add("panic", "bad");
  Node& good = add("twin", "good");
  const RunResult run = simulation.run_until([&] { return good.finished(); }, 1s, "the good one");
  EXPECT_EQ(run.stop, Stop::panic);
  EXPECT_EQ(run.at, 1ms);
  EXPECT_EQ(run.text, "waited for the good one: a node panicked; bad: fake.cpp:1: it panics");
  EXPECT_EQ(bad.state(), NodeState::panicked);
  EXPECT_TRUE(simulation.run_until([&] { return good.finished(); }, 1s).reached);
  bad.reset();
  EXPECT_EQ(bad.panic(), "");
  EXPECT_EQ(bad.state(), NodeState::running);
}

TEST_F(NodeTest, LearnsOfItsCable) {
  Node& node = add("twin");
  Port& port = simulation.add_port("port");
  Link& link = simulation.connect(node, port);
  simulation.at(1500us, [&] { link.set_up(false); });
  simulation.at(2500us, [&] { link.set_up(true); });
  simulation.run_for(1s);
  EXPECT_EQ(node.transcript(),
            (std::vector<std::string>{"at 1000", "at 2000 without a cable", "at 3000"}));
}

TEST_F(NodeTest, WithoutRoomRefusesFrames) {
  Node& node = add("full");
  Port& port = simulation.add_port("port");
  Link& link = simulation.connect(port, node);
  simulation.run_for(1ms);
  port.send(frame_of(60));
  simulation.run_for(1ms);
  EXPECT_EQ(link.counters(Way::out).refused, 1u);
}

TEST_F(NodeTest, WithoutACableItsFramesGoNowhere) {
  Node& node = add("tick");
  simulation.run_for(1s);
  EXPECT_TRUE(node.passed());
  EXPECT_EQ(simulation.frames(), 0u);
}

}  // namespace
}  // namespace host_sim
