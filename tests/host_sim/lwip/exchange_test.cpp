// Exchanges between lwIP nodes over each fault: TCP ends with the right bytes, UDP ends.
#include <algorithm>

#include "pair.hpp"

namespace host_sim {
namespace {

const char* const kFaults[] = {
    "",
    "loss=5% delay=20ms",
    "burst=1%,30% delay=5ms",
    "duplicate=20%",
    "reorder=10% reorder-delay=30ms",
    "corrupt=5%",
    "delay=5ms jitter=40ms",
    "rate=256kbit queue=4",
    "partition=50ms,3s",
    "partition=50ms,3s,out",
    "down=10ms,500ms",
    "loss=3% burst=1%,30% delay=10ms jitter=20ms reorder=5% duplicate=5% corrupt=2% rate=2Mbit",
};

class OverFaults : public ::testing::TestWithParam<std::tuple<const char*, const char*>> {};

TEST_P(OverFaults, TcpEndsWithTheRightBytes) {
  const auto& [exchange, faults] = GetParam();
  Pair pair(exchange, *parse_faults(faults), 11);
  EXPECT_TRUE(pair.passes());
}

std::string name_of(const ::testing::TestParamInfo<std::tuple<const char*, const char*>>& test) {
  std::string name = std::get<0>(test.param) + std::string("_") +
                     (*std::get<1>(test.param) != 0 ? std::get<1>(test.param) : "no_fault");
  std::replace_if(
      name.begin(), name.end(), [](char character) { return !std::isalnum(character); }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Tcp, OverFaults,
                         ::testing::Combine(::testing::Values("tcp_chat", "tcp_reply", "tcp_bulk",
                                                              "tcp_half_close"),
                                            ::testing::ValuesIn(kFaults)),
                         name_of);

TEST(Exchange, EachPassesOverAGoodCableInBothFamilies) {
  for (const RoleInfo& role : Pair::image().roles()) {
    const size_t dot = role.name.find(".client");
    if (dot == std::string::npos) continue;
    for (const std::string family : {"inet", "inet6"}) {
      const std::string exchange = role.name.substr(0, dot);
      if (exchange == "udp_broadcast" && family == "inet6") continue;  // there is none
      if (exchange == "unix_echo") continue;                           // see below
      Pair pair(exchange, {}, 1, {}, family);
      EXPECT_TRUE(pair.passes()) << role.name << " " << family;
    }
  }
}

// Where a family cannot exist, that is the answer at once.
TEST(Exchange, OverLocalNamesIsRefusedInBothRoles) {
  struct Listener final : Observer {
    std::vector<std::string> logs;
    void on_node(const NodeRecord& record) override {
      if (record.event == NodeEvent::log) logs.emplace_back(record.text);
    }
  } listener;
  Simulation simulation;
  simulation.add_observer(listener);
  for (const std::string side : {"server", "client"}) {
    Node& node = simulation.add_node(
        Pair::image(),
        {.name = side, .role = "unix_echo." + side, .arguments = {"local=@twinsock"}});
    EXPECT_TRUE(simulation.run_until([&] { return node.finished(); }, 10ms, "its end").reached);
    EXPECT_EQ(node.status(), 1);
  }
  ASSERT_EQ(listener.logs.size(), 2u);
  for (const std::string& line : listener.logs) {
    EXPECT_NE(line.find("came address_family_not_supported"), line.npos) << line;
  }
  simulation.remove_observer(listener);
}

TEST(Exchange, UdpEndsOverEveryFault) {
  for (const char* exchange : {"udp_echo", "udp_chat", "packet_echo"}) {
    for (const char* faults : kFaults) {
      Pair pair(exchange, *parse_faults(faults), 5);
      const RunResult run = pair.run(2h);
      EXPECT_TRUE(run.reached) << exchange << " " << faults << ": " << run.text;
    }
  }
}

TEST(Exchange, OneSeedIsOneTrace) {
  const auto trace = [](uint64_t seed) {
    Pair pair("tcp_echo", *parse_faults("loss=5% delay=20ms jitter=5ms duplicate=2%"), seed);
    pair.run();
    return pair.simulation.trace_hash();
  };
  EXPECT_EQ(trace(1), trace(1));
  EXPECT_NE(trace(1), trace(2));
}

// Copies of images, stacks and frames are used again by later simulations.
TEST(Exchange, TraceDoesNotDependOnWhatRanBefore) {
  const auto trace = [](const char* exchange, uint64_t seed, const char* family) {
    Pair pair(exchange, *parse_faults("loss=5% corrupt=2%"), seed, {}, family);
    pair.run();
    return pair.simulation.trace_hash();
  };
  const std::string first = trace("tcp_half_close", 3, "inet6");
  for (uint64_t seed = 1; seed <= 5; ++seed) {
    trace("tcp_bulk", seed, "inet");
    trace("udp_echo", seed, "inet6");
    ASSERT_EQ(trace("tcp_half_close", 3, "inet6"), first) << seed;
  }
}

TEST(Exchange, SeedIsInTheNodesToo) {
  const auto trace = [](uint64_t seed) {
    Pair pair("tcp_chat", {}, seed);
    pair.run();
    return pair.simulation.trace_hash();
  };
  EXPECT_NE(trace(1), trace(2));  // no fault draws anything: initial sequence numbers and ports do
}

TEST(Exchange, OtherSchedulesPass) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    Simulation simulation({.seed = seed});
    Node& server = simulation.add_node(
        Pair::image(),
        {.name = "server", .role = "tcp_bulk.server", .arguments = {"listen=:5005"}});
    Node& client = simulation.add_node(Pair::image(), {.name = "client",
                                                       .role = "tcp_bulk.client",
                                                       .arguments = {"peer=10.0.0.1:5005"},
                                                       .after = &server});
    simulation.connect(client, server);
    const auto over = [&] { return client.finished() && server.finished(); };
    EXPECT_TRUE(simulation.run_until(over, 1min).reached && client.passed() && server.passed())
        << seed << simulation.describe();
  }
}

// With this seed the client's first random port is the last one of the range.
TEST(LocalPorts, FirstConnectFindsOneBehindTheLast) {
  Pair pair("tcp_greeting", {}, 401);
  EXPECT_TRUE(pair.passes());
}

}  // namespace
}  // namespace host_sim
