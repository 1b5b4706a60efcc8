// Peers that close early, send garbage or nothing: each role fails in time and names its step.
#include <gtest/gtest.h>

#include "fixture.hpp"

namespace exchange_tests {

namespace {

constexpr Timeout short_deadline = 300ms;
const Setup hurried{.deadline = short_deadline};

void expect_failure(const Outcome& outcome, std::string_view step, std::string_view came) {
  const Verdict& verdict = outcome.verdict;
  EXPECT_FALSE(verdict.passed);
  EXPECT_EQ(verdict.step.view(), step) << text_of(verdict);
  EXPECT_EQ(verdict.came.view().substr(0, came.size()), came) << text_of(verdict);
  EXPECT_NE(verdict.expected.view(), "");
}

void wait_for_end(Socket& socket) {
  char buffer[4096];
  for (;;) {
    const auto came = socket.recv(buffer);
    if (!came || came->empty()) return;
  }
}

void say_nothing(Socket& socket, const Endpoint&) {
  if (socket.type() == Type::stream) wait_for_end(socket);
}

void close_at_once(Socket&, const Endpoint&) {}

// Reads something first, so that its close is an end and no reset.
void read_and_close(Socket& socket, const Endpoint&) { receive_text(socket); }

}  // namespace

TEST(SilentServer, FailsEachClientAtItsDeadlineInItsStep) {
  const auto client = [](const char* name) { return run_client(name, hurried, say_nothing); };
  expect_failure(client("tcp_echo"), "size 1", "timed_out");
  expect_failure(client("udp_echo"), "size 1", "timed_out");
  expect_failure(client("tcp_chat"), "answer to line 1", "timed_out");
  expect_failure(client("udp_chat"), "answer to line 1", "timed_out");
  expect_failure(client("tcp_greeting"), "greeting", "timed_out");
  expect_failure(client("tcp_reply"), "reply", "timed_out");
  expect_failure(client("tcp_bulk"), "receive, after 0 bytes", "timed_out");
  expect_failure(client("tcp_half_close"), "answer", "end of stream");  // it reads, then ends
  expect_failure(client("tcp_select_server"), "poll", "timed_out");
  expect_failure(client("tcp_socketserver"), "one", "timed_out");
  expect_failure(client("udp_socketserver"), "first request", "timed_out");
  expect_failure(client("dns_connect"), "answer", "timed_out");
  expect_failure(client("multicast_discovery"), "who is there?", "timed_out");
  expect_failure(client("udp_broadcast"), "is anyone there?", "timed_out");
  expect_failure(client("unix_echo"), "size 1", "timed_out");
  if (missing_here("packet_echo", Family::inet).empty()) {
    expect_failure(client("packet_echo"), "asking everyone", "timed_out");
  }
}

TEST(SilentClient, FailsEachServerAtItsDeadlineInItsStep) {
  const auto hold_open = [](const char* name) {
    Outcome outcome;
    Socket held;  // open until the server has ended
    outcome = run_server(name, hurried,
                         [&](Socket& socket, const Endpoint&) { held = std::move(socket); });
    return outcome;
  };
  expect_failure(hold_open("tcp_echo"), "after 0 bytes", "timed_out");
  expect_failure(hold_open("udp_echo"), "first datagram", "timed_out");
  expect_failure(hold_open("tcp_chat"), "line 1", "timed_out");
  expect_failure(hold_open("udp_chat"), "line 1", "timed_out");
  expect_failure(hold_open("tcp_greeting"), "reply", "timed_out");
  expect_failure(hold_open("tcp_reply"), "request", "timed_out");
  expect_failure(hold_open("udp_timeout"), "datagram", "timed_out");
  expect_failure(hold_open("tcp_refused"), "end", "timed_out");
  expect_failure(hold_open("tcp_bulk"), "receive, after 0 bytes", "timed_out");
  expect_failure(hold_open("tcp_half_close"), "after 0 bytes", "timed_out");
  expect_failure(hold_open("tcp_select_server"), "clients: 1 came, 0 ended", "timed_out");
  expect_failure(hold_open("tcp_socketserver"), "1 of 2 connections", "timed_out");
  expect_failure(hold_open("udp_socketserver"), "request", "timed_out");
  expect_failure(hold_open("dns_connect"), "greeting", "timed_out");
  expect_failure(hold_open("multicast_discovery"), "question", "timed_out");
  expect_failure(hold_open("udp_broadcast"), "question", "timed_out");
  expect_failure(hold_open("options_report"), "end", "timed_out");
  expect_failure(hold_open("unix_echo"), "after 0 bytes", "timed_out");
  if (missing_here("packet_echo", Family::inet).empty()) {
    expect_failure(hold_open("packet_echo"), "first frame", "timed_out");
  }
}

TEST(NoClient, FailsEachStreamServerInAccept) {
  for (const Exchange& exchange : all()) {
    if (exchange.type != Type::stream) continue;
    auto listening = open_for(exchange, Family::inet);
    Recorder recorder;
    ExchangeRun run{.context = recorder, .deadline = Deadline(20ms)};
    expect_failure({exchange.server(run, *listening), {}, {}}, "accept", "timed_out");
    EXPECT_EQ(recorder.lines, Lines{}) << exchange.name;
  }
}

TEST(NoServer, IsARefusalThatNoStreamClientHides) {
  for (const Exchange& exchange : all()) {
    if (exchange.type != Type::stream) continue;
    Recorder recorder;
    const Endpoint nobody = closed_port(Family::inet);
    ExchangeRun run{.context = recorder,
                    .deadline = Deadline(5s),
                    .peer = nobody,
                    .closed = nobody,
                    .local = "@twinsock, where nobody listens"};
    const bool refused_twice = std::string_view(exchange.name) == "tcp_refused";
    expect_failure({exchange.client(run), {}, {}}, refused_twice ? "open port" : "connect",
                   "connection_refused");
  }
}

TEST(ServerThatEndsEarly, FailsEachClientAtOnce) {
  const auto client = [](const char* name) { return run_client(name, {}, read_and_close); };
  expect_failure(client("tcp_echo"), "size 1", "end_of_stream");
  expect_failure(client("tcp_chat"), "answer to line 1", "end of stream");
  expect_failure(client("tcp_reply"), "reply", "end of stream");
  expect_failure(run_client("tcp_greeting", {}, close_at_once), "greeting", "end of stream");
  const Outcome bulk = run_client("tcp_bulk", {}, read_and_close);
  EXPECT_FALSE(bulk.verdict.passed);
  EXPECT_EQ(bulk.verdict.step.view().substr(0, 21), "receive, after 0 byte");
}

TEST(ClientThatEndsEarly, FailsEachServerThatHasADutyLeft) {
  const auto server = [](const char* name) {
    return run_server(name, {}, [](Socket& socket, const Endpoint&) {
      ASSERT_TRUE(socket.shutdown(Shutdown::write));
      wait_for_end(socket);  // a close with unread bytes would be a reset
    });
  };
  expect_failure(server("tcp_greeting"), "reply", "end of stream");
  expect_failure(server("tcp_reply"), "request", "end of stream");
  expect_failure(server("tcp_bulk"), "receive, after 0 bytes", "end of stream");
}

TEST(TcpSelectServer, AWrongAnswerIsNamed) {
  const Outcome outcome = run_client("tcp_select_server", {}, [](Socket& socket, const Endpoint&) {
    ASSERT_TRUE(socket.sendall("A says line X"));
    wait_for_end(socket);
  });
  expect_failure(outcome, "answer", "A says line X");
}

TEST(TcpSocketServer, AWrongAnswerOfTheRightLengthIsNamed) {
  const Outcome outcome = run_client("tcp_socketserver", {}, [](Socket& socket, const Endpoint&) {
    ASSERT_TRUE(socket.sendall("OwE"));
    wait_for_end(socket);
  });
  expect_failure(outcome, "one", "OwE");
  EXPECT_EQ(outcome.verdict.expected.view(), "ONE");
}

TEST(UdpSocketServer, OverlongAndEmptyRequestsDoNotStopIt) {
  const Outcome outcome =
      run_server("udp_socketserver", {}, [](Socket& socket, const Endpoint& server) {
        const std::string overlong(1000, 'x');
        ASSERT_TRUE(socket.sendto(overlong, server));
        EXPECT_EQ(receive_text(socket), std::string(64, 'X'));
        ASSERT_TRUE(socket.sendto("one", server));
        EXPECT_EQ(receive_text(socket), "ONE");
        ASSERT_TRUE(socket.sendto("", server));
      });
  EXPECT_TRUE(outcome.verdict.passed) << text_of(outcome.verdict);
}

TEST(TcpEcho, AWrongByteIsNamedWithItsPlace) {
  const Outcome outcome = run_client("tcp_echo", {}, [](Socket& socket, const Endpoint&) {
    char byte[1];
    ASSERT_TRUE(socket.recv_exactly(byte));
    ASSERT_TRUE(socket.sendall(Bytes(byte, 1)));
    char two[2];
    ASSERT_TRUE(socket.recv_exactly(two));
    two[1] = static_cast<char>(two[1] ^ 1);
    ASSERT_TRUE(socket.sendall(Bytes(two, 2)));
    wait_for_end(socket);
  });
  expect_failure(outcome, "size 2", "68");
  EXPECT_EQ(outcome.verdict.expected.view(), "byte 1 to be 69");
}

TEST(UdpEcho, BytesThatWereNeverSentFailIt) {
  const Outcome outcome = run_client("udp_echo", {}, [](Socket& socket, const Endpoint&) {
    char buffer[8];
    const auto came = socket.recvfrom(buffer);
    ASSERT_TRUE(came);
    ASSERT_TRUE(socket.sendto("garbage", came->peer));
  });
  expect_failure(outcome, "size 1", "7 bytes that were never sent");
}

TEST(UdpEcho, AStrangersEmptyDatagramEndsNothing) {
  const Outcomes outcomes = run_both("udp_echo", {}, [](const Endpoint& server) {
    auto stranger = Socket::open(Family::inet, Type::datagram);
    EXPECT_TRUE(stranger->sendto("", server));
    return server;
  });
  EXPECT_TRUE(outcomes.client.verdict.passed) << text_of(outcomes.client.verdict);
  EXPECT_TRUE(outcomes.server.verdict.passed) << text_of(outcomes.server.verdict);
}

TEST(UdpEcho, OnlyTheFirstClientsEmptyDatagramIsTheEnd) {
  const Outcome outcome = run_server("udp_echo", {}, [](Socket& first, const Endpoint& server) {
    ASSERT_TRUE(first.sendto("x", server));
    EXPECT_EQ(receive_text(first), "x");
    auto second = Socket::open(Family::inet, Type::datagram);
    ASSERT_TRUE(second->settimeout(5s));
    ASSERT_TRUE(second->sendto("", server));
    ASSERT_TRUE(second->sendto("y", server));
    EXPECT_EQ(receive_text(*second), "y");
    ASSERT_TRUE(first.sendto("", server));
  });
  EXPECT_TRUE(outcome.verdict.passed) << text_of(outcome.verdict);
}

TEST(UdpEcho, AClientThatNeverEndsFailsItAtTheDeadline) {
  const Outcome outcome =
      run_server("udp_echo", {.deadline = 400ms}, [](Socket& socket, const Endpoint& server) {
        ASSERT_TRUE(socket.settimeout(50ms));  // its pace: far less than the silence of an end
        for (const Deadline enough(800ms); !enough.expired();) {
          ASSERT_TRUE(socket.sendto("x", server));
          receive_text(socket);
          receive_text(socket);
        }
      });
  expect_failure(outcome, "echo", "timed_out");
}

TEST(UdpEcho, AnOversizedDatagramIsLoggedAndNotEchoed) {
  const Outcome outcome =
      run_server("udp_echo", {.deadline = 2s}, [](Socket& socket, const Endpoint& server) {
        const std::string large(1281, 'x');
        ASSERT_TRUE(socket.sendto(large, server));
        ASSERT_TRUE(socket.sendto("small", server));
        EXPECT_EQ(receive_text(socket), "small");
        ASSERT_TRUE(socket.sendto("", server));
      });
  EXPECT_TRUE(outcome.verdict.passed) << text_of(outcome.verdict);
  EXPECT_EQ(outcome.logs, Lines{"a datagram of more than 1280 bytes was not echoed"});
}

TEST(TcpGreeting, AnotherReplyThanExpectedIsShownPrintable) {
  const Outcome outcome = run_server("tcp_greeting", {}, [](Socket& socket, const Endpoint&) {
    receive_text(socket);
    ASSERT_TRUE(socket.sendall("\x1b[2Jgo away\xff"));
  });
  expect_failure(outcome, "reply", ".[2Jgo away.");
  EXPECT_EQ(outcome.verdict.expected.view(), "Hello server");
}

TEST(TcpReply, BytesThatAreNoUtf8FailIt) {
  const auto send_latin1 = [](Socket& socket, const Endpoint&) {
    ASSERT_TRUE(socket.sendall("Ol\xe1, mundo"));
    wait_for_end(socket);
  };
  expect_failure(run_client("tcp_reply", {}, send_latin1), "reply", "Ol., mundo");
  expect_failure(run_server("tcp_reply", {},
                            [](Socket& socket, const Endpoint&) {
                              ASSERT_TRUE(socket.sendall("Ol\xe1, mundo"));
                              EXPECT_EQ(receive_text(socket), "");
                            }),
                 "request", "Ol., mundo");
}

TEST(TcpReply, AnEndWithinACharacterIsNamed) {
  const Outcome outcome = run_server("tcp_reply", {}, [](Socket& socket, const Endpoint&) {
    ASSERT_TRUE(socket.sendall("Ol\xc3"));
  });
  expect_failure(outcome, "request", "end of stream within a character");
}

TEST(TcpRefused, AClosedPortThatIsOpenFailsIt) {
  auto open = open_server(*find("tcp_refused"), Endpoint(IpAddress::loopback(Family::inet), 0));
  Recorder recorder;
  ExchangeRun run{.context = recorder,
                  .deadline = Deadline(5s),
                  .peer = *open->getsockname(),
                  .closed = *open->getsockname()};
  const Outcome outcome{find("tcp_refused")->client(run), {}, {}};
  expect_failure(outcome, "closed port", "connected");
  EXPECT_EQ(outcome.verdict.expected.view(), "connection_refused");
}

TEST(TcpRefused, DataFromTheClientFailsTheServer) {
  const Outcome outcome = run_server(
      "tcp_refused", {}, [](Socket& socket, const Endpoint&) { ASSERT_TRUE(socket.sendall("x")); });
  expect_failure(outcome, "end", "data");
}

TEST(TcpBulk, AnotherStreamHasAnotherDigest) {
  const Outcome outcome = run_server("tcp_bulk", {}, [](Socket& socket, const Endpoint&) {
    std::vector<char> piece(1024);
    for (int i = 0; i < 1024; ++i) {
      ASSERT_TRUE(socket.sendall(piece));
      ASSERT_TRUE(socket.recv_exactly(piece));
      piece.assign(1024, 0);
    }
  });
  EXPECT_EQ(outcome.verdict.step.view(), "compare") << text_of(outcome.verdict);
}

TEST(TcpBulk, AfterAnEarlyEndTheSenderDoesNotGoOnToTheDeadline) {
  const Exchange& bulk = *find("tcp_bulk");
  auto listening = open_server(bulk, Endpoint(IpAddress::loopback(Family::inet), 0));
  auto client = Socket::open(Family::inet, Type::stream);
  // Little room, and a client that never reads: the sender has to wait.
  ASSERT_TRUE(listening->setsockopt(twinsock::option::send_buffer, 8192));
  ASSERT_TRUE(client->setsockopt(twinsock::option::receive_buffer, 8192));
  ASSERT_TRUE(client->connect(*listening->getsockname()));
  ASSERT_TRUE(client->shutdown(Shutdown::write));
  Recorder recorder;
  ExchangeRun run{.context = recorder, .deadline = Deadline(10s)};
  const Deadline soon(5s);
  expect_failure({bulk.server(run, *listening), {}, {}}, "receive, after 0 bytes", "end of stream");
  EXPECT_FALSE(soon.expired());
}

TEST(TcpBulk, OneByteTooManyIsNoEnd) {
  const Outcome outcome = run_server("tcp_bulk", {}, [](Socket& socket, const Endpoint&) {
    std::vector<char> piece(1024);
    for (int i = 0; i < 1024; ++i) {
      ASSERT_TRUE(socket.recv_exactly(piece));
      ASSERT_TRUE(socket.sendall(piece));
    }
    ASSERT_TRUE(socket.sendall("x"));
    wait_for_end(socket);
  });
  expect_failure(outcome, "end", "more bytes");
}

TEST(TcpHalfClose, AWrongCountIsShown) {
  const auto answer = [](const char* text) {
    return run_client("tcp_half_close", {}, [&](Socket& socket, const Endpoint&) {
      wait_for_end(socket);
      ASSERT_TRUE(socket.sendall(text));
    });
  };
  expect_failure(answer("2999"), "answer", "2999");
  expect_failure(answer("3000\n"), "answer", "3000.");
  expect_failure(answer("this is a sentence and no count"), "answer", "more than 20 bytes");
}

TEST(FloodingClient, DoesNotKeepAServerBeyondItsDeadline) {
  const auto flood = [](Socket& socket, const Endpoint& server) {
    ASSERT_TRUE(socket.settimeout(50ms));
    const std::string data(1000, 'x');
    const Deadline enough(2s);  // a server that goes on is a failure, not a hang
    char buffer[1000];
    while (!enough.expired()) {
      if (!socket.sendto(data, server)) break;
      if (socket.type() == Type::datagram) (void)socket.recv(buffer, Flags::dont_wait);
      if (socket.type() == Type::stream && !socket.recv(buffer)) break;
    }
    EXPECT_FALSE(socket.type() == Type::stream && enough.expired());
  };
  expect_failure(run_server("udp_echo", hurried, flood), "echo", "timed_out");
  const Outcome stream = run_server("tcp_echo", hurried, flood);
  EXPECT_FALSE(stream.verdict.passed);
  EXPECT_EQ(stream.verdict.came.view().substr(0, 9), "timed_out");
}

}  // namespace exchange_tests
