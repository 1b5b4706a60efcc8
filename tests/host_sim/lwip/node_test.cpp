// lwIP nodes under power cycles, odd clocks and long idleness.
#include <algorithm>

#include "pair.hpp"

namespace host_sim {
namespace {

TEST(LwipNode, PassesThroughTheWrapOfItsClock) {
  // 4,294,967,296 ms are 49.7 days: both wrap in the middle of retransmissions.
  for (const uint32_t before_ms : {100u, 1'000u, 5'000u, 20'000u}) {
    Pair pair("tcp_bulk", *parse_faults("loss=5% delay=20ms"), 3,
              {.clock_offset_ms = 0u - before_ms});
    EXPECT_TRUE(pair.passes()) << before_ms;
    EXPECT_GT(pair.simulation.now(), before_ms * 1ms);
  }
}

TEST(LwipNode, PassesWithSkewedClocks) {
  for (const int32_t ppm : {-200'000, -100, 100, 500'000}) {
    Pair pair("tcp_bulk", *parse_faults("loss=2% delay=5ms"), 3, {.clock_skew_ppm = ppm});
    EXPECT_TRUE(pair.passes()) << ppm;
  }
}

TEST(LwipNode, PowerLossOfThePeerEndsTheClient) {
  Pair pair("tcp_bulk", *parse_faults("delay=20ms"));
  pair.simulation.at(300ms, [&] { pair.server.restart(1s); });
  const RunResult run = pair.simulation.run_until([&] { return pair.client.finished(); }, 2h);
  ASSERT_TRUE(run.reached) << run.text << pair.simulation.describe();
  EXPECT_FALSE(pair.client.passed());  // the new server knows no such connection: a reset
  EXPECT_EQ(pair.server.boots(), 2u);
  EXPECT_EQ(pair.server.state(), NodeState::running);
}

TEST(LwipNode, SurvivesManyPowerCycles) {
  Simulation simulation;
  Node& node = simulation.add_node(
      Pair::image(), {.role = "tcp_echo.server", .arguments = {"listen=:5005", "deadline=100000"}});
  for (int round = 0; round < 200; ++round) {
    ASSERT_NE(simulation.run_for(10ms).stop, Stop::panic) << node.panic();
    ASSERT_TRUE(node.ready());
    node.reset();
  }
  EXPECT_EQ(node.boots(), 201u);
}

TEST(LwipNode, TablesShowItsConnection) {
  Pair pair("tcp_bulk", *parse_faults("delay=20ms"));
  pair.simulation.run_for(200ms);
  bool established = false;
  for (const TwinsockSocketRow& row : pair.client.sockets()) {
    established = established || std::string(row.state) == "ESTABLISHED";
  }
  EXPECT_TRUE(established) << pair.simulation.describe();
  EXPECT_FALSE(pair.client.pools().empty());
  EXPECT_FALSE(pair.client.threads().empty());
}

TEST(LwipNode, ADayOfIdlenessIsShort) {
  Simulation simulation;
  Node& left = simulation.add_node(Pair::image(), {});
  Node& right = simulation.add_node(Pair::image(), {});
  simulation.connect(left, right);
  EXPECT_NE(simulation.run_for(24h).stop, Stop::panic);
  EXPECT_LT(simulation.events(), 5'000'000u);
}

// What lwIP knows as ERR_IF has no number of its own among its errno (contract, ERR-4).
TEST(LwipNode, AnInterfaceThatFailsIsAnIoError) {
  const Image image = *Image::open(INTERFACE_IMAGE);
  Simulation simulation({.seed = 1});
  Node& node = simulation.add_node(image, {.role = "send"});
  Node& other = simulation.add_node(image, {.role = "send"});
  simulation.connect(node, other);
  const RunResult run = simulation.run_until([&] { return node.finished(); }, 1min);
  EXPECT_TRUE(run.reached && node.passed()) << run.text << simulation.describe();
  EXPECT_EQ(node.transcript(), std::vector<std::string>{"io_error"});
}

TEST(LwipNode, EightTalkOverASwitch) {
  Simulation simulation({.seed = 4});
  Switch& lan = simulation.add_switch("lan");
  std::vector<Node*> clients;
  for (int pair = 0; pair < 4; ++pair) {
    Node& server = simulation.add_node(Pair::image(),
                                       {.role = "tcp_bulk.server", .arguments = {"listen=:5005"}});
    Node& client =
        simulation.add_node(Pair::image(), {.role = "tcp_bulk.client",
                                            .arguments = {"peer=" + server.ipv4() + ":5005"},
                                            .after = &server});
    simulation.connect(server, lan);
    simulation.connect(client, lan);
    clients.push_back(&client);
  }
  const auto over = [&] {
    return std::all_of(clients.begin(), clients.end(),
                       [](const Node* client) { return client->finished(); });
  };
  ASSERT_TRUE(simulation.run_until(over, 1min).reached) << simulation.describe();
  for (const Node* client : clients) EXPECT_TRUE(client->passed()) << client->name();
}

}  // namespace
}  // namespace host_sim
