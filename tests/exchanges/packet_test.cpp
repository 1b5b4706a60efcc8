// packet_echo against frames that a test makes: damaged ones, strangers', and those that must never
// arrive. On the loopback, which needs a privilege.
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <thread>

#include <twinsock/packet.hpp>

#include "exchanges/pattern.hpp"
#include "fixture.hpp"

namespace exchange_tests {

namespace {

using twinsock::MacAddress;
using twinsock::PacketReceived;
using twinsock::PacketSocket;

constexpr std::uint16_t ether_type = 0x88b5;
constexpr std::uint32_t loopback = 1;
constexpr MacAddress nobody{{0, 0, 0, 255, 255, 255}};  // of whom the loopback is not
enum Kind : std::uint16_t { ask = 1, here, request, reply, end, never };

class PacketEcho : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = missing_here("packet_echo", Family::inet); !why.empty()) {
      GTEST_SKIP() << why;
    }
    frames_ = std::move(*PacketSocket::open(ether_type, loopback));
    ASSERT_TRUE(frames_.settimeout(5s));
    listening_ = std::move(*open_for(*find("packet_echo"), Family::inet));
    server_ = std::thread([this] {
      ExchangeRun run{.context = recorder_, .deadline = Deadline(10s), .interface = loopback};
      verdict_ = find("packet_echo")->server(run, listening_);
      recorder_.end();
    });
    ASSERT_TRUE(recorder_.wait_until_ready());
  }
  void TearDown() override {
    if (server_.joinable()) server_.join();
  }

  // As the exchange's own file says how.
  std::string frame(Kind kind, std::string_view data, const MacAddress& to,
                    int port_off = 0) const {
    std::string rest;
    const auto word = [&](std::size_t value) {
      rest += {static_cast<char>(value >> 8), static_cast<char>(value)};
    };
    word(static_cast<std::size_t>(listening_.getsockname()->port() + port_off));
    word(kind);
    word(7);
    word(data.size());
    rest += data;
    Digest digest;
    digest.add(Bytes(to.bytes.data(), to.bytes.size()));
    digest.add(Bytes(frames_.address().bytes.data(), 6));
    digest.add(Bytes(rest.data(), rest.size()));
    std::string front;
    for (int shift = 24; shift >= 0; shift -= 8) {
      front += static_cast<char>(digest.value() >> shift);
    }
    return front + rest;
  }
  void send(Kind kind, std::string_view data = {}, const MacAddress& to = {}) {
    ASSERT_TRUE(frames_.sendto(frame(kind, data, to), to));
  }
  // The data of the next frame of that kind and of our server; others of this host pass by.
  std::string next(Kind kind) {
    std::array<char, PacketSocket::longest_payload> buffer;
    for (;;) {
      const auto came = frames_.recvfrom(buffer);
      if (!came) return "nothing came";
      const std::string text(came->data.text());
      if (text.size() < 12 || text.substr(4, 2) != frame(kind, "", {}).substr(4, 2)) continue;
      if (text[7] == kind) return text.substr(12);
    }
  }
  const Verdict& verdict() {
    server_.join();
    return verdict_;
  }

  PacketSocket frames_;

 private:
  Socket listening_;
  Recorder recorder_;
  Verdict verdict_;
  std::thread server_;
};

}  // namespace

TEST_F(PacketEcho, DamagedFramesAndThoseOfOtherServersArePassedOver) {
  send(ask, "", MacAddress::broadcast());
  EXPECT_EQ(next(here), "");
  for (const std::size_t at : {0U, 6U, 12U}) {
    std::string damaged = frame(request, "damaged", {});
    damaged[at] = static_cast<char>(damaged[at] ^ 4);
    ASSERT_TRUE(frames_.sendto(damaged, {}));
  }
  ASSERT_TRUE(frames_.sendto(frame(request, "cut short", {}).substr(0, 15), {}));
  ASSERT_TRUE(frames_.sendto("short", {}));
  ASSERT_TRUE(frames_.sendto(frame(request, "another port", {}, 1), {}));
  ASSERT_TRUE(frames_.sendto(frame(request, "to everyone", MacAddress::broadcast()),
                             MacAddress::broadcast()));
  send(request, "whole");
  EXPECT_EQ(next(reply), "whole");
  send(end);
  EXPECT_TRUE(verdict().passed);
}

TEST_F(PacketEcho, PaddingIsNotEchoed) {
  send(ask, "", MacAddress::broadcast());
  ASSERT_TRUE(frames_.sendto(frame(request, "x", {}) + std::string(33, '\0'), {}));
  EXPECT_EQ(next(reply), "x");
  send(end);
  EXPECT_TRUE(verdict().passed);
}

TEST_F(PacketEcho, OnlyAFrameToEveryoneBeginsIt) {
  send(ask);                               // to this host alone
  send(end, "", MacAddress::broadcast());  // of a client that went before
  send(request, "too early");
  send(ask, "", MacAddress::broadcast());
  EXPECT_EQ(next(here), "");
  send(request, "in time");
  EXPECT_EQ(next(reply), "in time");
  send(end);
  EXPECT_TRUE(verdict().passed);
}

TEST_F(PacketEcho, AFrameOfAnotherEtherTypeThatArrivesFailsTheServer) {
  send(ask, "", MacAddress::broadcast());
  send(never);  // under the right type, as from a stack that does not look
  const Verdict& failed = verdict();
  EXPECT_FALSE(failed.passed);
  EXPECT_EQ(failed.came.view(), "one of 0x9000");
}

TEST_F(PacketEcho, FramesToAnotherAddressDoNotArrive) {
  send(ask, "", MacAddress::broadcast());
  send(never, "", nobody);
  send(request, "x");
  EXPECT_EQ(next(reply), "x");
  send(end);
  EXPECT_TRUE(verdict().passed);
}

}  // namespace exchange_tests
