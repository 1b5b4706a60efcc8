// Names over lwIP, asked of name servers that lie, lose and are late: what each call says, and
// when, to the millisecond.
#include <gtest/gtest.h>

#include <host_sim/simulation.hpp>

#include "pair.hpp"

namespace host_sim {
namespace {

// One node that asks, its name server, and the device that has the name.
class Names {
 public:
  explicit Names(const std::string& call, std::vector<std::string> server_words,
                 const std::string& family = "inet", const Faults& faults = {}, uint64_t seed = 1,
                 std::vector<std::string> more = {})
      : simulation({.seed = seed}) {
    static const Image image = *Image::open(RESOLVE_IMAGE);
    Switch& lan = simulation.add_switch("lan");
    Node& device = simulation.add_node(image, {.name = "device", .role = "device"});
    server_words.push_back("zone=device.test=" + device.ipv4());
    server_words.push_back("zone=device.test=" + device.ipv6());
    server = &simulation.add_node(
        Pair::image(),
        {.name = "server", .role = "name_server", .arguments = server_words, .after = &device});
    more.insert(more.end(), {"family=" + family, "dns=" + server->ipv4()});
    client = &simulation.add_node(
        image, {.name = "client", .role = call, .arguments = more, .after = server});
    simulation.connect(device, lan);
    simulation.connect(*server, lan);
    simulation.connect(*client, lan, faults);
  }

  // The lines that the client reports, joined.
  std::string answer() {
    const RunResult run = simulation.run_until([&] { return client->finished(); }, 10min);
    EXPECT_TRUE(run.reached && client->passed()) << run.text << simulation.describe();
    std::string text;
    for (const std::string& line : client->transcript()) text += (text.empty() ? "" : "; ") + line;
    return text;
  }

  Simulation simulation;
  Node* server = nullptr;
  Node* client = nullptr;
};

// What lwIP does not believe is as if it had not come: its four questions take seven seconds.
constexpr const char* ignored = "name_lookup_failed after 7000 ms";
constexpr const char* no_such_name = "name_not_found after 0 ms";
constexpr const char* truth = "10.0.0.1 after 0 ms";
constexpr const char* false_ipv4 = "192.0.2.66 after 0 ms";  // nothing tells it from a true answer
constexpr const char* false_ipv6 = "c000:242:: after 0 ms";
constexpr const char* nobody_there = "timed_out after 3000 ms";  // at the false address

struct Lie {
  const char* word;
  const char* ipv4;     // what getaddrinfo and gethostbyname say
  const char* ipv6;     // what getaddrinfo says
  const char* connect;  // what create_connection says, with three seconds
  const char* truth;    // what getaddrinfo says if the truth follows the lie
};

constexpr Lie lies[] = {
    {"silent", ignored, ignored, ignored, truth},
    {"wrong_id", ignored, ignored, ignored, truth},
    {"wrong_question", ignored, ignored, ignored, truth},
    {"wrong_type", no_such_name, no_such_name, no_such_name, no_such_name},
    {"truncated", no_such_name, no_such_name, no_such_name, no_such_name},
    {"cut_short", ignored, ignored, ignored, truth},
    {"pointer_loop", false_ipv4, false_ipv6, nobody_there, false_ipv4},
    {"nxdomain", no_such_name, no_such_name, no_such_name, no_such_name},
    {"server_failure", no_such_name, no_such_name, no_such_name, no_such_name},
    {"empty", no_such_name, no_such_name, no_such_name, no_such_name},
    {"garbage", ignored, ignored, ignored, truth},
    {"oversized", false_ipv4, false_ipv6, nobody_there, false_ipv4},
    {"question_only", ignored, ignored, ignored, truth},
};

std::string name_of(const ::testing::TestParamInfo<Lie>& info) { return info.param.word; }

class LyingServer : public ::testing::TestWithParam<Lie> {
 protected:
  std::vector<std::string> words{std::string("lie=") + GetParam().word};
};

TEST_P(LyingServer, Ipv4LookUp) {
  EXPECT_EQ(Names("getaddrinfo", words).answer(), GetParam().ipv4);
}

TEST_P(LyingServer, Ipv6LookUp) {
  EXPECT_EQ(Names("getaddrinfo", words, "inet6").answer(), GetParam().ipv6);
}

TEST_P(LyingServer, Gethostbyname) {
  EXPECT_EQ(Names("gethostbyname", words).answer(), GetParam().ipv4);
}

TEST_P(LyingServer, CreateConnection) {
  EXPECT_EQ(Names("create_connection", words).answer(), GetParam().connect);
}

TEST_P(LyingServer, TruthThatFollows) {
  words.push_back("after=truth");
  EXPECT_EQ(Names("getaddrinfo", words).answer(), GetParam().truth);
}

INSTANTIATE_TEST_SUITE_P(Dns, LyingServer, ::testing::ValuesIn(lies), name_of);

TEST(NameServer, GivesBothFamilies) {
  EXPECT_EQ(Names("getaddrinfo", {}, "both").answer(), "fd00::1 10.0.0.1 after 0 ms");
  EXPECT_EQ(Names("create_connection", {}, "both").answer(), "connected after 0 ms");
}

TEST(NameServer, SilenceCountsForEachFamily) {
  EXPECT_EQ(Names("getaddrinfo", {"lie=silent"}, "both").answer(),
            "name_lookup_failed after 14000 ms");
}

// Questions are asked again after one, one, two and three seconds.
TEST(NameServer, LostQuestionsAreAskedAgain) {
  EXPECT_EQ(Names("getaddrinfo", {"lose=1"}).answer(), "10.0.0.1 after 1000 ms");
  EXPECT_EQ(Names("getaddrinfo", {"lose=2"}).answer(), "10.0.0.1 after 2000 ms");
  EXPECT_EQ(Names("getaddrinfo", {"lose=3"}).answer(), "10.0.0.1 after 4000 ms");
  EXPECT_EQ(Names("getaddrinfo", {"lose=4"}).answer(), ignored);
}

TEST(NameServer, LateAnswersAreTaken) {
  EXPECT_EQ(Names("getaddrinfo", {"delay=500"}).answer(), "10.0.0.1 after 500 ms");
  EXPECT_EQ(Names("getaddrinfo", {"delay=1500"}).answer(), "10.0.0.1 after 1500 ms");
  EXPECT_EQ(Names("getaddrinfo", {"delay=9000"}).answer(), ignored);
}

TEST(NameServer, SecondQuestionIsAnsweredLikeTheFirst) {
  EXPECT_EQ(Names("getaddrinfo", {}, "inet", {}, 1, {"twice=yes"}).answer(),
            "10.0.0.1 after 0 ms; 10.0.0.1 after 0 ms");
  EXPECT_EQ(Names("getaddrinfo", {"lie=nxdomain"}, "inet", {}, 1, {"twice=yes"}).answer(),
            "name_not_found after 0 ms; name_not_found after 0 ms");
}

// Whatever is lost, and whoever wins: an answer that is true, or the failure, in time.
TEST(NameServer, LossyNetworkGivesTheTruthOrAFailureInTime) {
  int found = 0;
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    const std::string answer =
        Names("getaddrinfo", {}, "inet", {.loss = percent(30)}, seed).answer();
    const bool is_true = answer.starts_with("10.0.0.1 after ");
    EXPECT_TRUE(is_true || answer == ignored) << seed << ": " << answer;
    found += is_true;
  }
  EXPECT_GE(found, 15);
}

}  // namespace
}  // namespace host_sim
