// Shrinking: the smallest options that still fail, in few runs.
#include "shrinker.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace host_sim::tool {
namespace {

using Options = std::vector<GivenOption>;

std::string text(const Options& options) {
  std::string words;
  for (const GivenOption& option : options) words += option.name + "=" + option.value + " ";
  return words;
}

bool has(const Options& options, const std::string& name) {
  for (const GivenOption& option : options) {
    if (option.name == name) return true;
  }
  return false;
}

Shrinker shrink(Options options, const std::function<bool(const Options&)>& fails,
                unsigned most = 100) {
  Shrinker shrinker(std::move(options), most);
  while (const auto candidate = shrinker.next()) shrinker.answer(fails(*candidate));
  return shrinker;
}

const Options all{{"--loss", "5%"},    {"--delay", "20ms"}, {"--jitter", "5ms"},
                  {"--rate", "1Mbit"}, {"--queue", "16"},   {"--partition", "2s,10s"}};

TEST(Shrinker, FailureWithoutAnyFaultTakesOneRun) {
  const Shrinker shrinker = shrink(all, [](const Options&) { return true; });
  EXPECT_EQ(text(shrinker.smallest()), "");
  EXPECT_EQ(shrinker.runs(), 1u);
}

TEST(Shrinker, FindsTheOneFaultThatMatters) {
  const Shrinker shrinker =
      shrink(all, [](const Options& options) { return has(options, "--rate"); });
  EXPECT_EQ(text(shrinker.smallest()), "--rate=64Mbit ");
}

TEST(Shrinker, KeepsFaultsThatMatterTogether) {
  const Shrinker shrinker = shrink(all, [](const Options& options) {
    return has(options, "--loss") && has(options, "--partition");
  });
  EXPECT_EQ(shrinker.smallest().size(), 2u);
  EXPECT_TRUE(has(shrinker.smallest(), "--loss"));
  EXPECT_TRUE(has(shrinker.smallest(), "--partition"));
}

TEST(Shrinker, HalvesOnlyAsFarAsItFails) {
  const Shrinker shrinker = shrink({{"--loss", "8%"}}, [](const Options& options) {
    return text(options) == "--loss=8% " || text(options) == "--loss=4% " ||
           text(options) == "--loss=2% ";
  });
  EXPECT_EQ(text(shrinker.smallest()), "--loss=2% ");
}

TEST(Shrinker, NothingSmallerFailsLeavesAll) {
  const Shrinker shrinker = shrink(all, [](const Options&) { return false; });
  EXPECT_EQ(text(shrinker.smallest()), text(all));
}

TEST(Shrinker, NumberOfRunsIsBounded) {
  const Shrinker shrinker = shrink(
      all, [](const Options& options) { return options.size() > 1; }, 5);
  EXPECT_EQ(shrinker.runs(), 5u);
}

TEST(Shrinker, NoFaultsNeedNoRun) {
  Shrinker shrinker({}, 100);
  EXPECT_FALSE(shrinker.next());
}

TEST(Halved, MakesEachFaultSmaller) {
  const std::pair<GivenOption, const char*> cases[] = {{{"--loss", "5%"}, "2.5%"},
                                                       {{"--corrupt", "0.1%"}, "0.05%"},
                                                       {{"--delay", "20ms"}, "10ms"},
                                                       {{"--burst", "1%,30%,80%"}, "0.5%,30%,80%"},
                                                       {{"--rate", "1Mbit"}, "2Mbit"},
                                                       {{"--queue", "16"}, "32"},
                                                       {{"--partition", "2s,10s,out"}, "2s,5s,out"},
                                                       {{"--down", "1s,300ms"}, "1s,150ms"},
                                                       {{"--mtu", "500"}, "1000"}};
  for (const auto& [option, value] : cases) {
    const auto smaller = halved(option);
    ASSERT_TRUE(smaller) << option.name;
    EXPECT_EQ(smaller->value, value) << option.name;
  }
}

TEST(Halved, StopsWhereItIsNoLongerWorthIt) {
  for (const GivenOption& option : Options{{"--loss", "0.01%"},
                                           {"--delay", "150us"},
                                           {"--rate", "100Mbit"},
                                           {"--queue", "1000"},
                                           {"--mtu", "1500"},
                                           {"--partition", "2s,forever"},
                                           {"--scenario", "lossy-wifi.scenario"},
                                           {"--rate", "unlimited"}}) {
    EXPECT_FALSE(halved(option)) << option.name << " " << option.value;
  }
}

}  // namespace
}  // namespace host_sim::tool
