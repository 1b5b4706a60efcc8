// Single nodes that are denied memory: the cases of the contract, and roles that ask one thing.
#include <gtest/gtest.h>

#include <algorithm>

#include "starved_node.hpp"

namespace host_sim {
namespace {

using Role = std::vector<std::string>;

::testing::AssertionResult is_right(const StarvedNode& run) {
  if (run.wrongs.empty()) return ::testing::AssertionSuccess();
  ::testing::AssertionResult failure = ::testing::AssertionFailure();
  for (const std::string& wrong : run.wrongs) failure << wrong << "\n";
  return failure << run.description;
}

// Every `stride`th allocation from `first` on, until there is none.
void starve(const Role& role, unsigned long count, unsigned long first, unsigned long stride,
            bool must_pass) {
  for (Drought drought{first, count};; drought.first += stride) {
    const StarvedNode run = run_node(role, drought);
    ASSERT_TRUE(is_right(run)) << role.back();
    if (must_pass) {
      ASSERT_EQ(run.status, 0) << role.back() << " " << words_of(drought);
    }
    if (!run.denied) return;
  }
}

// Two minutes after both sides have ended lwIP forgets a connection without a word to its socket,
// and gives its memory to the next.
TEST(StarvedNode, StreamThatEndedLongAgoConcernsNoOther) {
  for (const char* role : {"idle_end_seen", "idle_end_unseen"}) {
    const StarvedNode run = run_node({role}, {});
    EXPECT_TRUE(is_right(run)) << role;
    EXPECT_EQ(run.status, 0) << role;
  }
}

// The one end that lwIP loses (contract, END-1): as many segments wait as the mailbox holds.
TEST(StarvedNode, EndBehindUnreadSegmentsIsToldUnlessTheyFillTheMailbox) {
  const StarvedNode run = run_node({"unread"}, {});
  EXPECT_TRUE(is_right(run));
  EXPECT_EQ(run.status, 0);
  EXPECT_EQ(run.transcript, std::vector<std::string>{"32 unread: timed_out"});
}

TEST(StarvedNode, WakeupOpensOrSaysWhyNot) { starve({"wakeup"}, 1, 1, 1, true); }

Role case_of(const std::string& name) { return {"conformance", name, "world=sim"}; }

// In these lwIP 2.2.1 asserts, or loops without end, where the layer does not help it: a listener
// closes while a connection comes, and a connection ends whose socket is open.
TEST(StarvedNode, NoCloseComesTooLate) {
  for (const char* name : {"Accept.FirstComeFirstServed", "Connect.MayBeGivenUpByClose",
                           "End.BothHalvesEndInOrder", "Message.EndAndResetAreTold"}) {
    for (const unsigned long count : {1, 20}) starve(case_of(name), count, 1, 1, false);
  }
}

// Without memory these wait for ever by their own words, as any program that sets no timeout: for a
// client, a datagram or a reset that never came.
constexpr const char* endless[] = {
    "Accept.NewSocketInheritsNoFlag",       "Accept.NewSocketInheritsNoTcpOption",
    "Adopt.NonBlockingIsReallyUndone",      "Connect.V4MappedAddressReachesIpv4",
    "Reset.WakesAnEndlesslyWaitingReceive", "Time.NoneAgainWaits"};
// And these take the value of what may fail then.
constexpr const char* careless[] = {
    "Bind.AnyAddressConflictsWithOne",    "Bind.BusyDatagramPortIsAddressInUse",
    "Bind.DatagramPortZeroTakesAFreeOne", "Bind.DatagramTwiceIsInvalid",
    "Bind.ListenedPortIsAddressInUse",    "Bind.StreamAndDatagramShareAPort",
    "Error.KeepsTheNativeNumber"};

bool contains(std::span<const char* const> names, const std::string& name) {
  return std::ranges::find(names, name) != names.end();
}

std::vector<std::string> all_cases() {
  const StarvedNode listing = run_node({"conformance", "list", "world=sim"}, {});
  std::vector<std::string> names;
  for (const std::string& line : listing.transcript) {
    const std::string name = line.substr(0, line.find(' '));
    if (!contains(endless, name) && !contains(careless, name)) names.push_back(name);
  }
  return names;
}

// Each case with every 11th allocation, the first one another in each case: the runner's own come
// first and are alike. In shards, by the number of the case.
class StarvedCases : public ::testing::TestWithParam<unsigned> {};
constexpr unsigned shards = 4;
constexpr unsigned stride = 11;

TEST_P(StarvedCases, NoNodePanicsHangsOrLeaks) {
  const std::vector<std::string> names = all_cases();
  ASSERT_GT(names.size(), 300u);
  for (std::size_t i = GetParam(); i < names.size(); i += shards) {
    for (const unsigned long count : {1, 20}) {
      starve(case_of(names[i]), count, 1 + i / shards % stride, stride, false);
      if (HasFatalFailure()) return;
    }
  }
}
INSTANTIATE_TEST_SUITE_P(Shard, StarvedCases, ::testing::Range(0u, shards));

}  // namespace
}  // namespace host_sim
