// Node images: lwIP on the cooperative kernel, loaded twice into one process, behind node_abi.hpp.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "node_pair.hpp"

using coop_test::Pair;
using coop_test::TestNode;

namespace {

constexpr std::uint64_t second_us = 1'000'000;

// Those that this build has images of; default is always among them.
std::vector<std::string> profiles() {
  std::vector<std::string> names;
  std::istringstream list(TWINSOCK_TEST_PROFILES);
  for (std::string name; std::getline(list, name, ',');) names.push_back(name);
  return names;
}

bool has_profile(const std::string& wanted) {
  const std::vector<std::string> names = profiles();
  return std::find(names.begin(), names.end(), wanted) != names.end();
}

std::string image(const char* program, const std::string& profile) {
  return std::string(TWINSOCK_TEST_IMAGES "/") + program + "_" + profile + ".node";
}

// One node alone, on a cable to nowhere.
struct Alone {
  explicit Alone(const char* role, const std::string& profile = "default", std::uint64_t seed = 1)
      : node(image("probe", profile), 1) {
    node.options.shuffle_threads = 0;
    role_ = role;
    seed_ = seed;
  }
  void run(std::uint64_t limit_us = 60 * second_us) {
    ASSERT_TRUE(node.boot(role_, {}, seed_)) << node.logs;
    std::uint64_t now = start_us;
    for (node.run(now); !node.finished && node.panic.empty(); node.run(now)) {
      ASSERT_GT(node.deadline_us, now);
      ASSERT_LE(node.deadline_us, start_us + limit_us) << node.reports << node.logs;
      now = node.deadline_us;
    }
  }
  TestNode node;
  std::uint64_t start_us = 0;

 private:
  const char* role_;
  std::uint64_t seed_;
};

struct EchoRun {
  std::string trace, reports;
};

EchoRun run_echo(const std::string& server_profile, const std::string& client_profile,
                 std::uint64_t seed, bool shuffle = false, std::uint32_t clock_offset_ms = 0) {
  TestNode server(image("lwip_echo", server_profile), 1);
  TestNode client(image("lwip_echo", client_profile), 2);
  for (TestNode* node : {&server, &client}) {
    node->options.shuffle_threads = shuffle;
    node->options.clock_offset_ms = clock_offset_ms;
  }
  EXPECT_TRUE(server.boot("serve", {}, seed)) << server.logs;
  EXPECT_TRUE(client.boot("ask", {"0a000001"}, seed + 1000)) << client.logs;
  Pair pair(server, client);
  EXPECT_TRUE(pair.run_until([&] { return server.finished && client.finished; }, 60 * second_us))
      << server.panic << client.panic;
  EXPECT_EQ(server.status, 0);
  EXPECT_EQ(client.status, 0);
  EXPECT_TRUE(server.ready);
  return {pair.trace, server.reports + client.reports};
}

class NodeProfile : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(Profiles, NodeProfile, testing::ValuesIn(profiles()),
                         [](const auto& parameter) {
                           std::string name = parameter.param;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace

TEST_P(NodeProfile, TcpEchoComesBack) {
  EXPECT_EQ(run_echo(GetParam(), GetParam(), 1).reports, "served\n256 sizes came back\n");
}

TEST_P(NodeProfile, OneSeedIsOneTrace) {
  EXPECT_EQ(run_echo(GetParam(), GetParam(), 1).trace, run_echo(GetParam(), GetParam(), 1).trace);
  EXPECT_EQ(run_echo(GetParam(), GetParam(), 7, true).trace,
            run_echo(GetParam(), GetParam(), 7, true).trace);
  EXPECT_NE(run_echo(GetParam(), GetParam(), 1).trace, run_echo(GetParam(), GetParam(), 2).trace);
}

TEST(Node, ProfilesCanBeMixed) {
  for (const std::string& server : profiles()) {
    for (const std::string& client : profiles()) {
      EXPECT_EQ(run_echo(server, client, 1).reports, "served\n256 sizes came back\n")
          << server << " " << client;
    }
  }
}

TEST(Node, EchoGoesOnWhileTheClockWraps) {
  // 2^32 ms come 20 ms after the start; the echo takes 51 ms.
  EXPECT_EQ(run_echo("default", "default", 1, false, UINT32_MAX - 20).reports,
            "served\n256 sizes came back\n");
}

TEST(Node, TellsItsProgramProfileAndBuild) {
  TestNode node(image("probe", "default"), 1);
  EXPECT_EQ(node.abi->abi, static_cast<std::uint32_t>(TWINSOCK_NODE_ABI));
  EXPECT_STREQ(node.abi->profile, "default");
  EXPECT_NE(std::string(node.abi->build).find(" default "), std::string::npos);
  ASSERT_GT(node.abi->role_count(), 2u);
  EXPECT_STREQ(node.abi->role_name(1), "sleep");
  EXPECT_STREQ(node.abi->role_summary(1), "sleeps and looks at the clock");
}

TEST(Node, RoleGetsArgumentsAndAddressesAndReturnsItsStatus) {
  TestNode node(image("probe", "default"), 5);
  {
    std::string word = "listen=:5005";  // copied by boot()
    ASSERT_TRUE(node.boot("arguments", {word.c_str(), ""}, 1));
    word = "xxxxxxxxxxxx";
  }
  node.run(0);
  EXPECT_EQ(node.reports, "listen=:5005\n\n10.0.0.5\nfd00::5\n");
  EXPECT_TRUE(node.finished);
  EXPECT_EQ(node.status, 42);
}

TEST(Node, WithoutAddressesItIsLinkLocalOnly) {
  TestNode node(image("probe", "default"), 5);
  std::memset(node.options.ipv4, 0, 4);
  std::memset(node.options.ipv6, 0, 16);
  ASSERT_TRUE(node.boot("arguments", {}, 1));
  node.run(0);
  EXPECT_EQ(node.reports.find("\nfe80::ff:fe00:5%"), 0u) << node.reports;
}

TEST(Node, UnknownRoleIsRefusedByName) {
  TestNode node(image("probe", "default"), 1);
  EXPECT_FALSE(node.boot("juggle", {}, 1));
  EXPECT_EQ(node.logs, "the image has no role 'juggle'\n");
}

TEST(Node, TooManyArgumentsAreRefused) {
  TestNode node(image("probe", "default"), 1);
  EXPECT_FALSE(node.boot("arguments", std::vector<const char*>(65, "x"), 1));
  EXPECT_NE(node.logs.find("at most 64 arguments"), std::string::npos) << node.logs;
}

TEST(Node, ShortMemoryIsRefused) {
  TestNode node(image("probe", "default"), 1);
  node.memory_short = true;
  EXPECT_FALSE(node.boot("arguments", {}, 1));
  EXPECT_NE(node.logs.find("no memory"), std::string::npos) << node.logs;
}

TEST_P(NodeProfile, SleepsAreExact) {
  Alone alone("sleep", GetParam());
  alone.start_us = 123'456'789'400;  // not on a millisecond
  alone.run();
  EXPECT_EQ(alone.node.reports, "slept 1\nslept 250\nslept 1500\n");
}

TEST_P(NodeProfile, ReceiveTimeoutIsExact) {
  Alone alone("receive_timeout", GetParam());
  alone.run();
  EXPECT_EQ(alone.node.reports, "waited 200\nwould block 1\n");
}

TEST_P(NodeProfile, TalksToItself) {
  Alone alone("loopback", GetParam());
  alone.run();
  EXPECT_EQ(alone.node.reports, "hello\n");
}

TEST_P(NodeProfile, PollingDoesNotKeepPacketsAway) {
  Alone alone("poll_for_data", GetParam());
  alone.run();
  EXPECT_EQ(alone.node.reports, "came\n") << alone.node.panic;
}

TEST_P(NodeProfile, ThreadsThatEndedAreUsedAgain) {
  Alone alone("threads", GetParam());
  alone.run();
  EXPECT_EQ(alone.node.panic, "");
  EXPECT_EQ(alone.node.reports.find("threads "), 0u);
  std::vector<TwinsockThreadRow> rows(256);
  const std::size_t count = alone.node.abi->threads(rows.data(), rows.size());
  EXPECT_EQ(std::stoul(alone.node.reports.substr(8)), 50 * (count - 2));
}

TEST(Node, EphemeralPortsAreRandomForEachSocketAndSeed) {
  const auto ports = [](std::uint64_t seed) {
    Alone alone("ports", "default", seed);
    alone.run();
    std::vector<int> found;
    std::istringstream lines(alone.node.reports);
    std::string word;
    for (int port; lines >> word >> port;) found.push_back(port);
    return found;
  };
  const std::vector<int> first = ports(1);
  ASSERT_EQ(first.size(), 20u);
  EXPECT_EQ(first, ports(1));
  EXPECT_NE(first, ports(2));
  int neighbours = 0;
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_GE(first[i], 49152);
    if (i >= 1 && std::abs(first[i] - first[i - 1]) < 16) ++neighbours;
    if (i >= 2 && std::abs(first[i] - first[i - 2]) < 16) ++neighbours;
  }
  EXPECT_LE(neighbours, 1);
}

// ---- bugs

TEST(Node, AssertionIsAPanicWithPlaceAndThread) {
  Alone alone("assert_false");
  alone.run();
  EXPECT_NE(alone.node.panic.find("probe_program.cpp:"), std::string::npos) << alone.node.panic;
  EXPECT_NE(alone.node.panic.find("this is the bug (thread assert_false)"), std::string::npos);
  EXPECT_EQ(alone.node.abi->run(alone.node.now_us + 1), UINT64_MAX);
  EXPECT_EQ(alone.node.abi->receive(alone.node.now_us + 1, nullptr, 60), -1);
  EXPECT_FALSE(alone.node.finished);
}

TEST(Node, RoleThatOnlyLooksAtTheClockIsALivelock) {
  Alone alone("poll_forever");
  alone.run();
  EXPECT_NE(alone.node.panic.find("livelock"), std::string::npos) << alone.node.panic;
  EXPECT_NE(alone.node.panic.find("(thread poll_forever)"), std::string::npos);
}

TEST(Node, ThreadsThatOnlyWakeEachOtherAreALivelock) {
  Alone alone("ping_pong");
  alone.run();
  EXPECT_NE(alone.node.panic.find("livelock"), std::string::npos) << alone.node.panic;
}

// ---- the interface

TEST(Node, RefusesFramesThatAreTooShortOrTooLong) {
  Alone alone("receive_datagrams");
  ASSERT_TRUE(alone.node.boot("receive_datagrams", {}, 1));
  const std::vector<std::uint8_t> frame(1600);
  EXPECT_EQ(alone.node.abi->receive(0, frame.data(), 60), -1);  // nothing is up before run()
  alone.node.run(0);
  for (const std::size_t size : {0, 1, 13, 14, 59, 1519, 1600}) {
    EXPECT_EQ(alone.node.abi->receive(0, frame.data(), size), -1) << size;
  }
  for (const std::size_t size : {60, 1514, 1518}) {
    EXPECT_EQ(alone.node.abi->receive(0, frame.data(), size), 0) << size;
    alone.node.run(0);
  }
  EXPECT_EQ(alone.node.panic, "");
}

TEST(Node, RefusesFramesWhenItsPoolIsEmptyAndRecovers) {
  if (!has_profile("tiny")) GTEST_SKIP() << "no image of the profile tiny in this build";
  Alone alone("receive_datagrams", "tiny");
  ASSERT_TRUE(alone.node.boot("receive_datagrams", {}, 1));
  alone.node.run(0);
  const std::vector<std::uint8_t> frame(1514);
  int accepted = 0;
  while (accepted < 1000 && alone.node.abi->receive(0, frame.data(), frame.size()) == 0) {
    ++accepted;
  }
  EXPECT_EQ(accepted, 5);  // sixteen buffers, three for a full frame
  alone.node.run(0);
  EXPECT_EQ(alone.node.abi->receive(0, frame.data(), frame.size()), 0);
}

TEST(Node, EveryFrameItSendsIsPadded) {
  const std::string trace = run_echo("default", "default", 1).trace;
  EXPECT_NE(trace.find(std::string(18, '\0')), std::string::npos);
  TestNode a(image("probe", "default"), 1), b(image("probe", "default"), 2);
  ASSERT_TRUE(a.boot("receive_datagrams", {}, 1));
  ASSERT_TRUE(b.boot("send_datagrams", {"1"}, 2));
  a.run(0);
  b.run(0);
  for (const TestNode* node : {&a, &b}) {
    ASSERT_FALSE(node->sent.empty());
    for (const coop_test::Frame& frame : node->sent) {
      EXPECT_GE(frame.bytes.size(), 60u);
      EXPECT_LE(frame.bytes.size(), 1514u);
    }
  }
}

TEST(Node, NothingPassesWhileTheCableIsOut) {
  TestNode receiver(image("probe", "default"), 1), sender(image("probe", "default"), 2);
  ASSERT_TRUE(receiver.boot("receive_datagrams", {}, 1));
  ASSERT_TRUE(sender.boot("send_datagrams", {"1"}, 2));
  Pair pair(receiver, sender);
  pair.run_until([] { return false; }, 1'500'000);
  sender.abi->link(pair.now_us, 0);
  sender.run(pair.now_us);
  pair.run_until([] { return false; }, 3'500'000);
  sender.abi->link(pair.now_us, 1);
  sender.run(pair.now_us);
  ASSERT_TRUE(pair.run_until([&] { return receiver.finished; }, 60 * second_us));
  EXPECT_EQ(receiver.reports, "datagrams 3\n");
  EXPECT_TRUE(receiver.ready);
}

// ---- looking inside

TEST(Node, TablesShowSocketsPoolsAndThreads) {
  TestNode server(image("lwip_echo", "default"), 1), client(image("lwip_echo", "default"), 2);
  ASSERT_TRUE(server.boot("serve", {}, 1));
  ASSERT_TRUE(client.boot("ask", {"0a000001"}, 2));
  Pair pair(server, client);
  pair.run_until([&] { return pair.now_us >= 20'000; }, second_us);

  TwinsockSocketRow rows[8];
  ASSERT_EQ(server.abi->sockets(rows, 8), 2u);
  EXPECT_EQ(server.abi->sockets(nullptr, 0), 2u);
  EXPECT_STREQ(rows[0].kind, "tcp-listen");
  EXPECT_STREQ(rows[0].local, "0.0.0.0:7");
  EXPECT_STREQ(rows[1].kind, "tcp");
  EXPECT_STREQ(rows[1].state, "ESTABLISHED");
  EXPECT_STREQ(rows[1].local, "10.0.0.1:7");
  EXPECT_EQ(std::string(rows[1].remote).find("10.0.0.2:"), 0u);
  EXPECT_GT(rows[1].congestion_window, 0u);
  EXPECT_EQ(rows[1].receive_window, 4u * 1440);

  std::map<std::string, TwinsockPoolRow> pools;
  std::vector<TwinsockPoolRow> pool_rows(server.abi->pools(nullptr, 0));
  server.abi->pools(pool_rows.data(), pool_rows.size());
  for (const TwinsockPoolRow& row : pool_rows) pools[row.name] = row;
  EXPECT_EQ(pools["NETCONN"].used, 2u);
  EXPECT_EQ(pools["PBUF_POOL"].failed, 0u);
  EXPECT_EQ(pools["heap"].available, 32u * 1024);

  TwinsockThreadRow threads[8];
  ASSERT_EQ(server.abi->threads(threads, 8), 2u);
  EXPECT_STREQ(threads[0].name, "tcpip_thread");
  EXPECT_STREQ(threads[1].name, "serve");
  EXPECT_STREQ(threads[1].state, "waiting");
  EXPECT_GT(threads[1].stack_highest, 100u);
  EXPECT_LT(threads[1].stack_highest, threads[1].stack_size);
  EXPECT_STREQ(server.abi->running_thread(), "none");
}

TEST(Node, NothingIsLeftInItsPoolsAfterAnEcho) {
  TestNode server(image("lwip_echo", "default"), 1), client(image("lwip_echo", "default"), 2);
  ASSERT_TRUE(server.boot("serve", {}, 1));
  ASSERT_TRUE(client.boot("ask", {"0a000001"}, 2));
  Pair pair(server, client);
  ASSERT_FALSE(pair.run_until([] { return false; }, 300 * second_us));
  for (const TestNode* node : {&server, &client}) {
    std::vector<TwinsockPoolRow> rows(node->abi->pools(nullptr, 0));
    node->abi->pools(rows.data(), rows.size());
    for (const TwinsockPoolRow& row : rows) {
      const std::set<std::string> kept = {"SYS_TIMEOUT", "IGMP_GROUP", "MLD6_GROUP", "heap"};
      if (!kept.contains(row.name)) {
        EXPECT_EQ(row.used, 0u) << row.name;
      }
      EXPECT_EQ(row.failed, 0u) << row.name;
    }
    EXPECT_EQ(node->abi->sockets(nullptr, 0), 0u);
  }
}
