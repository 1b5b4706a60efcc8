// Lines from pieces, strict UTF-8, received bytes made fit to be shown; patterns and retry times.
#include "exchanges/text.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "exchanges/pattern.hpp"
#include "exchanges/udp.hpp"

namespace exchange_tests {

using namespace twinsock::exchanges;
using twinsock::Bytes;
using twinsock::Endpoint;
using twinsock::IpAddress;

namespace {
std::string shown(std::string text) {
  make_printable(text);
  return text;
}
std::string_view view(const auto& line) { return line; }
}  // namespace

TEST(Line, JoinsTextAndNumbersAndCutsWhatDoesNotFit) {
  EXPECT_EQ(view(Line("size ", 17, " of ", std::size_t{1200})), "size 17 of 1200");
  EXPECT_EQ(view(Line(-5, "/", UINT64_MAX)), "-5/18446744073709551615");
  EXPECT_EQ(view(Line<4>("abc", "def")), "abcd");
  EXPECT_EQ(view(Line()), "");
}

TEST(Hex, HasEightDigits) {
  EXPECT_EQ(view(Hex(0)), "00000000");
  EXPECT_EQ(view(Hex(0xdeadbeef)), "deadbeef");
}

TEST(CheckUtf8, TakesTheBordersOfEachLength) {
  for (const char* text :
       {"", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80",
        "\xef\xbf\xbf", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(check_utf8(text), Utf8::valid) << text;
  }
}

TEST(CheckUtf8, RefusesOverlongSurrogatesBeyondAndStray) {
  for (const char* text : {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80",
                           "\xed\xbf\xbf", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80",
                           "\xf5\x80\x80\x80", "\xfe", "\xff", "\xc2 ", "a\xe2\x82z"}) {
    EXPECT_EQ(check_utf8(text), Utf8::malformed) << shown(text);
  }
}

TEST(CheckUtf8, TellsACharacterThatIsCutShort) {
  for (const char* text : {"\xc3", "a\xe2", "a\xe2\x82", "\xf0\x9f\x99"}) {
    EXPECT_EQ(check_utf8(text), Utf8::cut_short) << shown(text);
  }
}

TEST(MakePrintable, PutsADotForEachByteThatCannotBeShown) {
  EXPECT_EQ(shown("plain, Olá 日本 🙂"), "plain, Olá 日本 🙂");
  EXPECT_EQ(shown("a\nb\tc\x1b[0m\x7f"), "a.b.c.[0m.");
  EXPECT_EQ(shown("\xc2\x9b 2J"), ".. 2J");  // the one-character form of ESC [
  EXPECT_EQ(shown("\xc2\xa0"), "\xc2\xa0");
  EXPECT_EQ(shown("x\xff\xe2\x82"), "x...");
  EXPECT_EQ(shown(std::string("\0z", 2)), ".z");
}

TEST(Message, AnswersExactlyAndReportsPrintableWithoutLineEnd) {
  Message message;
  const std::string_view text = "a\tb\r\n";
  std::memcpy(message.room().data(), text.data(), text.size());
  message.set_size(text.size());
  EXPECT_TRUE(message.is("a\tb"));
  EXPECT_EQ(message.answer(), "you said: a\tb\r\n");
  EXPECT_EQ(message.report(), "received: a.b");
}

TEST(Messages, OfOneSizeAllDifferSoThatNoneIsTakenForAnother) {
  for (int number = 1; number <= message_count; ++number) {
    std::byte buffer[longest_message];
    const Bytes message = fill_message(buffer, number);
    ASSERT_EQ(message.size(), message_size(number));
    ASSERT_EQ(first_difference(message, number), message.size());
    for (int other = single_count + 1; other <= message_count; ++other) {
      if (other == number || message_size(other) != message.size()) continue;
      ASSERT_LT(first_difference(message, other), message.size()) << number << ' ' << other;
    }
  }
}

TEST(Digest, IsFnv1a) {
  Digest empty;
  EXPECT_EQ(empty.value(), 0x811c9dc5u);
  Digest digest;
  digest.add("foo");
  digest.add("bar");
  EXPECT_EQ(digest.value(), 0xbf9cf968u);
}

TEST(RetryTimer, WaitsHalfASecondAtFirstAndTwiceAsLongAfterALossButOneSecondAtMost) {
  RetryTimer timer;
  timer.sent();
  EXPECT_EQ(timer.wait().ms(), 500);
  timer.sent_again();
  EXPECT_EQ(timer.wait().ms(), 1000);
  timer.sent_again();
  EXPECT_EQ(timer.wait().ms(), 1000);
}

TEST(RetryTimer, LearnsFromAnswersToWhatWasSentOnceOnly) {
  RetryTimer timer;
  timer.sent();
  timer.sent_again();
  timer.answered();
  EXPECT_EQ(timer.wait().ms(), 500);  // halved again, but nothing was measured
  for (int i = 0; i < 40; ++i) {
    timer.sent();
    timer.answered();  // at once
  }
  EXPECT_GE(timer.wait().ms(), 20);
  EXPECT_LT(timer.wait().ms(), 200);
}

TEST(SeenDatagrams, KnowsTheLastSixteenBySenderAndContent) {
  const Endpoint peer{IpAddress::v4(127, 0, 0, 1), 1};
  const Endpoint other{IpAddress::v4(127, 0, 0, 1), 2};
  SeenDatagrams seen;
  EXPECT_FALSE(seen.contains(peer, "0"));
  for (int i = 0; i < 100; ++i) {
    seen.add(peer, std::to_string(i));
    for (int back = 0; back < 16 && back <= i; ++back) {
      ASSERT_TRUE(seen.contains(peer, std::to_string(i - back)));
    }
  }
  EXPECT_FALSE(seen.contains(peer, "83"));
  EXPECT_FALSE(seen.contains(other, "99"));
}

TEST(IsServer, LooksPastAScopeAndAnAddressThatTheStackChooses) {
  const Endpoint v4{IpAddress::v4(10, 0, 0, 1), 5};
  EXPECT_TRUE(is_server(v4, v4));
  EXPECT_FALSE(is_server({IpAddress::v4(10, 0, 0, 1), 6}, v4));
  EXPECT_FALSE(is_server({IpAddress::v4(10, 0, 0, 2), 5}, v4));
  EXPECT_TRUE(is_server({IpAddress::v4(127, 0, 0, 1), 5}, {IpAddress::v4(0, 0, 0, 0), 5}));
  const std::array<std::uint8_t, 16> link_local{0xfe, 0x80, 0, 0, 0, 0, 0, 0,
                                                0,    0,    0, 0, 0, 0, 0, 1};
  const Endpoint any_scope{IpAddress::v6(link_local), 5};
  const Endpoint scope_two{IpAddress::v6(link_local, 2), 5};
  const Endpoint scope_three{IpAddress::v6(link_local, 3), 5};
  EXPECT_TRUE(is_server(scope_two, any_scope));
  EXPECT_FALSE(is_server(scope_two, scope_three));
}

}  // namespace exchange_tests
