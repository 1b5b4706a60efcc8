// Every exchange, in both families: both roles pass, and report exactly these lines.
#include <gtest/gtest.h>

#include <map>

#include "fixture.hpp"

namespace exchange_tests {

namespace {

struct Transcript {
  Lines client;
  Lines server;
};

// Both sides of options_report say the same of their own sockets.
Lines with_options(std::string_view first) {
  Lines lines{std::string(first)};
  if (first == "client connected") lines.emplace_back("keep_alive, on for the listener: off");
  for (const char* line : {"no_delay at first: off",
                           "no_delay: on",
                           "keep_alive: on",
                           "keep_alive_idle: 30 s",
                           "keep_alive_idle: 0 s is invalid_argument",
                           "keep_alive_interval: 5 s",
                           "keep_alive_count: 4",
                           "keep_alive_count: 128 is invalid_argument",
                           "linger at first: off",
                           "linger: 3 s",
                           "linger: off",
                           "reuse_address: on",
                           "time_to_live: 33",
                           "time_to_live: 256 is invalid_argument",
                           "type_of_service: 16",
                           "broadcast: on is option_not_supported",
                           "pending_error: none",
                           "broadcast at first: off",
                           "broadcast: on",
                           "receive_buffer: 4096",
                           "receive_buffer: 0 is invalid_argument",
                           "multicast_ttl: 4",
                           "multicast_loop: off",
                           "keep_alive_idle: 1 s is option_not_supported"}) {
    lines.emplace_back(line);
  }
  return lines;
}

const std::map<std::string, Transcript>& plain_transcripts() {
  static const std::map<std::string, Transcript> all = {
      {"tcp_echo",
       {{"connected", "sizes 1 to 1200: all echoed", "4 bursts of 5: all echoed"},
        {"client connected", "echoed 725400 bytes"}}},
      {"udp_echo",
       {{"sizes 1 to 1200: all echoed", "4 bursts of 5: all echoed"},
        {"first datagram came", "client ended"}}},
      {"tcp_chat",
       {{"connected", "sent: hello", "received: you said: hello", "sent: Olá, servidor!",
         "received: you said: Olá, servidor!", "sent: ¿Qué tal?", "received: you said: ¿Qué tal?",
         "sent: 소켓 통신", "received: you said: 소켓 통신", "sent: 你好, Ελλάδα 🙂",
         "received: you said: 你好, Ελλάδα 🙂", "sent: ###", "received: you said: ###"},
        {"client connected", "received: hello", "received: Olá, servidor!", "received: ¿Qué tal?",
         "received: 소켓 통신", "received: 你好, Ελλάδα 🙂", "received: ###",
         "client closed"}}},
      {"udp_chat",
       {{"sent: hello", "received: you said: hello", "sent: Olá, servidor!",
         "received: you said: Olá, servidor!", "sent: ¿Qué tal?", "received: you said: ¿Qué tal?",
         "sent: 소켓 통신", "received: you said: 소켓 통신", "sent: 你好, Ελλάδα 🙂",
         "received: you said: 你好, Ελλάδα 🙂", "sent: ###", "received: you said: ###"},
        {"received: hello", "received: Olá, servidor!", "received: ¿Qué tal?",
         "received: 소켓 통신", "received: 你好, Ελλάδα 🙂", "received: ###",
         "client ended"}}},
      {"tcp_greeting",
       {{"connected", "received: Hello client", "sent: Hello server"},
        {"client connected", "sent: Hello client", "received: Hello server", "client closed"}}},
      {"tcp_reply",
       {{"connected", "sent: Olá, servidor! Você fala 日本語? ☺",
         "received: Olá, cliente! はい, und auf Wiederhören 🙂"},
        {"client connected", "received: Olá, servidor! Você fala 日本語? ☺",
         "sent: Olá, cliente! はい, und auf Wiederhören 🙂"}}},
      {"udp_timeout", {{"sent: Hello server"}, {"Client not connected", "received: Hello server"}}},
      {"tcp_refused",
       {{"closed port: connection_refused", "open port: connected"},
        {"client connected", "client closed"}}},
      {"tcp_bulk",
       {{"connected", "sent 1048576 bytes, digest b3243d4c",
         "received 1048576 bytes, the same digest", "ended"},
        {"client connected", "sent 1048576 bytes, digest b3243d4c",
         "received 1048576 bytes, the same digest", "ended"}}},
      {"tcp_half_close",
       {{"connected", "sent 3000 bytes and ended", "received: 3000", "server ended"},
        {"client connected", "client ended after 3000 bytes", "sent: 3000"}}},
  };
  return all;
}

const std::map<std::string, Transcript>& facility_transcripts() {
  static const std::map<std::string, Transcript> all = {
      {"tcp_select_server",
       {{"3 connections open", "4 lines each, all answered"},
        {"client A: 52 bytes echoed", "client B: 52 bytes echoed", "client C: 52 bytes echoed"}}},
      {"tcp_socketserver",
       {{"asked: one, answer: ONE",
         "asked: two, while one is there, answer: TWO, WHILE ONE IS THERE",
         "asked: one again, answer: ONE AGAIN"},
        {"served 2 connections at once, then shut down"}}},
      {"udp_socketserver",
       {{"asked: first request, answer: FIRST REQUEST",
         "asked: second request, answer: SECOND REQUEST",
         "asked: third request, answer: THIRD REQUEST"},
        {"first request came", "client ended"}}},
      {"raw_ping",
       {{"echo 1: 8 bytes came back", "echo 2: 56 bytes came back", "echo 3: 100 bytes came back",
         "echo 4: 200 bytes came back", "echo 5: 512 bytes came back"},
        {"heard 5 echo requests"}}},
      {"dns_connect",
       {{"a name, numeric only: name_not_found", "connected by name", "received: welcome"},
        {"received: hello by name"}}},
      {"multicast_discovery",
       {{"asked the group: who is there?", "a member answered: a twinsock server"},
        {"joined the group", "the group was asked, answered", "client ended", "left the group"}}},
      {"udp_broadcast",
       {{"without option::broadcast: permission_denied", "asked everyone: is anyone there?",
         "answered: I am, says a server"},
        {"everyone was asked, answered", "client ended"}}},
      {"options_report", {with_options("connected"), with_options("client connected")}},
      {"unix_echo",
       {{"connected", "sizes 1 to 1200: all echoed", "4 bursts of 5: all echoed",
         "datagrams of 1 to 1200 bytes: all echoed", "datagrams, 4 bursts of 5: all echoed"},
        {"client connected", "echoed 725400 bytes", "echoed 1220 datagrams"}}},
      {"packet_echo",
       {{"asked everyone, a server answered", "frames of 1 to 1488 bytes: all echoed",
         "4 bursts of 5: all echoed"},
        {"everyone was asked, answered", "client ended"}}},
  };
  return all;
}

const Transcript& transcript_of(const std::string& name) {
  const auto found = plain_transcripts().find(name);
  return found != plain_transcripts().end() ? found->second : facility_transcripts().at(name);
}

class Transcripts : public testing::TestWithParam<std::tuple<std::string, Family>> {};

TEST_P(Transcripts, BothRolesPassAndReportTheirLines) {
  const auto& [name, family] = GetParam();
  if (const std::string why = missing_here(name, family); !why.empty()) GTEST_SKIP() << why;
  const Transcript& expected = transcript_of(name);
  const Outcomes outcomes = run_both(name, {.family = family});
  EXPECT_TRUE(outcomes.client.verdict.passed) << text_of(outcomes.client.verdict);
  EXPECT_TRUE(outcomes.server.verdict.passed) << text_of(outcomes.server.verdict);
  EXPECT_EQ(outcomes.client.lines, expected.client);
  EXPECT_EQ(outcomes.server.lines, expected.server);
}

std::vector<std::string> names() {
  std::vector<std::string> all_names;
  for (const Exchange& exchange : all()) all_names.emplace_back(exchange.name);
  return all_names;
}

INSTANTIATE_TEST_SUITE_P(Exchanges, Transcripts,
                         testing::Combine(testing::ValuesIn(names()),
                                          testing::Values(Family::inet, Family::inet6)),
                         [](const auto& parameter) {
                           return std::get<0>(parameter.param) + "_" +
                                  std::string(name(std::get<1>(parameter.param)));
                         });

}  // namespace

TEST(Exchanges, AreAllFoundByName) {
  EXPECT_EQ(all().size(), 20u);
  for (const Exchange& exchange : all()) EXPECT_EQ(find(exchange.name), &exchange);
  EXPECT_EQ(find("tcp_ech"), nullptr);
  EXPECT_EQ(find(""), nullptr);
}

TEST(OpenServer, OfAStreamListensWithItsAddressReusable) {
  auto server = open_server(*find("tcp_echo"), Endpoint(IpAddress::loopback(Family::inet), 0));
  ASSERT_TRUE(server);
  EXPECT_TRUE(server->getsockopt(twinsock::option::reuse_address).value_or(false));
  auto client = Socket::open(Family::inet, Type::stream);
  EXPECT_TRUE(client->connect(*server->getsockname()));
}

TEST(OpenServer, OnAPortInUseFailsForBothTypes) {
  for (const char* name : {"tcp_echo", "udp_echo"}) {
    auto first = open_server(*find(name), Endpoint(IpAddress::loopback(Family::inet), 0));
    ASSERT_TRUE(first);
    auto second = open_server(*find(name), *first->getsockname());
    ASSERT_FALSE(second) << name;
    EXPECT_EQ(second.error(), Errc::address_in_use) << name;
  }
}

TEST(AfterArrival, TheDeadlineBeginsWithTheClient) {
  for (const char* name : {"tcp_echo", "udp_echo"}) {
    const Exchange& exchange = *find(name);
    auto listening = open_server(exchange, Endpoint(IpAddress::loopback(Family::inet), 0));
    auto client = Socket::open(Family::inet, exchange.type);
    ASSERT_TRUE(client->connect(*listening->getsockname()));
    ASSERT_TRUE(client->send("x"));
    Recorder recorder;
    ExchangeRun run{
        .context = recorder,
        .deadline = Deadline(Timeout::zero()),  // over already; only after_arrival counts
        .after_arrival = 100ms};
    const Verdict verdict = exchange.server(run, *listening);
    ASSERT_TRUE(client->settimeout(5s));
    EXPECT_EQ(receive_text(*client), "x") << text_of(verdict);
    ASSERT_FALSE(recorder.lines.empty()) << text_of(verdict);  // so the client was served
    EXPECT_FALSE(run.deadline.remaining().is_none());
    EXPECT_LE(run.deadline.remaining().ms(), 100);
  }
}

}  // namespace exchange_tests
