// Packet rules, their verdicts and their guards.
#include "wire.hpp"

namespace host_sim {
namespace {

Rule always(Verdict verdict) {
  return [verdict](const Packet&) { return verdict; };
}

TEST(Rule, DropHoldsUntilItsGuardGoes) {
  Wire wire;
  {
    const RuleGuard guard = wire.link.add_rule(Way::out, always(Verdict::drop()));
    wire.left.send(frame_of(60));
    wire.right.send(frame_of(60));
    wire.run();
    EXPECT_TRUE(wire.at_right.empty());
    EXPECT_EQ(wire.at_left.size(), 1u);
  }
  wire.left.send(frame_of(60));
  wire.run();
  EXPECT_EQ(wire.at_right.size(), 1u);
  EXPECT_EQ(wire.link.counters(Way::out).dropped, 1u);
}

TEST(Rule, DelayLetsOthersOvertake) {
  Wire wire({.delay = 1ms, .rate_bps = 0});
  const RuleGuard guard = wire.link.add_rule(Way::out, [](const Packet& packet) {
    return packet.payload[0] == 0 ? Verdict::delay(5ms) : Verdict::pass();
  });
  wire.send(2, 1ms);
  wire.run();
  ASSERT_EQ(wire.at_right.size(), 2u);
  EXPECT_EQ(wire.at_right[0].frame[14], 1);
  EXPECT_EQ(wire.at_right[0].at, 2ms);
  EXPECT_EQ(wire.at_right[1].at, 6ms);
}

TEST(Rule, DuplicateMakesSoManyCopies) {
  Wire wire;
  const RuleGuard guard = wire.link.add_rule(Way::out, always(Verdict::duplicate(3)));
  wire.left.send(frame_of(60));
  wire.run();
  EXPECT_EQ(wire.at_right.size(), 4u);
}

TEST(Rule, CorruptTurnsSoManyBits) {
  Wire wire;
  const RuleGuard guard = wire.link.add_rule(Way::out, always(Verdict::corrupt(7)));
  const auto sent = frame_of(60);
  wire.left.send(sent);
  wire.run();
  int bits = 0;
  for (size_t at = 0; at < sent.size(); ++at) {
    bits += std::popcount(static_cast<unsigned>(sent[at] ^ wire.at_right[0].frame[at]));
  }
  EXPECT_EQ(bits, 7);
}

TEST(Rule, TheFirstVerdictButPassHolds) {
  Wire wire;
  int asked = 0;
  const RuleGuard first = wire.link.add_rule(Way::out, always(Verdict::pass()));
  const RuleGuard second = wire.link.add_rule(Way::out, always(Verdict::drop()));
  const RuleGuard third = wire.link.add_rule(Way::out, [&](const Packet&) {
    ++asked;
    return Verdict::pass();
  });
  wire.left.send(frame_of(60));
  wire.run();
  EXPECT_TRUE(wire.at_right.empty());
  EXPECT_EQ(asked, 0);
}

TEST(Rule, MayLiftItself) {
  Wire wire;
  RuleGuard guard;
  guard = wire.link.add_rule(Way::out, [&](const Packet&) {
    guard.lift();
    return Verdict::drop();
  });
  wire.send(3, 1ms);
  wire.run();
  EXPECT_EQ(wire.at_right.size(), 2u);
}

TEST(Rule, KeptRuleStaysAndGuardOutlivesItsSimulation) {
  RuleGuard guard;
  {
    Wire wire;
    wire.link.add_rule(Way::out, always(Verdict::drop())).keep();
    guard = wire.link.add_rule(Way::in, always(Verdict::drop()));
    wire.left.send(frame_of(60));
    wire.run();
    EXPECT_TRUE(wire.at_right.empty());
  }
  guard.lift();
}

}  // namespace
}  // namespace host_sim
