// The page to look at, for two nodes and for eight: whole, self-contained, and true.
#include <fstream>
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

size_t count(const std::string& text, const std::string& words) {
  size_t found = 0;
  for (size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1))
    ++found;
  return found;
}

// Every element that is opened is closed, in order, but for those that HTML never closes.
void expect_well_formed(const std::string& html) {
  std::vector<std::string> open;
  for (size_t at = html.find('<'); at != std::string::npos; at = html.find('<', at + 1)) {
    const size_t end = html.find('>', at);
    ASSERT_NE(end, std::string::npos) << "at byte " << at;
    const std::string tag = html.substr(at + 1, end - at - 1);
    const std::string name = tag.substr(0, tag.find(' '));
    if (name == "meta" || name == "!doctype" || tag.ends_with("/")) continue;
    if (!name.starts_with("/")) {
      open.push_back(name);
      continue;
    }
    ASSERT_FALSE(open.empty()) << name;
    ASSERT_EQ("/" + open.back(), name) << "at byte " << at;
    open.pop_back();
  }
  EXPECT_TRUE(open.empty());
}

void expect_needs_nothing_else(const std::string& html) {
  for (const char* words : {"src=", "href=", "http://", "https://", "@import"}) {
    EXPECT_EQ(count(html, words), 0u) << words;
  }
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
  expect_needs_nothing_else(html);
  EXPECT_NE(html.find("tcp_echo &amp; loss"), std::string::npos);
  EXPECT_NE(html.find("passed &lt;all&gt;"), std::string::npos);
  EXPECT_NE(html.find("link client-server</td><td>loss=5%"), std::string::npos);
  EXPECT_EQ(count(html, "<text class=\"column\""), 2u);
  EXPECT_GT(count(html, "· lost<"), 10u);
  EXPECT_GT(count(html, "· again<"), 10u);
  EXPECT_NE(html.find("frames are left out here;"), std::string::npos);  // more than 1,200
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

TEST(Report, FramesOfNoIpHaveTheirTypeAndLength) {
  Pair pair("packet_echo", *parse_faults(""), 1);
  Report report(pair.simulation, {});
  ASSERT_TRUE(pair.passes());
  ASSERT_TRUE(report.write("frames.html"));
  const std::string html = text_of("frames.html");
  EXPECT_GT(count(html, "EtherType 0x88b5 46<"), 0u);    // the shortest frame
  EXPECT_GT(count(html, "EtherType 0x88b5 1500<"), 0u);  // and the longest
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
