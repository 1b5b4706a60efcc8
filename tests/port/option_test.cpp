// Socket options: each value type survives its way through the one untyped call.
#include <gtest/gtest.h>

#include <climits>
#include <set>

#include <twinsock/option.hpp>

namespace twinsock {
namespace {

using namespace std::chrono_literals;
using detail::OptionCodec;

template <class T>
T through(T value) {
  T read{};
  OptionCodec::decode(OptionCodec::encode(value), read);
  return read;
}

TEST(Option, CarriesBooleans) {
  EXPECT_TRUE(through(true));
  EXPECT_FALSE(through(false));
  EXPECT_EQ(OptionCodec::encode(true), 1);
  bool value = false;
  OptionCodec::decode(4, value);  // Linux reads some options back as another number than 1
  EXPECT_TRUE(value);
}

TEST(Option, CarriesNumbers) {
  for (const int value : {0, 1, -1, 255, 65536, INT_MAX, INT_MIN}) EXPECT_EQ(through(value), value);
}

TEST(Option, CarriesSeconds) {
  for (const auto value : {0s, 1s, 32'767s, 2'147'483'647s}) EXPECT_EQ(through(value), value);
}

TEST(Option, DoesNotTakeSecondsBeyondANumberForFewer) {
  for (const auto value : {-1s, 4'294'967'297s, std::chrono::seconds::max()}) {
    EXPECT_LT(OptionCodec::encode(value), -1);  // so that the range check refuses it
    EXPECT_LT(OptionCodec::encode(std::optional(value)), -1);
  }
}

TEST(Option, TellsNoLingerFromLingerOfZero) {
  using Linger = std::optional<std::chrono::seconds>;
  EXPECT_EQ(through(Linger()), std::nullopt);
  EXPECT_EQ(through(Linger(0s)), 0s);
  EXPECT_EQ(through(Linger(32'767s)), 32'767s);
  EXPECT_EQ(OptionCodec::encode(Linger()), -1);
}

TEST(Option, DoesNotTakeANegativeLingerForNone) {
  const std::optional<std::chrono::seconds> negative = -1s;
  EXPECT_NE(OptionCodec::encode(negative), -1);
  EXPECT_LT(OptionCodec::encode(negative), 0);  // so that the backend's range check refuses it
}

TEST(Option, ReadsPendingErrors) {
  Errc code{};
  OptionCodec::decode(static_cast<std::int32_t>(Errc::connection_refused), code);
  EXPECT_EQ(code, Errc::connection_refused);
}

template <class T, class... Options>
constexpr bool all_are(const Options&...) {
  return (std::is_same_v<typename Options::value_type, T> && ...);
}
using namespace option;
static_assert(all_are<bool>(reuse_address, keep_alive, no_delay, option::broadcast, ipv6_only));
static_assert(all_are<int>(keep_alive_count, receive_buffer, send_buffer, time_to_live,
                           type_of_service));
static_assert(all_are<std::chrono::seconds>(keep_alive_idle, keep_alive_interval));
static_assert(all_are<std::optional<std::chrono::seconds>>(option::linger));
static_assert(all_are<Errc>(pending_error));

TEST(Option, HasOneNumberEach) {
  const std::set<OptionId> ids = {reuse_address.id,       keep_alive.id,        keep_alive_idle.id,
                                  keep_alive_interval.id, keep_alive_count.id,  no_delay.id,
                                  option::linger.id,      option::broadcast.id, receive_buffer.id,
                                  send_buffer.id,         pending_error.id,     time_to_live.id,
                                  type_of_service.id,     ipv6_only.id};
  EXPECT_EQ(ids.size(), static_cast<std::size_t>(OptionId::ipv6_only) + 1);
}

}  // namespace
}  // namespace twinsock
