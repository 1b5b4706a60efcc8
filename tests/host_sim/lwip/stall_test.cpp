// Both windows of a connection are closed for a long time (contract, TASK-6): the nodes probe, and
// say nothing else; nobody gives up, and every byte arrives in the end.
#include <gtest/gtest.h>

#include <host_sim/packet.hpp>
#include <host_sim/simulation.hpp>

namespace host_sim {
namespace {

struct Counter : Observer {
  void on_frame(const FrameRecord& record) override {
    const Packet packet = parse_packet(record.frame);
    if (!packet.tcp) return;
    ++segments;
    if (packet.tcp->rst) ++resets;
  }
  unsigned segments = 0;
  unsigned resets = 0;
};

struct Stall {
  explicit Stall(std::vector<std::string> arguments, uint64_t seed = 1, Faults faults = {})
      : simulation({.seed = seed}),
        server(simulation.add_node(image(),
                                   {.name = "server", .role = "server", .arguments = arguments})) {
    arguments.insert(arguments.begin(), server.ipv4());
    client = &simulation.add_node(
        image(), {.name = "client", .role = "client", .arguments = arguments, .after = &server});
    simulation.connect(*client, server, faults);
    simulation.add_observer(counter);
  }
  ~Stall() { simulation.remove_observer(counter); }

  static Image image() {
    static const Image only = *Image::open(STALL_IMAGE);
    return only;
  }
  static std::string told(const Node& node, std::size_t line, std::string_view what) {
    if (node.transcript().size() <= line) return "nothing";
    const std::string& text = node.transcript()[line];
    return text.starts_with(what) ? text.substr(what.size()) : text;
  }
  void expect_everything_arrives() {
    const RunResult run =
        simulation.run_until([&] { return client->finished() && server.finished(); }, 1h);
    EXPECT_TRUE(run.reached && client->passed() && server.passed())
        << run.text << simulation.describe();
    EXPECT_EQ(told(server, 1, "received "), told(*client, 0, "sent "));
    EXPECT_EQ(told(*client, 1, "received "), told(server, 0, "sent "));
    EXPECT_EQ(counter.resets, 0u);
  }

  Simulation simulation;
  Counter counter;
  Node& server;
  Node* client = nullptr;
};

// `most`: segments in 15 minutes.
void expect_quiet(const Faults& faults, unsigned most) {
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    Stall stall({}, seed, faults);
    stall.simulation.run_for(2min);
    const unsigned before = stall.counter.segments;
    stall.simulation.run_for(15min);
    EXPECT_GE(stall.counter.segments - before, 15u) << seed;
    EXPECT_LE(stall.counter.segments - before, most) << seed;
    stall.expect_everything_arrives();
  }
}

// A probe of each node a minute, to which lwIP doubles the pause; its answer; one or two more, as
// the 500 ms of one node are not those of the other.
TEST(BothWindowsClosed, LittleMoreThanProbesTravels) {
  expect_quiet({}, 16 * 2 * 4);
  expect_quiet({.delay = 20ms}, 16 * 2 * 4);
  expect_quiet({.loss = percent(5)}, 16 * 2 * 4);
}

// Each answer comes when 500 ms have passed and may be answered: two segments a round trip.
TEST(BothWindowsClosed, OverASatelliteNoMoreThanEachRoundTripTravels) {
  expect_quiet({.delay = 400ms}, 15 * 60 * 1000 / 800 * 2 + 16 * 2 * 4);
}

TEST(BothWindowsClosed, KeepAliveHearsThatThePeerLives) {
  for (uint64_t seed = 1; seed <= 8; ++seed) {
    Stall stall({"keep_alive"}, seed, {.delay = 20ms});
    stall.expect_everything_arrives();
  }
}

// Resets that the client sends within half a minute of its server's last word: keep-alive gives up
// after 5 s of silence and 3 probes, window probes only after minutes.
unsigned resets_of_the_client(const std::vector<std::string>& arguments) {
  Stall stall(arguments);
  stall.simulation.run_for(1min);
  stall.server.power_off();
  stall.simulation.run_for(30s);
  return stall.counter.resets;
}

TEST(BothWindowsClosed, KeepAliveEndsWithThePeer) {
  EXPECT_EQ(resets_of_the_client({"keep_alive"}), 1u);
  EXPECT_EQ(resets_of_the_client({}), 0u);
}

}  // namespace
}  // namespace host_sim
