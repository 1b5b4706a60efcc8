// The exchanges as roles with text arguments: what is taken, and what a mistake is answered with.
#include "exchanges/arguments.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "fixture.hpp"

namespace exchange_tests {

namespace {

Arguments parsed(Side side, std::vector<std::string_view> words) {
  Recorder recorder;
  recorder.words = std::move(words);
  Arguments arguments;
  EXPECT_TRUE(parse_arguments(recorder, side, arguments))
      << (recorder.logs.empty() ? "" : recorder.logs[0]);
  return arguments;
}

std::string mistake(Side side, std::vector<std::string_view> words) {
  Recorder recorder;
  recorder.words = std::move(words);
  Arguments arguments;
  EXPECT_FALSE(parse_arguments(recorder, side, arguments));
  EXPECT_EQ(recorder.logs.size(), 1u);
  return recorder.logs.empty() ? "" : recorder.logs[0];
}

const twinsock::Role& role(std::string_view name) {
  for (const twinsock::Role& each : roles()) {
    if (name == each.name) return each;
  }
  throw std::runtime_error("no such role");
}

std::string text(const Endpoint& endpoint) { return std::string(endpoint.to_text()); }

}  // namespace

TEST(Arguments, HaveTheDefaultsOfAServer) {
  const Arguments arguments = parsed(Side::server, {});
  EXPECT_EQ(text(arguments.listen), "0.0.0.0:5005");
  EXPECT_EQ(arguments.deadline.ms(), 10'000);
  EXPECT_FALSE(arguments.wait_for_client);
  EXPECT_FALSE(arguments.interactive);
}

TEST(Arguments, AreTakenInAnyOrder) {
  EXPECT_EQ(text(parsed(Side::server, {"listen=:7", "family=inet6"}).listen), "[::]:7");
  EXPECT_EQ(text(parsed(Side::server, {"family=inet6", "listen=:7"}).listen), "[::]:7");
  EXPECT_EQ(text(parsed(Side::server, {"family=inet6"}).listen), "[::]:5005");
  EXPECT_EQ(text(parsed(Side::server, {"listen=[::1]:0"}).listen), "[::1]:0");
  const Arguments client =
      parsed(Side::client, {"say=one", "closed=[::1]:9", "deadline=none", "say=", "say=a=b",
                            "interactive=yes", "peer=[::1]:7", "wait=client"});
  EXPECT_EQ(text(client.peer), "[::1]:7");
  EXPECT_EQ(text(client.closed), "[::1]:9");
  EXPECT_TRUE(client.deadline.is_none());
  EXPECT_TRUE(client.interactive);
  EXPECT_TRUE(client.wait_for_client);
  ASSERT_EQ(client.say_count, 3u);
  EXPECT_EQ(client.say[0], "one");
  EXPECT_EQ(client.say[1], "");
  EXPECT_EQ(client.say[2], "a=b");
}

TEST(Arguments, AMistakeIsOneLineThatSaysWhatIsAllowed) {
  EXPECT_EQ(
      mistake(Side::server, {"lissen=:5"}),
      "argument \"lissen=:5\": allowed is peer=, closed=, listen=, family=, deadline=, wait=, "
      "say=, interactive=, host=, everyone=, interface= or local=");
  EXPECT_EQ(mistake(Side::client, {}),
            "a client needs peer=ADDRESS:PORT, as 10.0.0.2:5005 or [2001:db8::2]:5005");
  EXPECT_EQ(
      mistake(Side::server, {"deadline=0"}),
      "argument \"deadline=0\": allowed is deadline=none or 1 to 2147483646, in milliseconds");
  EXPECT_EQ(mistake(Side::client, {"peer=[::1]:5", "family=inet"}),
            "peer= is an address of inet6, family= is inet: allowed is one of the two");
}

TEST(Arguments, RefuseEveryMalformedValue) {
  for (const char* word : {"",
                           "x",
                           "=",
                           "peer",
                           "peer=",
                           "peer=:5",
                           "peer=1.2.3.4",
                           "peer=1.2.3.4:0",
                           "peer=1.2.3.4:65536",
                           "peer=host:5",
                           "closed=::1:5",
                           "listen=",
                           "listen=5",
                           "listen=:x",
                           "listen=:65536",
                           "family=ipv4",
                           "family=",
                           "deadline=",
                           "deadline=-1",
                           "deadline=1s",
                           "deadline=2147483647",
                           "deadline=99999999999",
                           "wait=",
                           "wait=server",
                           "wait=clientss",
                           "local=",
                           "local=@",
                           "interactive=no"}) {
    const std::string line = mistake(Side::server, {word});
    EXPECT_NE(line.find("allowed is"), line.npos) << word;
  }
}

TEST(Arguments, TakeSixteenLinesAndNoMore) {
  std::vector<std::string_view> words(16, "say=x");
  words.push_back("peer=1.2.3.4:5");
  EXPECT_EQ(parsed(Side::client, words).say_count, 16u);
  words.push_back("say=x");
  EXPECT_EQ(mistake(Side::client, words), "argument \"say=x\": allowed is say= at most 16 times");
}

TEST(Arguments, AreShownPrintableAndCutWhenTheyAreLong) {
  EXPECT_NE(mistake(Side::client, {"\x1b[2J=x"}).find("\".[2J=x\""), std::string::npos);
  EXPECT_LT(mistake(Side::client, {std::string(5000, 'y')}).size(), 251u);
}

TEST(Roles, AreTwoOfEachExchangeWithUniqueNames) {
  std::set<std::string> names;
  for (const twinsock::Role& each : roles()) {
    names.insert(each.name);
    EXPECT_NE(std::string_view(each.summary), "");
  }
  EXPECT_EQ(names.size(), 2 * all().size());
  EXPECT_EQ(roles().size(), role_count);
  for (const Exchange& exchange : all()) {
    EXPECT_EQ(names.count(std::string(exchange.name) + ".client"), 1u);
    EXPECT_EQ(names.count(std::string(exchange.name) + ".server"), 1u);
  }
}

TEST(Roles, RunAnExchangeFromTextAlone) {
  const std::string port = [] {  // one that is free: bound and given back
    auto probe = open_server(*find("udp_chat"), Endpoint(IpAddress::loopback(Family::inet), 0));
    return std::to_string(probe->getsockname()->port());
  }();
  const std::string listen = "listen=127.0.0.1:" + port;
  const std::string peer = "peer=127.0.0.1:" + port;
  Recorder server;
  server.words = {listen, "wait=client", "deadline=5000"};
  int server_status = -1;
  std::thread thread([&] {
    server_status = role("udp_chat.server").run(server);
    server.end();
  });
  Recorder client;
  client.words = {peer, "say=hello"};
  ASSERT_TRUE(server.wait_until_ready());
  EXPECT_EQ(role("udp_chat.client").run(client), 0);
  thread.join();
  EXPECT_EQ(server_status, 0);
  EXPECT_EQ(server.lines, (Lines{"received: hello", "received: ###", "client ended"}));
  EXPECT_EQ(server.logs, Lines{"listening on 127.0.0.1:" + port});
}

TEST(Roles, OfLocalNamesNeedNoEndpoint) {
  Recorder server;
  server.words = {"deadline=5000"};  // a free name, which it logs
  int server_status = -1;
  std::thread thread([&] {
    server_status = role("unix_echo.server").run(server);
    server.end();
  });
  ASSERT_TRUE(server.wait_until_ready());
  constexpr std::string_view listening = "listening on ";
  ASSERT_EQ(server.logs.size(), 1u);
  const std::string local = "local=" + server.logs[0].substr(listening.size());
  Recorder client;
  client.words = {local};
  EXPECT_EQ(role("unix_echo.client").run(client), 0);
  thread.join();
  EXPECT_EQ(server_status, 0);
  Recorder nobody;
  nobody.words = {local};
  EXPECT_EQ(role("unix_echo.client").run(nobody), 1);
}

TEST(Roles, ReturnOneForAFailureAndTwoForAMistake) {
  const std::string nobody = "peer=" + text(closed_port(Family::inet));
  Recorder refused;
  refused.words = {nobody};
  EXPECT_EQ(role("tcp_echo.client").run(refused), 1);
  EXPECT_EQ(refused.logs, Lines{"failed at connect: expected a connection, came "
                                "connection_refused: nobody listens at that address and port"});
  Recorder mistaken;
  mistaken.words = {"peer=nowhere"};
  EXPECT_EQ(role("tcp_echo.client").run(mistaken), 2);
  Recorder not_here;
  not_here.words = {"listen=192.0.2.1:0"};
  EXPECT_EQ(role("tcp_echo.server").run(not_here), 1);
  ASSERT_EQ(not_here.logs.size(), 1u);
  EXPECT_EQ(not_here.logs[0].substr(0, 64),
            "failed at listen: expected 192.0.2.1:0, came address_not_availab");
}

}  // namespace exchange_tests
