// Durations as text.
#include <gtest/gtest.h>

#include <host_sim/time.hpp>

namespace host_sim {
namespace {

using namespace std::chrono_literals;

TEST(Duration, IsReadInEachUnitExactly) {
  EXPECT_EQ(*parse_duration("7ns"), 7ns);
  EXPECT_EQ(*parse_duration("10us"), 10us);
  EXPECT_EQ(*parse_duration("20ms"), 20ms);
  EXPECT_EQ(*parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(*parse_duration("0.000000001s"), 1ns);
  EXPECT_EQ(*parse_duration("3min"), 3min);
  EXPECT_EQ(*parse_duration("2d"), 48h);
  EXPECT_EQ(*parse_duration("0s"), 0ns);
}

TEST(Duration, RefusesNonsenseAndNamesWhatIsAllowed) {
  for (const char* text : {"", "5", "ms", "-1s", "1 s", "1e3s", "1.s", ".5s", "1.5ns", "3m",
                           "10001d", "99999999999999999999s", "1s2", "0x5s"}) {
    const auto duration = parse_duration(text);
    ASSERT_FALSE(duration) << text;
    EXPECT_NE(duration.error().find("allowed"), std::string::npos) << duration.error();
    EXPECT_NE(duration.error().find("'" + std::string(text) + "'"), std::string::npos);
  }
}

TEST(Duration, IsWrittenSoThatItReadsBack) {
  for (const Duration duration : {0ns, 1ns, 1500ns, 20'000'000ns, 1'500'000'000ns, 90'000'000'000ns,
                                  123'456'789ns, 86'400'000'000'000ns}) {
    EXPECT_EQ(*parse_duration(format_duration(duration)), duration) << format_duration(duration);
  }
  EXPECT_EQ(format_duration(1500ms), "1.5s");
  EXPECT_EQ(format_duration(20ms), "20ms");
  EXPECT_EQ(format_instant(12s + 250us), "12.000250000");
}

}  // namespace
}  // namespace host_sim
