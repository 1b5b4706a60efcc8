// The chats beyond their own lines: lines from the caller, people who type, repetitions.
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace exchange_tests {

namespace {

class Chat : public testing::TestWithParam<const char*> {
 protected:
  bool stream() const { return std::string_view(GetParam()) == "tcp_chat"; }
  // The lines without the first and last, which differ between TCP and UDP.
  Lines client_part(Lines lines) const {
    if (stream()) lines.erase(lines.begin());
    return lines;
  }
  Lines server_part(Lines lines) const {
    if (stream()) lines.erase(lines.begin());
    if (!lines.empty()) lines.pop_back();
    return lines;
  }
};

INSTANTIATE_TEST_SUITE_P(Exchanges, Chat, testing::Values("tcp_chat", "udp_chat"),
                         [](const auto& parameter) { return std::string(parameter.param); });

}  // namespace

TEST_P(Chat, SaysTheCallersLinesAndAppendsTheEnd) {
  const Outcomes outcomes = run_both(GetParam(), {.say = {"one", "two"}});
  EXPECT_EQ(client_part(outcomes.client.lines),
            (Lines{"sent: one", "received: you said: one", "sent: two", "received: you said: two",
                   "sent: ###", "received: you said: ###"}));
  EXPECT_EQ(server_part(outcomes.server.lines),
            (Lines{"received: one", "received: two", "received: ###"}));
}

TEST_P(Chat, StopsAtAnEndThatTheCallerSays) {
  const Outcomes outcomes = run_both(GetParam(), {.say = {"one", "###", "never"}});
  EXPECT_TRUE(outcomes.client.verdict.passed);
  EXPECT_EQ(server_part(outcomes.server.lines), (Lines{"received: one", "received: ###"}));
}

TEST_P(Chat, ReportsALineAgainThatIsSaidAgain) {
  const Outcomes outcomes = run_both(GetParam(), {.say = {"a", "b", "a", "a"}});
  EXPECT_TRUE(outcomes.client.verdict.passed) << text_of(outcomes.client.verdict);
  EXPECT_EQ(server_part(outcomes.server.lines),
            (Lines{"received: a", "received: b", "received: a", "received: a", "received: ###"}));
}

TEST_P(Chat, TakesTheLongestLineAndRefusesALongerOneOrNone) {
  const std::string longest(500, 'x');
  const std::string longer(501, 'x');
  EXPECT_TRUE(run_both(GetParam(), {.say = {longest}}).client.verdict.passed);
  for (const std::string_view bad : {std::string_view(longer), std::string_view()}) {
    Recorder recorder;
    const std::string_view lines[] = {bad};
    ExchangeRun run{.context = recorder, .deadline = Deadline(1s), .say = lines};
    const Verdict verdict = find(GetParam())->client(run);
    EXPECT_EQ(verdict.step.view(), "lines to say");
    EXPECT_EQ(verdict.expected.view(), "1 to 500 bytes each");
  }
}

TEST_P(Chat, PeopleTypeTheLinesAndTheAnswers) {
  const Outcomes outcomes = run_both(GetParam(), {.client_types = {"hi", "", "how are you?", "###"},
                                                  .server_types = {"hello", "", "fine", "bye"}});
  EXPECT_TRUE(outcomes.client.verdict.passed) << text_of(outcomes.client.verdict);
  EXPECT_TRUE(outcomes.server.verdict.passed) << text_of(outcomes.server.verdict);
  EXPECT_EQ(client_part(outcomes.client.lines),
            (Lines{"sent: hi", "received: hello", "sent: how are you?", "received: fine",
                   "sent: ###", "received: bye"}));
  EXPECT_EQ(server_part(outcomes.server.lines),
            (Lines{"received: hi", "received: how are you?", "received: ###"}));
}

TEST_P(Chat, WhenInputEndsTheClientSaysTheEndAndTheServerAnswersByItself) {
  const Outcomes outcomes =
      run_both(GetParam(), {.client_types = {"hi"}, .server_types = {"hello"}});
  EXPECT_EQ(client_part(outcomes.client.lines),
            (Lines{"sent: hi", "received: hello", "sent: ###", "received: you said: ###"}));
}

TEST_P(Chat, WhatCannotBeShownIsDotsInTheReportAndExactOnTheWire) {
  const Outcomes outcomes = run_both(GetParam(), {.say = {"tab\tbell\a \xff ok"}});
  EXPECT_EQ(client_part(outcomes.client.lines)[0], "sent: tab.bell. . ok");
  EXPECT_EQ(server_part(outcomes.server.lines)[0], "received: tab.bell. . ok");
  const Outcome exact = run_server(GetParam(), {}, [](Socket& socket, const Endpoint& server) {
    ASSERT_TRUE(socket.sendto("a\tb\n", server));
    EXPECT_EQ(receive_text(socket), "you said: a\tb\n");
    ASSERT_TRUE(socket.sendto("###\n", server));  // as netcat sends it
    EXPECT_EQ(receive_text(socket), "you said: ###\n");
    if (socket.type() == Type::datagram) {
      ASSERT_TRUE(socket.sendto("", server));
    }
  });
  EXPECT_TRUE(exact.verdict.passed) << text_of(exact.verdict);
  EXPECT_EQ(server_part(exact.lines), (Lines{"received: a.b", "received: ###"}));
}

TEST(UdpChat, AnswersARepetitionButReportsItOnce) {
  const Outcome outcome = run_server("udp_chat", {}, [](Socket& socket, const Endpoint& server) {
    for (const char* line : {"a", "b", "a", "###", "###", "b"}) {
      ASSERT_TRUE(socket.sendto(line, server));
      EXPECT_EQ(receive_text(socket), std::string("you said: ") + line);
    }
    ASSERT_TRUE(socket.sendto("", server));
  });
  EXPECT_TRUE(outcome.verdict.passed) << text_of(outcome.verdict);
  EXPECT_EQ(outcome.lines, (Lines{"received: a", "received: b", "received: ###", "client ended"}));
}

TEST(UdpChat, AfterTheEndAnotherClientsLineStaysForTheNextExchange) {
  auto listening = open_server(*find("udp_chat"), Endpoint(IpAddress::loopback(Family::inet), 0));
  const Endpoint server = *listening->getsockname();
  auto first = Socket::open(Family::inet, Type::datagram);
  auto second = Socket::open(Family::inet, Type::datagram);
  ASSERT_TRUE(first->sendto("###", server));
  ASSERT_TRUE(second->sendto("hello", server));
  ASSERT_TRUE(second->sendto("###", server));
  Lines expected[] = {{"received: ###", "client ended"},
                      {"received: hello", "received: ###", "client ended"}};
  for (const Lines& lines : expected) {
    Recorder recorder;
    ExchangeRun run{.context = recorder, .deadline = Deadline(5s)};
    EXPECT_TRUE(find("udp_chat")->server(run, *listening).passed);
    EXPECT_EQ(recorder.lines, lines);
    if (&lines == &expected[0]) {
      ASSERT_TRUE(first->sendto("", server));  // late: must not disturb the second
    }
  }
}

TEST(UdpChat, AnEmptyDatagramEndsIt) {
  const Outcome outcome = run_server("udp_chat", {}, [](Socket& socket, const Endpoint& server) {
    ASSERT_TRUE(socket.sendto("a", server));
    EXPECT_EQ(receive_text(socket), "you said: a");
    ASSERT_TRUE(socket.sendto("", server));
  });
  EXPECT_TRUE(outcome.verdict.passed) << text_of(outcome.verdict);
  EXPECT_EQ(outcome.lines, (Lines{"received: a", "client ended"}));
}

TEST(UdpChat, ALateAnswerToAnEarlierLineIsIgnored) {
  const Outcome outcome =
      run_client("udp_chat", {.say = {"a", "b"}}, [](Socket& socket, const Endpoint&) {
        char buffer[64];
        for (const char* late : {"", "you said: a", "you said: b"}) {
          const auto came = socket.recvfrom(buffer);
          ASSERT_TRUE(came);
          const Endpoint peer = came->peer;
          const std::string answer = "you said: " + std::string(came->data.text());
          if (*late != 0) {
            ASSERT_TRUE(socket.sendto(late, peer));
          }
          ASSERT_TRUE(socket.sendto(answer, peer));
        }
      });
  EXPECT_TRUE(outcome.verdict.passed) << text_of(outcome.verdict);
  EXPECT_EQ(outcome.lines,
            (Lines{"sent: a", "received: you said: a", "sent: b", "received: you said: b",
                   "sent: ###", "received: you said: ###"}));
}

}  // namespace exchange_tests
