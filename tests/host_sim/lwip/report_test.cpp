// The page to look at, for two nodes and for eight: whole, self-contained, and true.
#include <fstream>
#include <regex>
#include <sstream>

#include <host_sim/report.hpp>

#include "pair.hpp"

namespace host_sim {
namespace {

std::string text_of(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

size_t count(const std::string& text, const std::string& pattern) {
  const std::regex regex(pattern);
  return static_cast<size_t>(
      std::distance(std::sregex_iterator(text.begin(), text.end(), regex), std::sregex_iterator()));
}

// Every element that is opened is closed, in order, but for those that HTML never closes.
void expect_well_formed(const std::string& html) {
  std::vector<std::string> open;
  const std::regex tag("<(/?)([a-z0-9]+)([^>]*)>");
  for (std::sregex_iterator at(html.begin(), html.end(), tag), end; at != end; ++at) {
    const std::string name = (*at)[2];
    const std::string rest = (*at)[3];
    if (name == "meta" || rest.ends_with("/")) continue;
    if ((*at)[1] == "") {
      open.push_back(name);
    } else {
      ASSERT_FALSE(open.empty()) << name;
      ASSERT_EQ(open.back(), name) << "at byte " << at->position();
      open.pop_back();
    }
  }
  EXPECT_TRUE(open.empty());
}

TEST(Report, OfTwoNodesShowsLossesAndWhatWasSentAgain) {
  Pair pair("tcp_echo", *parse_faults("loss=5%"), 3);
  Report report(pair.simulation, {.title = "tcp_echo & loss",
                                  .verdict = "passed <all>",
                                  .settings = {{"exchange", "tcp_echo"}}});
  ASSERT_TRUE(pair.passes());
  ASSERT_TRUE(report.write("two_nodes.html"));
  const std::string html = text_of("two_nodes.html");
  expect_well_formed(html);
  EXPECT_EQ(count(html, "(src|href)=|https?://|@import"), 0u);  // needs nothing else
  EXPECT_NE(html.find("tcp_echo &amp; loss"), std::string::npos);
  EXPECT_NE(html.find("passed &lt;all&gt;"), std::string::npos);
  EXPECT_NE(html.find("link client-server</td><td>loss=5%"), std::string::npos);
  EXPECT_EQ(count(html, "<text class=\"column\""), 2u);
  EXPECT_GT(count(html, "· lost<"), 10u);
  EXPECT_GT(count(html, "· again<"), 10u);
  EXPECT_NE(html.find("frames are left out here"), std::string::npos);  // more than 1,200
  EXPECT_EQ(count(html, "aria-label=\"sequence numbers over time\""), 2u);
  EXPECT_EQ(count(html, "aria-label=\"congestion window over time\""), 2u);
  EXPECT_NE(html.find("sizes 1 to 1200: all echoed"), std::string::npos);
}

TEST(Report, OfEightNodesOnASwitchHasAColumnForEach) {
  Simulation simulation({.seed = 5});
  Switch& lan = simulation.add_switch("lan");
  std::vector<Node*> clients;
  for (int i = 1; i <= 4; ++i) {
    const std::string n = std::to_string(i);
    Node& server = simulation.add_node(
        Pair::image(),
        {.name = "server" + n, .role = "tcp_greeting.server", .arguments = {"listen=:5005"}});
    Node& client =
        simulation.add_node(Pair::image(), {.name = "client" + n,
                                            .role = "tcp_greeting.client",
                                            .arguments = {"peer=" + server.ipv4() + ":5005"},
                                            .after = &server});
    simulation.connect(server, lan, *parse_faults("delay=1ms"));
    simulation.connect(client, lan, *parse_faults("delay=2ms loss=4%"));
    clients.push_back(&client);
  }
  Report report(simulation, {.title = "four greetings on a switch", .verdict = "passed"});
  const auto all_passed = [&] {
    return std::all_of(clients.begin(), clients.end(), [](Node* node) { return node->passed(); });
  };
  const RunResult run = simulation.run_until(all_passed, 30s, "four greetings");
  ASSERT_TRUE(run.reached) << run.text << simulation.describe();
  ASSERT_TRUE(report.write("eight_nodes.html"));
  const std::string html = text_of("eight_nodes.html");
  expect_well_formed(html);
  EXPECT_EQ(count(html, "<text class=\"column\""), 8u);  // the switch needs none
  EXPECT_GT(count(html, "· to all"), 8u);
  EXPECT_EQ(count(html, "aria-label=\"sequence numbers over time\""), 8u);
  EXPECT_NE(html.find("link client4-lan</td><td>loss=4% delay=2ms"), std::string::npos);
}

TEST(Report, RefusesAFileThatCannotBeWritten) {
  Simulation simulation;
  const Report report(simulation, {});
  const auto written = report.write("missing/report.html");
  ASSERT_FALSE(written);
  EXPECT_NE(written.error().find("missing/report.html: No such file"), std::string::npos);
}

}  // namespace
}  // namespace host_sim
