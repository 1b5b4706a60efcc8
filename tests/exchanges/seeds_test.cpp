// Peers in the manner of small Python programs, call for call: sendall, then recv(1024), no
// framing; a server answers what it likes and closes without waiting.
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace exchange_tests {

TEST(PlainPeer, AChatServerThatAnswersAsItLikes) {
  const Outcome stream =
      run_client("tcp_chat", {.say = {"hello"}}, [](Socket& socket, const Endpoint&) {
        for (std::string line; !(line = receive_text(socket)).empty();) {
          ASSERT_TRUE(socket.sendall(line == "###" ? "bye" : "hi"));
        }
      });
  EXPECT_TRUE(stream.verdict.passed) << text_of(stream.verdict);
  EXPECT_EQ(stream.lines,
            (Lines{"connected", "sent: hello", "received: hi", "sent: ###", "received: bye"}));

  const Outcome datagram =
      run_client("udp_chat", {.say = {"hello", "again"}}, [](Socket& socket, const Endpoint&) {
        char buffer[1024];
        for (;;) {
          const auto came = socket.recvfrom(buffer);
          if (!came || came->data.empty()) break;
          ASSERT_TRUE(socket.sendto("ok", came->peer));
        }
      });
  EXPECT_TRUE(datagram.verdict.passed) << text_of(datagram.verdict);
  EXPECT_EQ(datagram.lines, (Lines{"sent: hello", "received: ok", "sent: again", "received: ok",
                                   "sent: ###", "received: ok"}));
}

TEST(PlainPeer, AChatClientThatClosesWithoutSayingTheEnd) {
  const Outcome outcome = run_server("tcp_chat", {}, [](Socket& socket, const Endpoint&) {
    ASSERT_TRUE(socket.sendall("hello"));
    EXPECT_EQ(receive_text(socket), "you said: hello");
  });
  EXPECT_TRUE(outcome.verdict.passed) << text_of(outcome.verdict);
}

TEST(PlainPeer, AUdpChatClientThatSendsNoEmptyDatagram) {
  const Outcome outcome =
      run_server("udp_chat", {.deadline = 1s}, [](Socket& socket, const Endpoint& server) {
        ASSERT_TRUE(socket.sendto("###", server));
        EXPECT_EQ(receive_text(socket), "you said: ###");
      });
  EXPECT_TRUE(outcome.verdict.passed) << text_of(outcome.verdict);
  EXPECT_EQ(outcome.lines, (Lines{"received: ###", "client ended"}));
}

TEST(PlainPeer, AGreetingServerThatClosesWithoutReading) {
  const Outcome outcome = run_client("tcp_greeting", {}, [](Socket& socket, const Endpoint&) {
    ASSERT_TRUE(socket.sendall("Good day"));
  });
  EXPECT_TRUE(outcome.verdict.passed) << text_of(outcome.verdict);
  EXPECT_EQ(outcome.lines, (Lines{"connected", "received: Good day", "sent: Hello server"}));
}

TEST(PlainPeer, AReplyServerWithTextOfItsOwnInPieces) {
  const Outcome outcome = run_client("tcp_reply", {}, [](Socket& socket, const Endpoint&) {
    EXPECT_EQ(receive_text(socket), "Olá, servidor! Você fala 日本語? ☺");
    ASSERT_TRUE(socket.setsockopt(twinsock::option::no_delay, true));
    ASSERT_TRUE(socket.sendall("s\xc3"));  // a character in two segments
    ASSERT_TRUE(socket.sendall("\xad"));
  });
  EXPECT_TRUE(outcome.verdict.passed) << text_of(outcome.verdict);
  EXPECT_EQ(outcome.lines.back(), "received: sí");
}

TEST(PlainPeer, AnEchoServerServesTheBulkClient) {
  const Outcome outcome = run_client("tcp_bulk", {}, [](Socket& socket, const Endpoint&) {
    char buffer[4096];
    for (;;) {
      const auto came = socket.recv(buffer);
      if (!came || came->empty()) return;
      ASSERT_TRUE(socket.sendall(*came));
    }
  });
  EXPECT_TRUE(outcome.verdict.passed) << text_of(outcome.verdict);
}

TEST(PlainPeer, AUdpEchoClientThatSendsNoEmptyDatagram) {
  const Outcome outcome =
      run_server("udp_echo", {.deadline = 200ms}, [](Socket& socket, const Endpoint& server) {
        ASSERT_TRUE(socket.sendto("hello", server));
        EXPECT_EQ(receive_text(socket), "hello");
      });
  EXPECT_TRUE(outcome.verdict.passed) << text_of(outcome.verdict);
  EXPECT_EQ(outcome.lines, (Lines{"first datagram came", "client ended"}));
}

TEST(PlainPeer, AUdpTimeoutServerThatGivesNoReceipt) {
  const Outcome outcome = run_client("udp_timeout", {}, [](Socket& socket, const Endpoint&) {
    EXPECT_EQ(receive_text(socket), "Hello server");
  });
  EXPECT_TRUE(outcome.verdict.passed) << text_of(outcome.verdict);
  EXPECT_EQ(outcome.lines, (Lines{"sent: Hello server"}));
}

TEST(PlainPeer, AUdpTimeoutClientThatDoesNotWaitIsServedAtOnce) {
  auto listening =
      open_server(*find("udp_timeout"), Endpoint(IpAddress::loopback(Family::inet), 0));
  auto client = Socket::open(Family::inet, Type::datagram);
  ASSERT_TRUE(client->sendto("early", *listening->getsockname()));
  Recorder recorder;
  ExchangeRun run{.context = recorder, .deadline = Deadline(5s)};
  EXPECT_TRUE(find("udp_timeout")->server(run, *listening).passed);
  EXPECT_EQ(recorder.lines, (Lines{"received: early"}));
}

}  // namespace exchange_tests
