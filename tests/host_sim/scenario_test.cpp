// Scenario files: what they say, their mistakes, and those that ship.
#include <gtest/gtest.h>

#include <cstdlib>

#include <host_sim/scenario.hpp>

#include "wire.hpp"

namespace host_sim {
namespace {

TEST(Scenario, ReadsFaultsAndSteps) {
  const auto scenario = parse_scenario(
      "# a comment\n"
      "summary: All of it\n"
      "\n"
      "both: delay=10ms loss=1%   # both directions\n"
      "out: rate=1Mbit queue=16\n"
      "at 5s both: clear\n"
      "at 2s in: loss=30% corrupt=1%\n"
      "at 3s node server: restart 2s\n"
      "at 4s node client: skew=-100\n",
      "all");
  ASSERT_TRUE(scenario) << scenario.error();
  EXPECT_EQ(scenario->summary, "All of it");
  EXPECT_EQ(scenario->out, *parse_faults("delay=10ms loss=1% rate=1Mbit queue=16"));
  EXPECT_EQ(scenario->in, *parse_faults("delay=10ms loss=1%"));
  ASSERT_EQ(scenario->steps.size(), 4u);
  EXPECT_EQ(scenario->steps[0].at, 2s);
  EXPECT_EQ(scenario->steps[0].way, Way::in);
  EXPECT_EQ(scenario->steps[0].settings.size(), 2u);
  EXPECT_EQ(scenario->steps[1].node, "server");
  EXPECT_EQ(scenario->steps[1].duration, 2s);
  EXPECT_EQ(scenario->steps[2].skew_ppm, -100);
  EXPECT_TRUE(scenario->steps[3].clear);
}

struct Mistake {
  const char* line;
  const char* says;
};

TEST(Scenario, MistakesNameFileLineAndWhatIsAllowed) {
  const Mistake mistakes[] = {
      {"nonsense", "no colon"},
      {"sideways: loss=1%", "unknown place 'sideways': allowed are both, out, in"},
      {"both:", "allowed are settings"},
      {"both: loss=101%", "0% to 100%"},
      {"both: lose=1%", "unknown fault"},
      {"both: loss=1% loss=1%", "set twice"},
      {"both: clear", "NAME=VALUE"},
      {"at noon both: loss=1%", "'noon' is no duration"},
      {"at 1s both:", "or clear"},
      {"at 1s both: loss=2", "0% to 100%"},
      {"node server: off", "has a time"},
      {"at 1s node: off", "is no node's name"},
      {"at 1s node server: explode", "allowed are off, on, reset, restart TIME, skew=PPM"},
      {"at 1s node server: off now", "allowed are off"},
      {"at 1s node server: restart", "is no duration"},
      {"at 1s node server: skew=-600000", "-500000 to 1000000"},
      {"summary: again", "second summary"},
      {"out: rate=unlimited queue=3", "contradicts"},
  };
  for (const Mistake& mistake : mistakes) {
    const auto scenario =
        parse_scenario("summary: x\n\n" + std::string(mistake.line) + "\n", "bad.scenario");
    ASSERT_FALSE(scenario) << mistake.line;
    EXPECT_EQ(scenario.error().find("bad.scenario:3: "), 0u) << scenario.error();
    EXPECT_NE(scenario.error().find(mistake.says), std::string::npos) << scenario.error();
  }
}

TEST(Scenario, StepsHappenAtTheirTimes) {
  Wire wire;
  const auto scenario = parse_scenario(
      "both: loss=100%\nat 1s out: loss=0%\nat 2s out: delay=7ms\nat 3s both: clear\n", "steps");
  ASSERT_TRUE(scenario) << scenario.error();
  ASSERT_TRUE(scenario->apply(wire.simulation, wire.link));
  const auto loss = [&] { return wire.link.faults(Way::out).loss; };
  EXPECT_EQ(loss(), percent(100));
  wire.simulation.run_for(1500ms);
  EXPECT_EQ(loss(), percent(0));
  EXPECT_EQ(wire.link.faults(Way::in).loss, percent(100));
  wire.simulation.run_for(1s);
  EXPECT_EQ(wire.link.faults(Way::out).delay, 7ms);
  wire.simulation.run_for(1s);
  EXPECT_EQ(loss(), percent(100));
  EXPECT_EQ(wire.link.faults(Way::out).delay, 1us);
}

TEST(Scenario, UnknownNodesAreRefusedBeforeAnythingHappens) {
  Wire wire;
  const auto scenario = parse_scenario("both: loss=5%\nat 1s node ghost: off\n", "ghosts");
  ASSERT_TRUE(scenario);
  const auto applied = scenario->apply(wire.simulation, wire.link);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().find("ghosts:2: there is no node 'ghost'"), 0u) << applied.error();
  EXPECT_EQ(wire.link.faults(Way::out), Faults{});
}

TEST(Scenario, StepsThatContradictAreRefusedWithTheirLine) {
  Wire wire;
  const auto scenario = parse_scenario("both: queue=5\nat 1s both: rate=unlimited\n", "odd");
  ASSERT_TRUE(scenario) << scenario.error();
  const auto applied = scenario->apply(wire.simulation, wire.link);
  ASSERT_FALSE(applied);
  EXPECT_EQ(applied.error().find("odd:2: "), 0u) << applied.error();
}

TEST(Scenario, NodesFollow) {
  const Image image = *Image::open(FAKE_IMAGE);
  Simulation simulation;
  Node& server = simulation.add_node(image, {.name = "server", .role = "echo"});
  Node& client = simulation.add_node(image, {.name = "client", .role = "idle"});
  Link& link = simulation.connect(client, server);
  const auto scenario = parse_scenario(
      "at 1s node server: restart 1s\nat 1s node client: off\nat 3s node client: on\n", "power");
  ASSERT_TRUE(scenario && scenario->apply(simulation, link));
  simulation.run_for(1500ms);
  EXPECT_EQ(server.state(), NodeState::off);
  EXPECT_EQ(client.state(), NodeState::off);
  simulation.run_for(2s);
  EXPECT_EQ(server.boots(), 2u);
  EXPECT_EQ(client.boots(), 2u);
  EXPECT_EQ(client.state(), NodeState::running);
}

TEST(Scenario, FileThatIsMissingIsSaidSo) {
  const auto scenario = read_scenario("/nonexistent.scenario");
  ASSERT_FALSE(scenario);
  EXPECT_NE(scenario.error().find("No such file"), std::string::npos);
}

class ShippedScenario : public ::testing::TestWithParam<const char*> {};

TEST_P(ShippedScenario, IsReadAndApplies) {
  const auto scenario = read_scenario(std::string(SCENARIO_DIR) + "/" + GetParam() + ".scenario");
  ASSERT_TRUE(scenario) << scenario.error();
  EXPECT_FALSE(scenario->summary.empty());
  const Image image = *Image::open(FAKE_IMAGE);
  Simulation simulation;
  Node& server = simulation.add_node(image, {.name = "server", .role = "echo"});
  Node& client = simulation.add_node(image, {.name = "client", .role = "tick"});
  Link& link = simulation.connect(client, server);
  const auto applied = scenario->apply(simulation, link);
  ASSERT_TRUE(applied) << applied.error();
  EXPECT_NE(link.faults(Way::out), Faults{});
  EXPECT_NE(simulation.run_for(1min).stop, Stop::panic);
}

INSTANTIATE_TEST_SUITE_P(All, ShippedScenario,
                         ::testing::Values("lossy-wifi", "cellular", "satellite", "flapping-cable",
                                           "congested-uplink", "half-open-peer"),
                         [](const auto& scenario) {
                           std::string name = scenario.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace host_sim
