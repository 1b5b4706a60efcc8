// A node behind libslirp, as a program of the desktop meets it: the bridge as a library.
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <memory>

#include <host_sim/real_time.hpp>
#include <host_sim/slirp_bridge.hpp>

namespace host_sim {
namespace {

using Protocol = SlirpBridge::Protocol;

// A web server on a node, behind 50 ms.
class Web : public ::testing::Test {
 protected:
  void SetUp() override {
    auto opened = SlirpBridge::open(simulation_);
    if (!opened) GTEST_SKIP() << opened.error();
    desktop_ = std::move(*opened);
    simulation_.connect(desktop_->add_to(simulation_, "desktop"), node_, {.delay = 25ms});
    real_time_.add(*desktop_);
  }

  Image image_ = *Image::open(WEB_IMAGE);
  Simulation simulation_;
  Node& node_ = simulation_.add_node(image_, {.name = "web", .role = "web", .gateway = true});
  std::unique_ptr<SlirpBridge> desktop_;
  RealTime real_time_{simulation_};
};

TEST_F(Web, CurlReadsAPageOfANode) {
  if (std::system("curl --version >/dev/null 2>&1") != 0) GTEST_SKIP() << "curl is not installed";
  const auto at = desktop_->forward(Protocol::tcp, "127.0.0.1:0", node_, 80);
  ASSERT_TRUE(at) << at.error();
  ASSERT_TRUE(real_time_.run_until([&] { return node_.ready(); }, 10s).reached);
  const std::string command =
      "curl -sS --max-time 20 --noproxy '*' http://" + *at + "/ http://" + *at + "/again 2>&1";
  std::FILE* const curl = popen(command.c_str(), "r");
  ASSERT_NE(curl, nullptr);
  std::string page;
  bool ended = false;
  real_time_.add_descriptor(fileno(curl), [&] {
    std::array<char, 512> line;
    ended = ended || std::fgets(line.data(), line.size(), curl) == nullptr;
    if (!ended) page += line.data();
  });
  const Instant began = simulation_.now();
  EXPECT_TRUE(real_time_.run_until([&] { return ended; }, 30s).reached) << simulation_.describe();
  EXPECT_EQ(pclose(curl), 0);
  EXPECT_NE(page.find("<h1>Hello from lwIP</h1><p>Visit 1.\n"), std::string::npos) << page;
  EXPECT_NE(page.find("Visit 2.\n"), std::string::npos) << page;
  EXPECT_GE(simulation_.now() - began, 4 * 50ms);  // two handshakes and two answers
}

TEST_F(Web, ForwardsSayWhereTheyListenOrWhyNot) {
  const auto first = desktop_->forward(Protocol::tcp, "127.0.0.1:0", node_, 80);
  ASSERT_TRUE(first) << first.error();
  EXPECT_TRUE(first->starts_with("127.0.0.1:")) << *first;
  EXPECT_FALSE(first->ends_with(":0")) << *first;
  const auto udp = desktop_->forward(Protocol::udp, *first, node_, 80);  // another protocol's port
  ASSERT_TRUE(udp) << udp.error();
  EXPECT_EQ(*udp, *first);
  for (const Protocol protocol : {Protocol::tcp, Protocol::udp}) {
    const auto taken = desktop_->forward(protocol, *first, node_, 81);
    ASSERT_FALSE(taken);
    EXPECT_NE(taken.error().find("in use"), std::string::npos) << taken.error();
  }
  for (const char* wrong : {"unix:/tmp/x", "localhost:80", "127.0.0.1", "192.0.2.1:0"}) {
    EXPECT_FALSE(desktop_->forward(Protocol::tcp, wrong, node_, 80)) << wrong;
  }
}

}  // namespace
}  // namespace host_sim
