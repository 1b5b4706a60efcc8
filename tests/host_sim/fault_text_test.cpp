// Faults as text.
#include <gtest/gtest.h>

#include <host_sim/faults.hpp>

namespace host_sim {
namespace {

TEST(FaultText, ReadsEachSetting) {
  const auto faults = parse_faults(
      "loss=5% burst=1%,30%,50% delay=20ms jitter=5ms reorder=1% reorder-delay=2ms duplicate=0.5% "
      "corrupt=0.1% rate=10Mbit queue=32 mtu=1400 partition=2s,10s,out "
      "partition=1min,forever down=5s,100ms,every:1s");
  ASSERT_TRUE(faults) << faults.error();
  EXPECT_EQ(faults->loss, percent(5));
  EXPECT_EQ(faults->burst, (BurstLoss{percent(1), percent(30), percent(50)}));
  EXPECT_EQ(faults->delay, 20ms);
  EXPECT_EQ(faults->jitter, 5ms);
  EXPECT_EQ(faults->reorder, percent(1));
  EXPECT_EQ(faults->reorder_delay, 2ms);
  EXPECT_EQ(faults->duplicate, per_mille(5));
  EXPECT_EQ(faults->corrupt, per_mille(1));
  EXPECT_EQ(faults->rate_bps, 10'000'000u);
  EXPECT_EQ(faults->queue, 32u);
  EXPECT_EQ(faults->mtu, 1400u);
  EXPECT_EQ(faults->partitions, (std::vector<Outage>{{2s, 10s, 0s, Way::out}, {1min, forever}}));
  EXPECT_EQ(faults->downs, (std::vector<Outage>{{5s, 100ms, 1s}}));
}

TEST(FaultText, IsWrittenSoThatItReadsBack) {
  const char* const texts[] = {
      "",
      "loss=5%",
      "rate=unlimited",
      "burst=1%,30%,50%",
      "partition=2s,10s,in",
      "delay=20ms jitter=5ms rate=9600bit queue=3 mtu=576 down=1s,1s,every:3s"};
  for (const char* text : texts) {
    const auto faults = parse_faults(text);
    ASSERT_TRUE(faults) << faults.error();
    EXPECT_EQ(format_faults(*faults), text);
    EXPECT_EQ(*parse_faults(format_faults(*faults)), *faults);
  }
}

TEST(FaultText, AddsToItsBase) {
  const auto faults = parse_faults("loss=5%", Faults{.delay = 20ms});
  ASSERT_TRUE(faults);
  EXPECT_EQ(faults->delay, 20ms);
  EXPECT_EQ(faults->loss, percent(5));
}

struct Mistake {
  const char* text;
  const char* says;
};

TEST(FaultText, RefusesNonsenseAndNamesWhatIsAllowed) {
  const Mistake mistakes[] = {
      {"loss=101%", "0% to 100%"},
      {"loss=5", "0% to 100%"},
      {"loss=-1%", "0% to 100%"},
      {"loss=0.00000001%", "seven decimals"},
      {"lose=5%", "unknown fault 'lose': allowed are loss, burst"},
      {"loss", "NAME=VALUE"},
      {"loss=", "NAME=VALUE"},
      {"=5%", "NAME=VALUE"},
      {"loss=1% loss=2%", "set twice"},
      {"delay=20", "ns, us, ms, s, min, h or d"},
      {"delay=2h", "0s to 1h"},
      {"rate=0Mbit", "1kbit to 1000Gbit"},
      {"rate=10MB", "bit, kbit, Mbit, Gbit"},
      {"rate=2000Gbit", "1kbit to 1000Gbit"},
      {"queue=0", "1 to 1000000 frames"},
      {"queue=1.5", "1 to 1000000 frames"},
      {"mtu=67", "68 to 1986"},
      {"mtu=9000", "68 to 1986"},
      {"burst=1%", "ENTER,LEAVE"},
      {"burst=1%,0%", "never ends"},
      {"reorder-delay=0s", "1ns to 1h"},
      {"partition=2s", "AT,LENGTH"},
      {"partition=2s,0s", "AT,LENGTH"},
      {"partition=2s,3s,every:2s", "PERIOD"},
      {"partition=2s,3s,sideways", "out|in"},
      {"partition=2s,3s,", "AT,LENGTH"},
      {"down=2s,3s,out", "both ways"},
      {"rate=unlimited queue=5", "contradicts"},
  };
  for (const Mistake& mistake : mistakes) {
    const auto faults = parse_faults(mistake.text);
    ASSERT_FALSE(faults) << mistake.text;
    EXPECT_NE(faults.error().find(mistake.says), std::string::npos)
        << mistake.text << ": " << faults.error();
  }
}

TEST(FaultText, ASettingThatIsRefusedChangesNothing) {
  Faults faults;
  EXPECT_FALSE(set_fault(faults, "queue", "0"));
  EXPECT_EQ(faults, Faults{});
  EXPECT_TRUE(set_fault(faults, "queue", "7"));
  EXPECT_EQ(faults.queue, 7u);
}

TEST(FaultText, EveryListedSettingIsKnown) {
  for (const FaultSetting& setting : fault_settings()) {
    Faults faults;
    const auto result = set_fault(faults, setting.name, "nonsense");
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().find("unknown fault"), std::string::npos) << result.error();
  }
}

TEST(FaultText, OutagesEndBeforeTheirEnd) {
  const Outage once{2s, 10s};
  EXPECT_FALSE(once.covers(2s - 1ns, Way::out));
  EXPECT_TRUE(once.covers(2s, Way::out));
  EXPECT_TRUE(once.covers(12s - 1ns, Way::in));
  EXPECT_FALSE(once.covers(12s, Way::out));
  const Outage again{2s, 1s, 5s, Way::in};
  EXPECT_TRUE(again.covers(7s, Way::in));
  EXPECT_FALSE(again.covers(7s, Way::out));
  EXPECT_FALSE(again.covers(8s, Way::in));
  EXPECT_TRUE((Outage{1s, forever}).covers(240h, Way::out));
}

}  // namespace
}  // namespace host_sim
