// The parts of a sweep that need no simulation: words, plans, endings, JUnit files, progress.
#include <gtest/gtest.h>

#include <set>

#include "chaos_options.hpp"
#include "sweep.hpp"

namespace host_sim::tool {
namespace {

TEST(Seeds, RangeAndSingle) {
  EXPECT_EQ(parse_seeds("1..1000").first, 1u);
  EXPECT_EQ(parse_seeds("1..1000").last, 1000u);
  EXPECT_EQ(parse_seeds("7").first, 7u);
  EXPECT_EQ(parse_seeds("7").last, 7u);
  EXPECT_EQ(parse_seeds("18446744073709551615..18446744073709551615").last, UINT64_MAX);
}

TEST(Seeds, NonsenseIsRefused) {
  for (const char* word : {"", "a", "5..1", "1..", "..5", "1...5", "1-5", "-1..5", " 1..5",
                           "0..18446744073709551616", "0..18446744073709551615"}) {
    EXPECT_THROW(parse_seeds(word), UsageError) << word;
  }
  for (const char* word : {"", "0/4", "5/4", "4", "1/0", "/4", "1/", "1/100001", "1/2/3"}) {
    EXPECT_THROW(parse_shard(word), UsageError) << word;
  }
  for (const char* word : {"", "0", "1025", "two"}) EXPECT_THROW(parse_jobs(word), UsageError);
}

SweepPlan plan_of(Shard shard) {
  SweepPlan plan;
  for (const Exchange& exchange : twinsock::exchanges::all()) plan.exchanges.push_back(&exchange);
  plan.families = {Family::inet, Family::inet6};
  plan.seeds = {5, 11};
  plan.shard = shard;
  return plan;
}

// Every exchange in both families, but for broadcasts, which IPv6 does not have, frames, which are
// of no family and count as of IPv4, and local sockets, which lwIP does not have.
std::uint64_t runs_of_a_seed() { return 2 * twinsock::exchanges::all().size() - 4; }

TEST(SweepPlan, ShardsTogetherAreTheWholeAndApart) {
  const auto runs = [](const SweepPlan& plan) {
    std::vector<std::string> all;
    for (std::uint64_t i = 0; i < plan.size(); ++i) all.push_back(encode(plan.trial(i)));
    return all;
  };
  const std::vector<std::string> whole = runs(plan_of({1, 1}));
  EXPECT_EQ(whole.size(), runs_of_a_seed() * 7);
  EXPECT_EQ(std::set(whole.begin(), whole.end()).size(), whole.size());
  for (const std::uint64_t count : {2u, 3u, 11u, 140u, 150u}) {
    std::multiset<std::string> parts;
    for (std::uint64_t index = 1; index <= count; ++index) {
      for (const std::string& run : runs(plan_of({index, count}))) parts.insert(run);
    }
    EXPECT_EQ(parts, std::multiset<std::string>(whole.begin(), whole.end())) << count;
  }
}

TEST(SweepPlan, FewSeedsOfAllComeBeforeManyOfOne) {
  const SweepPlan plan = plan_of({1, 1});
  for (std::uint64_t i = 0; i < runs_of_a_seed(); ++i) EXPECT_EQ(plan.trial(i).seed, 5u);
  EXPECT_EQ(plan.trial(runs_of_a_seed()).seed, 6u);
}

TEST(Trial, SurvivesItsWayToAProcess) {
  const Trial trial{twinsock::exchanges::find("udp_chat"),
                    Family::inet6,
                    UINT64_MAX,
                    {{"--loss", "5%"}, {"--scenario", "a folder/x y"}}};
  const Trial same = decode_trial(encode(trial));
  EXPECT_EQ(same.exchange, trial.exchange);
  EXPECT_EQ(same.family, trial.family);
  EXPECT_EQ(same.seed, trial.seed);
  ASSERT_EQ(same.network.size(), 2u);
  EXPECT_EQ(same.network[1].value, "a folder/x y");
  const TrialResult result = decode_result(encode(TrialResult{Ending::gave_up, "why", "a\nb"}));
  EXPECT_EQ(result.ending, Ending::gave_up);
  EXPECT_EQ(result.text, "why");
  EXPECT_EQ(result.details, "a\nb");
}

TEST(ChaosOptions, AreTheFaultsOfTheSeed) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Scenario network = read_network(chaos_options(seed));
    EXPECT_EQ(network.out, network.in);
  }
  Arguments arguments;
  arguments.chaos = true;
  EXPECT_NO_THROW(check_chaos(arguments));
  arguments.network = {{"--loss", "5%"}};
  EXPECT_THROW(check_chaos(arguments), UsageError);
}

Outcome outcome(const std::string& client, const std::string& server,
                std::vector<std::string> broken = {}) {
  return {.client = {{}, client},
          .server = {{}, server},
          .broken = std::move(broken),
          .notes = {},
          .unwritten = {}};
}

const std::string late = "failed at line 3: expected an answer, came timed_out: the deadline; x";
const std::string aborted = "failed at x: expected y, came connection_aborted: z";
const std::string reset = "failed at x: expected y, came connection_reset: the peer";
const std::string cut = "failed at receive: expected 1048576 bytes, came end of stream; x";
const std::string wrong = "failed at size 4: expected byte 3 to be 17, came 18; x";

TEST(Ending, NetworkErrorsUnderFaultsAreGivingUp) {
  const Adversity faults{.faults = true};
  EXPECT_EQ(ending_of(outcome("", ""), faults), Ending::passed);
  EXPECT_EQ(ending_of(outcome(late, ""), faults), Ending::gave_up);
  EXPECT_EQ(ending_of(outcome("", aborted), faults), Ending::gave_up);
  EXPECT_EQ(ending_of(outcome(reset, late), faults), Ending::gave_up);
  EXPECT_EQ(ending_of(outcome(cut, aborted), faults), Ending::gave_up);
}

TEST(Ending, WithoutFaultsOnlyAPassIsGoodEnough) {
  EXPECT_EQ(ending_of(outcome("", ""), {}), Ending::passed);
  EXPECT_EQ(ending_of(outcome(late, ""), {}), Ending::failed);
}

TEST(Ending, BrokenPromisesAreFailures) {
  const Adversity faults{.faults = true};
  EXPECT_EQ(ending_of(outcome(wrong, ""), faults), Ending::failed);
  EXPECT_EQ(ending_of(outcome(wrong, late), faults), Ending::failed);
  EXPECT_EQ(ending_of(outcome("panic: assertion", late), faults), Ending::failed);
  EXPECT_EQ(ending_of(outcome("it is running", late), faults), Ending::failed);
  EXPECT_EQ(ending_of(outcome("", "", {"leak: server: 1 of TCP_PCB"}), faults), Ending::failed);
  EXPECT_EQ(ending_of(outcome(late, "", {"client: ended 20s after"}), faults), Ending::failed);
}

TEST(Ending, ResetOrEarlyEndThatNobodyExplainsIsAFailure) {
  const Adversity faults{.faults = true};
  EXPECT_EQ(ending_of(outcome(reset, ""), faults), Ending::failed);
  EXPECT_EQ(ending_of(outcome(cut, reset), faults), Ending::failed);
  EXPECT_EQ(ending_of(outcome(reset, ""), {.faults = true, .power_cycles = true}), Ending::gave_up);
}

TEST(Junit, ComesBackAsItWasWritten) {
  TestFile file{
      .sweep = "host_sim sweep a --loss '<5%>'", .shard = "2/3", .planned = 4, .suites = {}};
  file.suites.push_back(
      {"tcp_echo.inet",
       {{1, CaseState::passed, 0.5, "", ""},
        {2, CaseState::skipped, 0, "gave up \"cleanly\" & so on", ""},
        {UINT64_MAX, CaseState::failed, 1.25, "a < b", "replay: x\n<tables>\n"}}});
  file.suites.push_back({"udp_chat.inet6", {{1, CaseState::passed, 0, "", ""}}});
  const std::string text = format_junit(file);
  EXPECT_NE(text.find("tests=\"4\" failures=\"1\" errors=\"0\" skipped=\"1\""), std::string::npos);
  const auto same = parse_junit(text);
  ASSERT_TRUE(same) << same.error();
  EXPECT_EQ(format_junit(*same), text);
  EXPECT_EQ(same->planned, 4u);
  EXPECT_EQ(same->suites[0].cases[2].body, "replay: x\n<tables>\n");
}

TEST(Junit, OtherFilesAreRefusedByLine) {
  const std::string whole =
      format_junit({.sweep = "s", .shard = "1/1", .planned = 1, .suites = {{"a", {{1}}}}});
  for (std::size_t size = 0; size + 2 < whole.size(); size += 7) {
    EXPECT_FALSE(parse_junit(whole.substr(0, size))) << size;
  }
  for (const char* text : {"", "hello", "<html><body></body></html>", "<testsuites></testsuites>",
                           "<testsuites>\n<testcase name=\"x\"/></testsuites>"}) {
    EXPECT_FALSE(parse_junit(text)) << text;
  }
  const auto refused = parse_junit("<testsuites>\n<oops/></testsuites>");
  EXPECT_NE(refused.error().find("line 2: <oops>"), std::string::npos) << refused.error();
}

TEST(Progress, SaysHowFarHowFastAndHowLong) {
  EXPECT_EQ(progress_line({.done = 260, .planned = 1000, .failed = 1, .gave_up = 4, .seconds = 2}),
            "[#####...............]  26% 260/1000  130/s  6 s left  1 failed  4 gave up");
  EXPECT_EQ(progress_line({.planned = 5}), "[....................]   0% 0/5");
  EXPECT_EQ(progress_line({.done = 5, .planned = 5, .seconds = 1}),
            "[####################] 100% 5/5  5.0/s  0 s left");
  EXPECT_EQ(rough_time(125), "2 min 5 s");
  EXPECT_EQ(rough_time(15000), "4 h 10 min");
}

}  // namespace
}  // namespace host_sim::tool
