// The datagram exchanges through a relay that loses, doubles and reorders what it passes on: they
// pass, and their transcripts do not show it.
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <optional>
#include <thread>

#include "fixture.hpp"

namespace exchange_tests {

namespace {

enum class Fate { pass, lose, twice, after_next };
using Rule = std::function<Fate(int number)>;  // of the datagrams of one direction, from 0

// Passes datagrams between one client and the server, each direction by its own rule.
class Relay {
 public:
  Relay(const Endpoint& server, Rule to_server, Rule to_client)
      : server_(server), to_server_(std::move(to_server)), to_client_(std::move(to_client)) {
    const Endpoint loopback(IpAddress::loopback(server.family()), 0);
    for (Socket* side : {&client_side_, &server_side_}) {
      *side = std::move(*Socket::open(server.family(), Type::datagram));
      EXPECT_TRUE(side->bind(loopback));
      EXPECT_TRUE(side->settimeout(20ms));
    }
    upstream_ = std::thread([this] { pass_on(client_side_, server_side_, true, to_server_); });
    downstream_ = std::thread([this] { pass_on(server_side_, client_side_, false, to_client_); });
  }
  ~Relay() {
    stop_ = true;
    upstream_.join();
    downstream_.join();
  }
  Endpoint endpoint() const { return *client_side_.getsockname(); }

 private:
  void pass_on(Socket& from, Socket& to, bool upstream, const Rule& rule) {
    char buffer[2048];
    std::optional<std::string> held;
    for (int number = 0; !stop_;) {
      const auto came = from.recvfrom(buffer);
      if (!came) continue;
      if (upstream) client_port_ = came->peer.port();
      const Endpoint next =
          upstream ? server_ : Endpoint(IpAddress::loopback(server_.family()), client_port_);
      const Fate fate = rule(number++);
      if (fate == Fate::after_next) {
        held = std::string(came->data.text());
        continue;
      }
      const int copies = fate == Fate::lose ? 0 : fate == Fate::twice ? 2 : 1;
      for (int i = 0; i < copies; ++i) EXPECT_TRUE(to.sendto(came->data, next));
      if (held) {
        EXPECT_TRUE(to.sendto(*held, next));
      }
      held.reset();
    }
  }

  Endpoint server_;
  Rule to_server_;
  Rule to_client_;
  Socket client_side_;
  Socket server_side_;
  std::atomic<std::uint16_t> client_port_ = 0;
  std::atomic<bool> stop_ = false;
  std::thread upstream_;
  std::thread downstream_;
};

Fate none(int) { return Fate::pass; }

Rule only(std::vector<int> numbers, Fate fate) {
  return [=](int number) {
    const bool chosen = std::find(numbers.begin(), numbers.end(), number) != numbers.end();
    return chosen ? fate : Fate::pass;
  };
}

// About 5 % lost, 5 % doubled and 2 % held back, the same in each run.
Rule mixed(std::uint32_t seed) {
  return [state = seed](int) mutable {
    state = state * 1664525u + 1013904223u;
    const std::uint32_t percent = (state >> 16) % 100;
    return percent < 5    ? Fate::lose
           : percent < 10 ? Fate::twice
           : percent < 12 ? Fate::after_next
                          : Fate::pass;
  };
}

void expect_unchanged(const char* name, const Rule& to_server, const Rule& to_client) {
  const Outcomes plain = run_both(name);
  std::unique_ptr<Relay> relay;
  const Outcomes lossy = run_both(name, {.deadline = 30s}, [&](const Endpoint& server) {
    relay = std::make_unique<Relay>(server, to_server, to_client);
    return relay->endpoint();
  });
  EXPECT_TRUE(lossy.client.verdict.passed) << text_of(lossy.client.verdict);
  EXPECT_TRUE(lossy.server.verdict.passed) << text_of(lossy.server.verdict);
  EXPECT_EQ(lossy.client.lines, plain.client.lines);
  EXPECT_EQ(lossy.server.lines, plain.server.lines);
}

}  // namespace

TEST(LossyPath, UdpEchoPassesUnchanged) { expect_unchanged("udp_echo", mixed(1), mixed(2)); }

TEST(LossyPath, UdpChatSaysAgainWhatWasLost) {
  expect_unchanged("udp_chat", only({1}, Fate::lose), only({2}, Fate::lose));
}

TEST(LossyPath, UdpChatStandsALostAnswerToTheEnd) {
  expect_unchanged("udp_chat", none, only({5}, Fate::lose));
}

TEST(LossyPath, UdpChatStandsDoublingOfEverything) {
  const Rule doubled = [](int) { return Fate::twice; };
  expect_unchanged("udp_chat", doubled, doubled);
}

TEST(LossyPath, UdpChatStandsALineThatComesAfterTheNext) {
  // The first copy of line 2 is held back; said again, it comes together with that copy.
  expect_unchanged("udp_chat", only({1}, Fate::after_next), none);
}

TEST(LossyPath, UdpTimeoutSendsAgainWhatWasLost) {
  expect_unchanged("udp_timeout", only({0}, Fate::lose), none);
}

TEST(LossyPath, ALostGoodbyeIsFollowedBySilenceWithTheSameReport) {
  // 1,220 messages, then three empty datagrams.
  const Outcomes plain = run_both("udp_echo");
  std::unique_ptr<Relay> relay;
  const Outcomes lossy = run_both("udp_echo", {.deadline = 3s}, [&](const Endpoint& server) {
    relay = std::make_unique<Relay>(
        server, [](int number) { return number >= 1220 ? Fate::lose : Fate::pass; }, none);
    return relay->endpoint();
  });
  EXPECT_TRUE(lossy.server.verdict.passed) << text_of(lossy.server.verdict);
  EXPECT_EQ(lossy.server.lines, plain.server.lines);
}

}  // namespace exchange_tests
