// Every allocation of every exchange fails, alone and with the nineteen that follow, on either side
// and in both families: no node panics or waits for ever, no byte is wrong, nothing is lost for
// good, and a role that fails says a reason that is true.
#include <gtest/gtest.h>

#include "starved_run.hpp"

namespace host_sim {
namespace {

constexpr unsigned long counts[] = {1, 20};
// Exchanges that make thousands of allocations, all alike; a prime, so that each kind comes.
constexpr unsigned long stride_of_long_ones = 37;

bool is_long(const std::string& exchange) {
  return exchange == "tcp_echo" || exchange == "udp_echo" || exchange == "tcp_bulk";
}

using Place = std::tuple<std::string, std::string, std::string>;  // exchange, family, side
class Starved : public ::testing::TestWithParam<Place> {};

TEST_P(Starved, EndsWellOrSaysWhy) {
  const auto& [exchange, family, side] = GetParam();
  const unsigned long stride = is_long(exchange) ? stride_of_long_ones : 1;
  for (const unsigned long count : counts) {
    Starvation starvation{exchange, family, side, {1, count}};
    for (bool denied = true; denied; starvation.drought.first += stride) {
      const StarvedRun run = run_starved(starvation);
      denied = run.denied;
      if (run.wrongs.empty()) continue;
      std::string text;
      for (const std::string& wrong : run.wrongs) text += wrong + "\n";
      FAIL() << text << run.description;
    }
    EXPECT_GT(starvation.drought.first, 20u) << "nothing was denied";
  }
}

const std::string exchanges[] = {
    "tcp_echo",         "udp_echo",       "tcp_chat",          "udp_chat",
    "tcp_greeting",     "tcp_reply",      "udp_timeout",       "tcp_refused",
    "tcp_bulk",         "tcp_half_close", "tcp_select_server", "tcp_socketserver",
    "udp_socketserver", "raw_ping",       "dns_connect",       "multicast_discovery",
    "packet_echo",      "options_report"};

std::string name_of(const ::testing::TestParamInfo<Place>& test) {
  const auto& [exchange, family, side] = test.param;
  return exchange + "_" + family + "_" + side;
}

const std::string inet = "inet";
const std::string families[] = {inet, "inet6"};
const std::string sides[] = {"client", "server"};
const std::string only_inet = "udp_broadcast";  // IPv6 has none

INSTANTIATE_TEST_SUITE_P(Exchange, Starved,
                         ::testing::Combine(::testing::ValuesIn(exchanges),
                                            ::testing::ValuesIn(families),
                                            ::testing::ValuesIn(sides)),
                         name_of);
INSTANTIATE_TEST_SUITE_P(Broadcast, Starved,
                         ::testing::Combine(::testing::Values(only_inet), ::testing::Values(inet),
                                            ::testing::ValuesIn(sides)),
                         name_of);

}  // namespace
}  // namespace host_sim
