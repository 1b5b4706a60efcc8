// Nodes of several lwIP profiles in one simulation, with clocks, power and cables of their own.
#include <algorithm>
#include <sstream>

#include "pair.hpp"

namespace host_sim {
namespace {

// The exchanges' images that this build has, by profile.
std::vector<Image> images() {
  std::vector<Image> all;
  std::istringstream list(EXCHANGES_IMAGES);
  for (std::string path; std::getline(list, path, ',');) all.push_back(*Image::open(path));
  return all;
}

struct Talk {
  Node* server;
  Node* client;
};

NodeOptions server_of(const std::string& exchange, const std::string& suffix) {
  return {.name = "server" + suffix,
          .role = exchange + ".server",
          .arguments = {"listen=:5005", "deadline=3000000"}};
}

NodeOptions client_of(const std::string& exchange, const std::string& suffix, const Node& server) {
  return {.name = "client" + suffix,
          .role = exchange + ".client",
          .arguments = {"peer=" + server.ipv4() + ":5005", "closed=" + server.ipv4() + ":1",
                        "deadline=3000000"},
          .after = &server};
}

TEST(Profiles, AreThoseOfTheirNames) {
  const std::vector<Image> all = images();
  ASSERT_GE(all.size(), 2u);
  for (const Image& image : all) {
    EXPECT_NE(image.path().find("exchanges-" + image.profile() + ".node"), std::string::npos);
  }
}

TEST(Profiles, EachTalksToEachOther) {
  for (const Image& left : images()) {
    for (const Image& right : images()) {
      for (const char* exchange : {"tcp_bulk", "udp_echo"}) {
        Simulation simulation({.seed = 9});
        Node& server = simulation.add_node(left, server_of(exchange, ""));
        Node& client = simulation.add_node(right, client_of(exchange, "", server));
        simulation.connect(client, server, *parse_faults("loss=2% delay=5ms"));
        const auto over = [&] { return client.finished() && server.finished(); };
        const RunResult run = simulation.run_until(over, 1h);
        EXPECT_TRUE(run.reached && client.passed() && server.passed())
            << left.profile() << " serves " << right.profile() << ": " << run.text
            << simulation.describe();
      }
    }
  }
}

// A pair for each profile on one switch, the client of the next one; every clock of its own.
std::vector<Talk> add_talks(Simulation& simulation, Switch& lan) {
  const std::vector<Image> all = images();
  std::vector<Talk> talks;
  for (size_t i = 0; i < all.size(); ++i) {
    const std::string suffix = std::to_string(i + 1);
    NodeOptions serves = server_of("tcp_bulk", suffix);
    serves.clock_skew_ppm = static_cast<int32_t>(i) * 100 - 150;
    Node& server = simulation.add_node(all[i], serves);
    NodeOptions asks = client_of("tcp_bulk", suffix, server);
    asks.clock_offset_ms = 0u - 500 * static_cast<uint32_t>(i + 1);  // wraps under way
    asks.clock_skew_ppm = -serves.clock_skew_ppm;
    Node& client = simulation.add_node(all[(i + 1) % all.size()], asks);
    simulation.connect(server, lan, *parse_faults("loss=1% delay=5ms"));
    simulation.connect(client, lan, *parse_faults("jitter=2ms"));
    talks.push_back({&server, &client});
  }
  return talks;
}

TEST(Profiles, MixOnASwitchWhileOthersLoseTheirPower) {
  Simulation simulation({.seed = 6});
  Switch& lan = simulation.add_switch("lan");
  const std::vector<Talk> talks = add_talks(simulation, lan);
  // The unlucky pair: its server is switched off and on, its client reset, under the others' eyes.
  Node& victim = simulation.add_node(images()[0], server_of("tcp_bulk", "-unlucky"));
  Node& orphan = simulation.add_node(images()[1], client_of("tcp_bulk", "-unlucky", victim));
  simulation.connect(victim, lan);
  simulation.connect(orphan, lan, *parse_faults("delay=20ms"));
  simulation.at(200ms, [&] { victim.power_off(); });
  simulation.at(400ms, [&] { victim.power_on(); });
  simulation.at(500ms, [&] { victim.restart(100ms); });
  simulation.at(700ms, [&] { orphan.reset(); });
  const auto over = [&] {
    return orphan.finished() && victim.finished() &&
           std::all_of(talks.begin(), talks.end(), [](const Talk& talk) {
             return talk.client->finished() && talk.server->finished();
           });
  };
  const RunResult run = simulation.run_until(over, 1h);
  ASSERT_TRUE(run.reached) << run.text << simulation.describe();
  for (const Talk& talk : talks) {
    EXPECT_TRUE(talk.client->passed()) << talk.client->name() << simulation.describe();
    EXPECT_TRUE(talk.server->passed()) << talk.server->name();
    EXPECT_EQ(talk.client->boots() + talk.server->boots(), 2u);
  }
  EXPECT_EQ(victim.boots(), 3u);
  EXPECT_EQ(orphan.boots(), 2u);
  EXPECT_TRUE(orphan.passed() && victim.passed()) << simulation.describe();  // the last of them
}

}  // namespace
}  // namespace host_sim
