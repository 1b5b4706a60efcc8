// Timeout: durations of every unit become milliseconds, rounded up, or are refused.
#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <random>

#include <twinsock/timeout.hpp>

namespace twinsock {
namespace {

using namespace std::chrono_literals;
using std::chrono::duration;
using Seconds = duration<double>;
using FloatSeconds = duration<float>;

constexpr std::int32_t ms(Timeout timeout) { return timeout.valid() ? timeout.ms() : -2; }
constexpr std::int32_t refused = -2;

static_assert(sizeof(Timeout) == 4);
static_assert(ms(3s) == 3000);

TEST(Timeout, OfNoneBlocksForEver) {
  EXPECT_TRUE(Timeout::none().is_none());
  EXPECT_TRUE(Timeout::none().valid());
  EXPECT_FALSE(Timeout::none().is_zero());
  EXPECT_EQ(Timeout::none().ms(), -1);
}

TEST(Timeout, OfZeroNeverWaits) {
  EXPECT_TRUE(Timeout::zero().is_zero());
  EXPECT_EQ(Timeout::zero(), Timeout(0s));
  EXPECT_EQ(Timeout::zero(), Timeout(Seconds(0)));
  EXPECT_EQ(Timeout::zero(), Timeout(Seconds(-0.0)));
  EXPECT_FALSE(Timeout::zero().is_none());
}

TEST(Timeout, TakesEveryUnit) {
  EXPECT_EQ(ms(24h), 86'400'000);
  EXPECT_EQ(ms(2min), 120'000);
  EXPECT_EQ(ms(1500ms), 1500);
  EXPECT_EQ(ms(2'000'000us), 2000);
  EXPECT_EQ(ms(5'000'000ns), 5);
  EXPECT_EQ(ms(std::chrono::days(2)), 172'800'000);
  EXPECT_EQ((ms(duration<std::uint8_t>(200))), 200'000);
  EXPECT_EQ((ms(duration<unsigned, std::milli>(7u))), 7);
  EXPECT_EQ((ms(duration<int, std::ratio<1, 30>>(3))), 100);
  EXPECT_EQ((ms(duration<int, std::ratio<1, 30>>(1))), 34);
  EXPECT_EQ((ms(duration<int, std::ratio<2, 3000>>(4))), 3);
}

TEST(Timeout, RoundsUpAndNeverDown) {
  EXPECT_EQ(ms(1ns), 1);
  EXPECT_EQ(ms(1us), 1);
  EXPECT_EQ(ms(999'999ns), 1);
  EXPECT_EQ(ms(1'000'000ns), 1);
  EXPECT_EQ(ms(1'000'001ns), 2);
  EXPECT_EQ(ms(1001us), 2);
  EXPECT_EQ((ms(duration<std::int64_t, std::atto>(1))), 1);
}

TEST(Timeout, TakesFloatingDurations) {
  EXPECT_EQ(ms(Seconds(3)), 3000);
  EXPECT_EQ(ms(Seconds(0.25)), 250);
  EXPECT_EQ(ms(Seconds(0.0001)), 1);
  EXPECT_EQ(ms(Seconds(1e-300)), 1);
  EXPECT_EQ(ms(FloatSeconds(0.5f)), 500);
  EXPECT_EQ((ms(duration<long double, std::micro>(1500))), 2);
  EXPECT_EQ((ms(duration<double, std::ratio<3600>>(0.5))), 1'800'000);
}

TEST(Timeout, ReachesItsLongest) {
  EXPECT_EQ(Timeout::longest_ms, 2'147'483'646);
  EXPECT_EQ(ms(2'147'483'646ms), Timeout::longest_ms);
  EXPECT_EQ(ms(2'147'483'645'000'001ns), Timeout::longest_ms);
  EXPECT_EQ(ms(2'147'483s), 2'147'483'000);
  EXPECT_EQ(ms(Seconds(2'147'483.5)), 2'147'483'500);
  EXPECT_EQ(Timeout::from_ms(Timeout::longest_ms), Timeout(2'147'483'646ms));
}

TEST(Timeout, IsNotValidBeyondItsLongest) {
  EXPECT_EQ(ms(2'147'483'647ms), refused);
  EXPECT_EQ(ms(2'147'483'646'000'001ns), refused);
  EXPECT_EQ(ms(2'147'484s), refused);
  EXPECT_EQ(ms(Seconds(2'147'483.647)), refused);
  EXPECT_EQ(ms(FloatSeconds(2'147'484.0f)), refused);
  EXPECT_EQ((ms(duration<float, std::milli>(2'147'483'648.0f))), refused);
  EXPECT_EQ(ms(Timeout::from_ms(INT32_MAX)), refused);
}

TEST(Timeout, IsNotValidForHugeDurations) {
  EXPECT_EQ(ms(std::chrono::hours::max()), refused);
  EXPECT_EQ(ms(std::chrono::years::max()), refused);
  EXPECT_EQ(ms(std::chrono::seconds::max()), refused);
  EXPECT_EQ(ms(std::chrono::milliseconds::max()), refused);
  EXPECT_EQ(ms(18'446'744'073'709'552s), refused);  // 384 ms, if it were counted in 64 bits
  EXPECT_EQ(ms(std::chrono::nanoseconds::max()), refused);
  EXPECT_EQ(ms(Seconds::max()), refused);
  EXPECT_EQ((ms(duration<std::uint64_t>::max())), refused);
  EXPECT_EQ((ms(duration<std::uint64_t, std::nano>::max())), refused);
}

TEST(Timeout, IsNotValidForNegativeDurations) {
  EXPECT_EQ(ms(-1ms), refused);
  EXPECT_EQ(ms(-1ns), refused);
  EXPECT_EQ(ms(std::chrono::hours::min()), refused);
  EXPECT_EQ(ms(Seconds(-1e-9)), refused);
  EXPECT_EQ(ms(Seconds::min()), refused);
  EXPECT_EQ(ms(Timeout::from_ms(-1)), refused);
  EXPECT_EQ(ms(Timeout::from_ms(INT32_MIN)), refused);
  EXPECT_FALSE(Timeout(-1ms).is_none());
}

TEST(Timeout, IsNotValidForWhatIsNoNumber) {
  EXPECT_EQ(ms(Seconds(std::numeric_limits<double>::quiet_NaN())), refused);
  EXPECT_EQ(ms(Seconds(std::numeric_limits<double>::infinity())), refused);
  EXPECT_EQ(ms(Seconds(-std::numeric_limits<double>::infinity())), refused);
  EXPECT_EQ(ms(FloatSeconds(std::numeric_limits<float>::quiet_NaN())), refused);
}

TEST(Timeout, AgreesWithChronoWhereChronoDoesNotOverflow) {
  std::mt19937_64 random(2147);
  for (int i = 0; i < 100'000; ++i) {
    const auto count = static_cast<std::int64_t>(random() >> (random() % 63 + 1));
    const std::chrono::nanoseconds ns(count);
    const auto expected = std::chrono::ceil<std::chrono::milliseconds>(ns).count();
    ASSERT_EQ(ms(ns), expected <= Timeout::longest_ms ? expected : refused) << count;
    const duration<std::int64_t, std::ratio<1, 48'000>> samples(count >> 16);
    const auto of_samples = std::chrono::ceil<std::chrono::milliseconds>(samples).count();
    ASSERT_EQ(ms(samples), of_samples <= Timeout::longest_ms ? of_samples : refused) << count;
  }
}

}  // namespace
}  // namespace twinsock
