// Frames over datagram and stream sockets, as QEMU sends and takes them.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>

#include <host_sim/frame_socket.hpp>
#include <host_sim/real_time.hpp>

#include "wire.hpp"

namespace host_sim {
namespace {

using Frame = std::vector<uint8_t>;

class Folder {
 public:
  Folder() { EXPECT_NE(mkdtemp(path_), nullptr); }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::string file(const std::string& name) const { return path_ + ("/" + name); }
  std::string at(const std::string& name) const { return "unix:" + file(name); }

 private:
  char path_[32] = "/tmp/frames-XXXXXX";
};

// A bridge with a bare end behind it, in real time.
class Outside {
 public:
  explicit Outside(std::unique_ptr<FrameSocket> socket) : bridge(std::move(socket)) {
    simulation.connect(end_, bridge->add_to(simulation, "bridge"), {.rate_bps = 0, .mtu = 1504});
    real_time_.add(*bridge);
  }

  void send(const Frame& frame) { end_.send(frame); }
  bool run_until(const std::function<bool()>& predicate) {
    return real_time_.run_until(predicate, 10s).reached;
  }
  void run_for(Duration duration) { real_time_.run_for(duration); }
  bool run_until_out(uint64_t count) {
    return run_until([this, count] { return bridge->counters().out >= count; });
  }

  std::vector<Arrival> arrivals;
  Simulation simulation;
  std::unique_ptr<FrameSocket> bridge;

 private:
  Port& end_ = simulation.add_port("end", Wire::receiver(arrivals));
  RealTime real_time_{simulation};
};

// Two simulations, joined by a socket. The first sends, the second takes, and back.
void exchange_frames(Outside& left, Outside& right, size_t count = 3) {
  const size_t before = right.arrivals.size();
  for (size_t index = 0; index < count; ++index) {
    left.send(frame_of(60 + index * 100, static_cast<uint8_t>(index)));
  }
  ASSERT_TRUE(left.run_until_out(left.bridge->counters().out + count));
  ASSERT_TRUE(right.run_until([&] { return right.arrivals.size() >= before + count; }));
  for (size_t index = 0; index < count; ++index) {
    EXPECT_EQ(right.arrivals[before + index].frame,
              frame_of(60 + index * 100, static_cast<uint8_t>(index)));
  }
}

TEST(FrameSocket, DatagramsGoBothWays) {
  const Folder folder;
  Outside left(*FrameSocket::datagram(folder.at("left"), folder.at("right")));
  Outside right(*FrameSocket::datagram(folder.at("right"), folder.at("left")));
  exchange_frames(left, right);
  exchange_frames(right, left);
}

class FrameSocketOn : public ::testing::TestWithParam<const char*> {};

TEST_P(FrameSocketOn, DatagramsGoBothWays) {
  auto first = FrameSocket::datagram(GetParam());
  if (!first) GTEST_SKIP() << first.error();
  Outside left(std::move(*first));
  Outside right(*FrameSocket::datagram(GetParam(), left.bridge->local()));
  EXPECT_FALSE(left.bridge->connected());
  exchange_frames(right, left);  // by which the left one learns where the right one is
  EXPECT_EQ(left.bridge->remote(), right.bridge->local());
  exchange_frames(left, right);
}

TEST_P(FrameSocketOn, StreamsGoBothWays) {
  auto first = FrameSocket::listen(GetParam());
  if (!first) GTEST_SKIP() << first.error();
  Outside left(std::move(*first));
  Outside right(*FrameSocket::connect(left.bridge->local()));
  ASSERT_TRUE(left.run_until([&] { return left.bridge->connected(); }));
  exchange_frames(left, right, 10);
  exchange_frames(right, left, 10);
}

INSTANTIATE_TEST_SUITE_P(, FrameSocketOn, ::testing::Values("127.0.0.1:0", "[::1]:0"),
                         [](const auto& each) { return *each.param == '[' ? "inet6" : "inet"; });

TEST(FrameSocket, ManyFramesWaitForTheirPeerToRead) {
  const Folder folder;
  Outside left(*FrameSocket::datagram(folder.at("left"), folder.at("right")));
  Outside right(*FrameSocket::datagram(folder.at("right"), folder.at("left")));
  constexpr size_t count = 700;  // more than the system's queue, less than that and ours
  for (size_t index = 0; index < count; ++index) left.send(frame_of(1514));
  const auto settled = [&] {
    return left.bridge->counters().out + left.bridge->counters().out_lost >= count;
  };
  ASSERT_TRUE(left.run_until(settled));
  const uint64_t kept = left.bridge->counters().out;
  while (right.arrivals.size() < kept) {
    const size_t before = right.arrivals.size();
    ASSERT_TRUE(right.run_until([&] { return right.arrivals.size() > before; }));
    left.run_for(100us);
  }
  EXPECT_GT(kept, 512u);
}

TEST(FrameSocket, DatagramPeerComesAndGoesAndComes) {
  const Folder folder;
  Outside left(*FrameSocket::datagram(folder.at("left"), folder.at("right")));
  left.send(frame_of(60));
  ASSERT_TRUE(left.run_until([&] { return left.bridge->counters().out_lost == 1; }));
  for (int round = 0; round < 2; ++round) {
    Outside right(*FrameSocket::datagram(folder.at("right"), folder.at("left")));
    exchange_frames(left, right);
    exchange_frames(right, left);
  }
}

TEST(FrameSocket, StreamPeerComesAndGoesAndComes) {
  const Folder folder;
  Outside left(*FrameSocket::listen(folder.at("left")));
  for (int round = 0; round < 2; ++round) {
    Outside right(*FrameSocket::connect(folder.at("left")));
    ASSERT_TRUE(left.run_until([&] { return left.bridge->connected(); }));
    exchange_frames(right, left);
    right.bridge.reset();
    ASSERT_TRUE(left.run_until([&] { return !left.bridge->connected(); }));
  }
}

TEST(FrameSocket, EndOfTheListenerEndsTheRun) {
  const Folder folder;
  Outside left(*FrameSocket::listen(folder.at("left")));
  Outside right(*FrameSocket::connect(folder.at("left")));
  left.bridge.reset();
  EXPECT_FALSE(right.run_until([] { return false; }));
  EXPECT_NE(right.bridge->failure().find("ended the stream"), std::string::npos);
}

// A peer that writes its bytes by hand.
class StreamOf {
 public:
  explicit StreamOf(const std::string& path) {
    sockaddr_un there{};
    there.sun_family = AF_UNIX;
    path.copy(there.sun_path, sizeof there.sun_path - 1);
    EXPECT_EQ(connect(socket_, reinterpret_cast<sockaddr*>(&there), sizeof there), 0);
  }
  ~StreamOf() { close(socket_); }
  void write(std::span<const uint8_t> bytes) {
    EXPECT_EQ(::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }

 private:
  int socket_ = socket(AF_UNIX, SOCK_STREAM, 0);
};

TEST(FrameSocket, StreamIsCutAnywhere) {
  const Folder folder;
  Outside left(*FrameSocket::listen(folder.at("left")));
  StreamOf peer(folder.file("left"));
  Frame bytes;
  for (const size_t size : {60, 1514}) {
    const Frame frame = frame_of(size, 7);
    bytes.insert(bytes.end(), {0, 0, static_cast<uint8_t>(size >> 8), static_cast<uint8_t>(size)});
    bytes.insert(bytes.end(), frame.begin(), frame.end());
  }
  for (size_t at = 0; at < bytes.size();) {
    const size_t size = std::min<size_t>(at < 80 ? 1 : 37, bytes.size() - at);
    peer.write(std::span(bytes).subspan(at, size));
    at += size;
    left.run_for(10us);
  }
  ASSERT_TRUE(left.run_until([&] { return left.arrivals.size() == 2; }));
  EXPECT_EQ(left.arrivals[0].frame, frame_of(60, 7));
  EXPECT_EQ(left.arrivals[1].frame, frame_of(1514, 7));
}

TEST(FrameSocket, LengthBeyondAllReasonEndsThePeer) {
  const Folder folder;
  Outside left(*FrameSocket::listen(folder.at("left")));
  StreamOf peer(folder.file("left"));
  const Frame bytes{0xFF, 0xFF, 0xFF, 0xFF, 1, 2, 3};
  ASSERT_TRUE(left.run_until([&] { return left.bridge->connected(); }));
  peer.write(bytes);
  EXPECT_TRUE(left.run_until([&] { return !left.bridge->connected(); }));
}

TEST(FrameSocket, ShortFramesAreFilledUpAndWrongSizesCounted) {
  const Folder folder;
  Outside left(*FrameSocket::listen(folder.at("left")));
  StreamOf peer(folder.file("left"));
  for (const size_t size : {42, 13, 1519, 1518}) {
    const uint8_t length[] = {0, 0, static_cast<uint8_t>(size >> 8), static_cast<uint8_t>(size)};
    peer.write(length);
    peer.write(Frame(size, 2));
  }
  ASSERT_TRUE(left.run_until([&] { return left.arrivals.size() == 2; }));
  EXPECT_EQ(left.arrivals[0].frame.size(), 60u);
  EXPECT_EQ(left.arrivals[1].frame.size(), 1518u);
  EXPECT_EQ(left.bridge->counters().in_wrong_size, 2u);
}

TEST(FrameSocket, FileOfADeadProgramIsReplacedAndOfALivingOneNot) {
  const Folder folder;
  {
    sockaddr_un here{};
    here.sun_family = AF_UNIX;
    folder.file("left").copy(here.sun_path, sizeof here.sun_path - 1);
    const int dead = socket(AF_UNIX, SOCK_DGRAM, 0);
    ASSERT_EQ(bind(dead, reinterpret_cast<sockaddr*>(&here), sizeof here), 0);
    close(dead);
  }
  auto living = FrameSocket::datagram(folder.at("left"), folder.at("right"));
  ASSERT_TRUE(living) << living.error();
  const auto second = FrameSocket::datagram(folder.at("left"), folder.at("right"));
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().find("in use"), std::string::npos) << second.error();
  (*living).reset();
  EXPECT_FALSE(std::filesystem::exists(folder.file("left")));
}

TEST(FrameSocket, WrongEndpointsAreRefused) {
  for (const char* wrong : {"", "unix:", "localhost:1", "127.0.0.1", "127.0.0.1:", "1.2.3:4",
                            "127.0.0.1:65536", "127.0.0.1:-1", "[::1]", "::1:5", "[::g]:5"}) {
    const auto refused = FrameSocket::datagram(wrong);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_NE(refused.error().find("allowed: unix:PATH"), std::string::npos) << refused.error();
  }
  EXPECT_NE(FrameSocket::listen("unix:" + std::string(200, 'x')).error().find("at most 107"),
            std::string::npos);
  EXPECT_NE(FrameSocket::datagram("127.0.0.1:0", "unix:x").error().find("one family"),
            std::string::npos);
  EXPECT_NE(FrameSocket::datagram("127.0.0.1:0", "127.0.0.1:0").error().find("port 0"),
            std::string::npos);
  const Folder folder;
  EXPECT_NE(FrameSocket::connect(folder.at("nobody")).error().find("No such file"),
            std::string::npos);
}

TEST(FrameSocket, SaysWhatQemuTakes) {
  const Folder folder;
  const auto board = FrameSocket::datagram(folder.at("a"), folder.at("b,c"));
  EXPECT_EQ((*board)->qemu("n0"), "dgram,id=n0,local.type=unix,local.path=" + folder.file("b,,c") +
                                      ",remote.type=unix,remote.path=" + folder.file("a"));
  const auto stream = FrameSocket::listen("127.0.0.1:0");
  const std::string port = (*stream)->local().substr((*stream)->local().rfind(':') + 1);
  EXPECT_EQ((*stream)->qemu("n1"),
            "stream,id=n1,server=off,addr.type=inet,addr.host=127.0.0.1,addr.port=" + port);
}

}  // namespace
}  // namespace host_sim
