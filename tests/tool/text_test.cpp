// Text for people: suggestions, escapes, quoting.
#include "text.hpp"

#include <gtest/gtest.h>

#include <array>

#include "advice.hpp"

namespace host_sim::tool {
namespace {

constexpr std::array<std::string_view, 3> known{"tcp_echo", "udp_echo", "tcp_chat"};

TEST(Text, NearestIsWhatWasMeant) {
  EXPECT_EQ(nearest("tcp_ecko", known), "tcp_echo");
  EXPECT_EQ(nearest("tpc_echo", known), "tcp_echo");
  EXPECT_EQ(nearest("udpecho", known), "udp_echo");
  EXPECT_EQ(nearest("gopher", known), "");
  EXPECT_EQ(nearest("", known), "");
}

TEST(Text, PrintableLeavesTextAndEscapesTheRest) {
  EXPECT_EQ(printable("Olá 日本 🙂"), "Olá 日本 🙂");
  EXPECT_EQ(printable("a\nb\r\tc"), "a\\nb\\r\\tc");
  EXPECT_EQ(printable("\x1b[2J\x7f"), "\\x1b[2J\\x7f");
  EXPECT_EQ(printable("\xff\xc3"), "\\xff\\xc3");                             // no UTF-8; cut short
  EXPECT_EQ(printable("\xc0\xaf\xed\xa0\x80"), "\\xc0\\xaf\\xed\\xa0\\x80");  // overlong; surrogate
  EXPECT_EQ(printable("\xc2\x9b"), "\\xc2\\x9b");  // a C1 control character
  EXPECT_EQ(printable(std::string_view("\0", 1)), "\\x00");
}

TEST(Text, ShellWordIsQuotedOnlyWhereItMust) {
  EXPECT_EQ(shell_word("5%"), "5%");
  EXPECT_EQ(shell_word("###"), "'###'");
  EXPECT_EQ(shell_word("it's"), "'it'\\''s'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(Advice, IsOnWhatCameAndNotOnWhatWasExpected) {
  const std::string_view early = advice(twinsock::Errc::end_of_stream);
  const std::string_view other = advice(twinsock::Errc::none);
  EXPECT_EQ(advice("end: expected end of stream, came data"), other);
  EXPECT_EQ(advice("request: expected UTF-8 text, came end of stream"), early);
  EXPECT_EQ(advice("end of stream"), early);
  EXPECT_EQ(advice("closed port: expected connection_refused, came connected"), other);
  EXPECT_EQ(advice("connect: expected a connection, came timed_out"),
            advice(twinsock::Errc::timed_out));
}

TEST(Text, FilledKeepsToEightyColumns) {
  const std::string text = filled(std::string(50, 'a') + " " + std::string(50, 'b'), 4);
  EXPECT_EQ(text, "    " + std::string(50, 'a') + "\n    " + std::string(50, 'b') + "\n");
}

}  // namespace
}  // namespace host_sim::tool
