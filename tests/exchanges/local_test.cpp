// Names of local sockets: how they are written; no file of a server stays or stops the next one.
// next.
#include "exchanges/local.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <thread>

#include "fixture.hpp"

namespace exchange_tests {

namespace {

using twinsock::LocalAddress;

class LocalNames : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = testing::TempDir() + "twinsock-XXXXXX";
    ASSERT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path() const { return folder_ + "/echo"; }
  std::size_t files() const {
    const std::filesystem::directory_iterator all(folder_);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

 private:
  std::string folder_;
};

}  // namespace

TEST_F(LocalNames, ArePathsWithASlashOrAbstract) {
  EXPECT_EQ(parse_local("@thermo"), LocalAddress::abstract("thermo"));
  EXPECT_EQ(parse_local("./thermo"), LocalAddress::path("./thermo"));
  EXPECT_EQ(twinsock::exchanges::text_of(*parse_local("@thermo")), std::string_view("@thermo"));
  EXPECT_EQ(twinsock::exchanges::text_of(*parse_local("/run/x")), std::string_view("/run/x"));
  EXPECT_EQ(*datagram_name(*parse_local("@thermo")), *LocalAddress::abstract("thermo.dgram"));
  for (const std::string& word : {std::string(), std::string("@"), std::string("thermo"),
                                  std::string("127.0.0.1:5"), "/" + std::string(107, 'x')}) {
    EXPECT_FALSE(parse_local(word)) << word;
  }
  EXPECT_FALSE(datagram_name(*parse_local("/" + std::string(106, 'x'))));
}

TEST_F(LocalNames, OfAServerThatIsThereAreInUse) {
  auto server = open_local_server(path());
  ASSERT_TRUE(server);
  EXPECT_EQ(open_local_server(path()).error(), Errc::address_in_use);
  ASSERT_TRUE(server->settimeout(Timeout::zero()));
  EXPECT_EQ(server->accept().error(), Errc::would_block);  // the other has not knocked
}

TEST_F(LocalNames, OfAServerThatWasKilledAreTakenOver) {
  open_local_server(path())->close();
  EXPECT_EQ(files(), 1u);
  auto server = open_local_server(path());
  ASSERT_TRUE(server);
  auto client = twinsock::open_local(Type::stream);
  EXPECT_TRUE(twinsock::connect(*client, *LocalAddress::path(path())));
}

TEST_F(LocalNames, OfOtherFilesAreNot) {
  std::filesystem::create_directory(path());
  EXPECT_EQ(open_local_server(path()).error(), Errc::address_in_use);
  EXPECT_EQ(files(), 1u);
}

TEST_F(LocalNames, AreGoneAfterAnExchange) {
  auto server = open_local_server(path());
  ASSERT_TRUE(server);
  Recorder recorder;
  ExchangeRun run{.context = recorder, .deadline = Deadline(20ms)};
  EXPECT_FALSE(find("unix_echo")->server(run, *server).passed);  // nobody came
  EXPECT_EQ(files(), 1u);                                        // of the stream alone
  remove_server(*LocalAddress::path(path()));
  EXPECT_EQ(files(), 0u);
}

TEST(UnixEcho, AServerWithoutDatagramsFailsItsClient) {
  auto listening = open_local_server("");
  std::thread server([&] {
    auto accepted = listening->accept();
    std::array<std::byte, 1500> buffer;
    for (auto came = accepted->socket.recv(buffer); came && !came->empty();
         came = accepted->socket.recv(buffer)) {
      ASSERT_TRUE(accepted->socket.sendall(*came));
    }
  });
  Recorder recorder;
  const std::string name(twinsock::exchanges::text_of(*twinsock::local_name(*listening)));
  ExchangeRun run{.context = recorder, .deadline = Deadline(5s), .local = name};
  const Verdict verdict = find("unix_echo")->client(run);
  server.join();
  EXPECT_EQ(verdict.step.view(), "datagrams, size 1") << text_of(verdict);
  EXPECT_EQ(verdict.came.view().substr(0, 18), "connection_refused");
}

TEST(UnixEcho, DatagramsThatCannotBeAnsweredAreLoggedAndNotEchoed) {
  auto listening = open_local_server("");
  const LocalAddress name = *twinsock::local_name(*listening);
  Recorder recorder;
  Verdict verdict;
  std::thread server([&] {
    ExchangeRun run{.context = recorder, .deadline = Deadline(10s)};
    verdict = find("unix_echo")->server(run, *listening);
    recorder.end();
  });
  ASSERT_TRUE(recorder.wait_until_ready());
  auto stream = twinsock::open_local(Type::stream);
  EXPECT_TRUE(twinsock::connect(*stream, name));
  stream->close();
  auto nameless = twinsock::open_local(Type::datagram);
  EXPECT_TRUE(twinsock::sendto(*nameless, "x", *datagram_name(name)));
  auto named = twinsock::open_local(Type::datagram);
  EXPECT_TRUE(twinsock::bind(*named, LocalAddress()));
  EXPECT_TRUE(twinsock::sendto(*named, std::string(2000, 'x'), *datagram_name(name)));
  EXPECT_TRUE(twinsock::sendto(*named, "y", *datagram_name(name)));
  EXPECT_EQ(receive_text(*named), "y");
  EXPECT_TRUE(twinsock::sendto(*named, Bytes(), *datagram_name(name)));
  server.join();
  EXPECT_TRUE(verdict.passed) << text_of(verdict);
  EXPECT_EQ(recorder.logs, (Lines{"a datagram from nobody's name was not echoed",
                                  "a datagram of more than 1280 bytes was not echoed"}));
}

}  // namespace exchange_tests
