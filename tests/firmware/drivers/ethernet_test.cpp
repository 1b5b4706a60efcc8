// The drivers of ST's Ethernet against models of their chips: one suite, both chips.
#include "station.hpp"
#include "stm32f7_model.hpp"
#include "stm32h7_model.hpp"

namespace firmware::model {

Frame make_frame(const drivers::MacAddress& to, std::size_t size, unsigned number) {
  Frame frame(size);
  for (std::size_t i = 0; i < size; ++i) frame[i] = static_cast<std::uint8_t>(31 * number + 7 * i);
  std::copy(to.begin(), to.end(), frame.begin());
  frame[12] = static_cast<std::uint8_t>(number);
  frame[13] = static_cast<std::uint8_t>(number >> 8);
  return frame;
}

template <class Chip>
class StEthernet : public Station<Chip> {};

struct ChipNames {
  template <class Chip>
  static std::string GetName(int) {
    return std::is_same_v<Chip, Stm32f7Model> ? "Stm32f7" : "Stm32h7";
  }
};
using Chips = testing::Types<Stm32f7Model, Stm32h7Model>;
TYPED_TEST_SUITE(StEthernet, Chips, ChipNames);

// ---- receiving

TYPED_TEST(StEthernet, FrameInterruptsAndIsTakenWhole) {
  ASSERT_TRUE(this->start());
  for (const std::size_t size : {60u, 61u, 62u, 63u, 255u, 257u, 1513u, 1514u}) {
    const Frame frame = this->to_us(size, static_cast<unsigned>(size));
    this->chip.receive(frame);
    EXPECT_TRUE(this->chip.interrupt());
    this->serve_interrupts();
    ASSERT_EQ(this->taken.size(), 1u) << size;
    EXPECT_EQ(this->taken[0], frame) << size;
    this->taken.clear();
  }
  EXPECT_EQ(this->driver.counters().received, 8u);
}

TYPED_TEST(StEthernet, FrameThatComesWhileMaskedInterruptsAfterwards) {
  ASSERT_TRUE(this->start());
  this->driver.mask();
  this->chip.receive(this->to_us(100, 1));
  EXPECT_FALSE(this->chip.interrupt());
  this->driver.unmask();
  EXPECT_TRUE(this->chip.interrupt());
  this->serve_interrupts();
  EXPECT_EQ(this->taken.size(), 1u);
}

TYPED_TEST(StEthernet, FrameThatComesAfterAcknowledgeIsNotForgotten) {
  ASSERT_TRUE(this->start());
  this->chip.receive(this->to_us(100, 1));
  this->driver.mask();
  this->driver.acknowledge();
  ASSERT_EQ(this->driver.begin_receive(), 100u);
  this->driver.finish_receive();
  EXPECT_EQ(this->driver.begin_receive(), 0u);
  this->chip.receive(this->to_us(101, 2));  // between the last look and unmask()
  this->driver.unmask();
  EXPECT_TRUE(this->chip.interrupt());
  this->serve_interrupts();
  EXPECT_EQ(this->taken.size(), 1u);
}

TYPED_TEST(StEthernet, BurstThatFillsTheRingLosesNothing) {
  ASSERT_TRUE(this->start());
  for (unsigned round = 0; round < 5; ++round) {
    for (unsigned i = 0; i < TypeParam::rx_capacity; ++i) {
      this->chip.receive(this->to_us(1514, 100 * round + i));
    }
    this->serve_interrupts();
    ASSERT_EQ(this->taken.size(), TypeParam::rx_capacity);
    for (unsigned i = 0; i < TypeParam::rx_capacity; ++i) {
      EXPECT_EQ(this->taken[i], this->to_us(1514, 100 * round + i));
    }
    this->taken.clear();
  }
  EXPECT_EQ(this->driver.counters().missed, 0u);
}

TYPED_TEST(StEthernet, FramesBeyondTheRingAreMissedCountedAndReceptionGoesOn) {
  ASSERT_TRUE(this->start());
  for (unsigned i = 0; i < TypeParam::rx_capacity + 3; ++i) {
    this->chip.receive(this->to_us(60, i));
  }
  this->serve_interrupts();
  EXPECT_EQ(this->taken.size(), TypeParam::rx_capacity);
  EXPECT_EQ(this->driver.counters().missed, 3u);
  this->chip.receive(this->to_us(60, 99));
  this->serve_interrupts();
  ASSERT_EQ(this->taken.size(), TypeParam::rx_capacity + 1);
  EXPECT_EQ(this->taken.back(), this->to_us(60, 99));
}

TYPED_TEST(StEthernet, RingWrapsForEver) {
  ASSERT_TRUE(this->start());
  for (unsigned i = 0; i < 500; ++i) {
    this->chip.receive(this->to_us(60 + i % 1455, i));
    if (i % 3 == 0) this->serve_interrupts();
  }
  this->serve_interrupts();
  ASSERT_EQ(this->taken.size(), 500u);
  for (unsigned i = 0; i < 500; ++i) ASSERT_EQ(this->taken[i], this->to_us(60 + i % 1455, i)) << i;
}

TYPED_TEST(StEthernet, RestOfAFrameMayBeDropped) {
  ASSERT_TRUE(this->start());
  this->chip.receive(this->to_us(1000, 1));
  this->chip.receive(this->to_us(70, 2));
  this->driver.acknowledge();
  ASSERT_EQ(this->driver.begin_receive(), 1000u);
  std::uint8_t some[10];
  this->driver.read(some, sizeof some);
  this->driver.finish_receive();
  ASSERT_EQ(this->driver.begin_receive(), 70u);
  this->driver.finish_receive();
  EXPECT_EQ(this->driver.begin_receive(), 0u);
}

TYPED_TEST(StEthernet, OwnBroadcastAndMulticastComeInAndOthersDoNot) {
  ASSERT_TRUE(this->start());
  const drivers::MacAddress all{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
  const drivers::MacAddress group{0x33, 0x33, 0, 0, 0, 1};
  drivers::MacAddress neighbour = this->own;
  for (std::size_t i = 0; i < neighbour.size(); ++i) {
    neighbour = this->own;
    neighbour[i] ^= 0x10;
    this->chip.receive(make_frame(neighbour, 60, 1));
  }
  this->serve_interrupts();
  EXPECT_TRUE(this->taken.empty());
  this->chip.receive(make_frame(all, 60, 2));
  this->chip.receive(make_frame(group, 60, 3));
  this->serve_interrupts();
  EXPECT_EQ(this->taken.size(), 2u);
}

TYPED_TEST(StEthernet, MissedByTheQueueIsCounted) {
  ASSERT_TRUE(this->start());
  this->chip.overrun(7);
  this->chip.receive(this->to_us(60, 1));
  this->serve_interrupts();
  EXPECT_EQ(this->driver.counters().missed, 7u);
}

// ---- frames that make no sense

TYPED_TEST(StEthernet, DamagedFramesAreDroppedAndCounted) {
  ASSERT_TRUE(this->start());
  for (unsigned i = 0; i < 40; ++i) {
    this->chip.receive(this->to_us(200, i), i % 2 ? Damage::checksum : Damage::none);
    this->serve_interrupts();
  }
  EXPECT_EQ(this->taken.size(), 20u);
  EXPECT_EQ(this->driver.counters().damaged, 20u);
}

TYPED_TEST(StEthernet, OversizedFramesAreDroppedAndCountedOnceEach) {
  ASSERT_TRUE(this->start());
  unsigned count = 0;
  // One buffer holds 1532 bytes and the checksum; the MAC cuts at 2048.
  for (const std::size_t size : {1515u, 1518u, 1532u, 1533u, 1600u, 2044u, 2045u, 9000u}) {
    for (int i = 0; i < 20; ++i) {
      this->chip.receive(this->to_us(size, ++count));
      this->serve_interrupts();
    }
    EXPECT_EQ(this->driver.counters().damaged, count) << size;
  }
  EXPECT_TRUE(this->taken.empty());
  this->chip.receive(this->to_us(1514, 1));
  this->serve_interrupts();
  EXPECT_EQ(this->taken.size(), 1u);
  EXPECT_EQ(this->driver.counters().missed, 0u);
}

TYPED_TEST(StEthernet, ShortFramesDoNotArrive) {
  ASSERT_TRUE(this->start());
  for (std::size_t size = 14; size < 60; ++size) this->chip.receive(this->to_us(size, 1));
  this->serve_interrupts();
  EXPECT_TRUE(this->taken.empty());
}

// ---- sending

TYPED_TEST(StEthernet, FramesLeaveAsTheyWereWritten) {
  ASSERT_TRUE(this->start());
  for (unsigned i = 0; i < 200; ++i) {
    ASSERT_TRUE(this->send(this->from_us(60 + 7 * i, i)));
    this->let_time_pass(50);
  }
  ASSERT_EQ(this->chip.sent.size(), 200u);
  for (unsigned i = 0; i < 200; ++i) ASSERT_EQ(this->chip.sent[i], this->from_us(60 + 7 * i, i));
  EXPECT_EQ(this->driver.counters().sent, 200u);
}

TYPED_TEST(StEthernet, BurstWaitsForRoomAndLosesNothing) {
  ASSERT_TRUE(this->start());
  this->chip.ticks_per_frame = 3000;  // a frame at 10 Mbit/s, some
  for (unsigned i = 0; i < 50; ++i) ASSERT_TRUE(this->send(this->from_us(1514, i))) << i;
  this->let_time_pass(100'000);
  ASSERT_EQ(this->chip.sent.size(), 50u);
  for (unsigned i = 0; i < 50; ++i) ASSERT_EQ(this->chip.sent[i], this->from_us(1514, i));
}

TYPED_TEST(StEthernet, StuckTransmitterRefusesFramesAndGoesOnLater) {
  ASSERT_TRUE(this->start());
  this->chip.ticks_per_frame = 100'000'000;
  this->let_time_pass(1);
  for (unsigned i = 0; i < TypeParam::tx_capacity; ++i) {
    ASSERT_TRUE(this->send(this->from_us(100, i))) << i;
  }
  EXPECT_FALSE(this->send(this->from_us(100, 99)));
  EXPECT_FALSE(this->send(this->from_us(100, 99)));
  EXPECT_EQ(this->driver.counters().unsent, 2u);
  this->chip.ticks_per_frame = 20;
  this->let_time_pass();
  ASSERT_TRUE(this->send(this->from_us(100, 100)));
  this->let_time_pass();
  ASSERT_EQ(this->chip.sent.size(), TypeParam::tx_capacity + 1);
  EXPECT_EQ(this->chip.sent.back(), this->from_us(100, 100));
}

TYPED_TEST(StEthernet, FramesThatTheMacGivesUpAreCounted) {
  ASSERT_TRUE(this->start());
  this->chip.spoils_frames = true;
  ASSERT_TRUE(this->send(this->from_us(100, 1)));
  this->let_time_pass();
  this->chip.spoils_frames = false;
  for (unsigned i = 0; i < drivers::dma_tx_count; ++i) {
    ASSERT_TRUE(this->send(this->from_us(100, i)));
    this->let_time_pass();
  }
  EXPECT_EQ(this->driver.counters().unsent, 1u);
  EXPECT_EQ(this->chip.sent.size(), drivers::dma_tx_count);
}

TYPED_TEST(StEthernet, TooLongFrameIsRefused) {
  ASSERT_TRUE(this->start());
  EXPECT_FALSE(this->driver.begin_send(1515));
  EXPECT_EQ(this->driver.counters().unsent, 1u);
}

// ---- the link

TYPED_TEST(StEthernet, CableOutAndIn) {
  ASSERT_TRUE(this->start());
  this->chip.phy.set_cable(false);
  EXPECT_FALSE(this->driver.link_is_up());
  ASSERT_TRUE(this->send(this->from_us(60, 1)));  // goes nowhere, and stops nothing
  this->chip.receive(this->to_us(60, 1));
  this->let_time_pass();
  this->serve_interrupts();
  EXPECT_TRUE(this->taken.empty());
  this->chip.phy.set_cable(true);
  EXPECT_TRUE(this->driver.link_is_up());
  ASSERT_TRUE(this->send(this->from_us(60, 2)));
  this->chip.receive(this->to_us(60, 2));
  this->let_time_pass();
  this->serve_interrupts();
  ASSERT_EQ(this->chip.sent.size(), 1u);
  EXPECT_EQ(this->chip.sent[0], this->from_us(60, 2));
  EXPECT_EQ(this->taken.size(), 1u);
}

TYPED_TEST(StEthernet, MacFollowsThePartnersSpeedAndDuplex) {
  ASSERT_TRUE(this->start());
  unsigned count = 0;
  for (const bool is_fast : {false, true}) {
    for (const bool is_full_duplex : {false, true}) {
      this->chip.phy.set_cable(false);
      EXPECT_FALSE(this->driver.link_is_up());
      this->chip.phy.set_cable(true, is_fast, is_full_duplex);
      EXPECT_TRUE(this->driver.link_is_up());
      this->chip.receive(this->to_us(60, ++count));
      this->serve_interrupts();
      EXPECT_EQ(this->taken.size(), count);
      ASSERT_TRUE(this->send(this->from_us(60, count)));
      this->let_time_pass();
      EXPECT_EQ(this->chip.sent.size(), count);
    }
  }
}

TYPED_TEST(StEthernet, OwnBroadcastsDoNotComeBackFromASharedMedium) {
  ASSERT_TRUE(this->start());
  this->chip.phy.set_cable(false);
  EXPECT_FALSE(this->driver.link_is_up());
  this->chip.phy.set_cable(true, false, false);
  EXPECT_TRUE(this->driver.link_is_up());
  ASSERT_TRUE(this->send(make_frame({0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}, 60, 1)));
  this->let_time_pass();
  this->serve_interrupts();
  EXPECT_EQ(this->chip.sent.size(), 1u);
  EXPECT_TRUE(this->taken.empty());
}

// ---- what may be wrong with the hardware

TYPED_TEST(StEthernet, NoPhyIsNoChip) {
  this->chip.phy.answers = false;
  EXPECT_FALSE(this->start());
}

TYPED_TEST(StEthernet, NoClockFromThePhyIsNoChip) {
  this->chip.has_clock = false;
  EXPECT_FALSE(this->start());
}

TYPED_TEST(StEthernet, BusErrorTakesTheLinkDownOnceAndTheChipStartsAnew) {
  ASSERT_TRUE(this->start());
  this->chip.receive(this->to_us(60, 1));
  ASSERT_TRUE(this->send(this->from_us(60, 1)));
  this->chip.break_bus();
  EXPECT_TRUE(this->chip.interrupt());
  this->serve_interrupts();
  EXPECT_TRUE(this->link_changed);
  EXPECT_EQ(this->driver.counters().restarts, 1u);
  EXPECT_FALSE(this->send(this->from_us(60, 2)));
  EXPECT_FALSE(this->driver.link_is_up());
  EXPECT_TRUE(this->driver.link_is_up());
  this->taken.clear();
  this->chip.sent.clear();
  for (unsigned i = 0; i < 100; ++i) {
    this->chip.receive(this->to_us(600, i));
    this->serve_interrupts();
    ASSERT_TRUE(this->send(this->from_us(600, i)));
    this->let_time_pass(100);
  }
  ASSERT_EQ(this->taken.size(), 100u);
  EXPECT_EQ(this->taken[99], this->to_us(600, 99));
  EXPECT_EQ(this->chip.sent.size(), 100u);
}

TYPED_TEST(StEthernet, ChipThatStaysDeadKeepsTheLinkDown) {
  ASSERT_TRUE(this->start());
  this->chip.break_bus();
  this->serve_interrupts();
  this->chip.has_clock = false;
  EXPECT_FALSE(this->driver.link_is_up());
  EXPECT_FALSE(this->driver.link_is_up());
  EXPECT_EQ(this->driver.begin_receive(), 0u);
  this->chip.has_clock = true;
  EXPECT_TRUE(this->driver.link_is_up());
}

// ---- memory that will not do, and orders that the chip does not forgive

TYPED_TEST(StEthernet, MemoryOutOfTheDmasReachIsABusError) {
  this->chip.place(0x20000000, MemoryKind::unreachable);
  ASSERT_TRUE(this->start());
  this->chip.receive(this->to_us(60, 1));
  this->serve_interrupts();
  EXPECT_TRUE(this->taken.empty());
  EXPECT_EQ(this->driver.counters().restarts, 1u);
  const auto faults = this->expect_faults();
  ASSERT_FALSE(faults.empty());
  EXPECT_EQ(faults[0], "the DMA cannot reach the memory it was given");
}

TYPED_TEST(StEthernet, UnalignedMemoryIsABusError) {
  this->chip.place(0x30040002, MemoryKind::uncached);
  ASSERT_TRUE(this->start());
  this->chip.receive(this->to_us(60, 1));
  this->serve_interrupts();
  EXPECT_EQ(this->driver.counters().restarts, 1u);
  const auto faults = this->expect_faults();
  ASSERT_FALSE(faults.empty());
  EXPECT_EQ(faults[0], "the DMA was given an address that is not aligned");
}

TYPED_TEST(StEthernet, InCachedMemoryNothingArrives) {
  this->chip.place(0x24000000, MemoryKind::cached);
  ASSERT_TRUE(this->start());
  this->chip.receive(this->to_us(60, 1));
  this->send(this->from_us(60, 1));
  this->let_time_pass();
  this->serve_interrupts();
  EXPECT_TRUE(this->taken.empty());
  EXPECT_TRUE(this->chip.sent.empty());
  this->expect_faults();
}

TYPED_TEST(StEthernet, ModelRefusesWrongOrders) {
  this->chip.store(TypeParam::config_register, 1u << 15);
  EXPECT_EQ(this->expect_faults(), std::vector<std::string>{"a store before the reset is over"});
  ASSERT_TRUE(this->start());
  this->chip.store(TypeParam::list_register, 0x30040000);
  EXPECT_EQ(this->expect_faults(), std::vector<std::string>{"the ring moved under a running DMA"});
  this->chip.store(TypeParam::config_register, 0);
  EXPECT_EQ(this->expect_faults(),
            std::vector<std::string>{"MAC configuration: bit 15 must stay one"});
  this->driver.read_phy(1);
  const std::uint32_t access = this->chip.load(TypeParam::phy_register);
  this->chip.store(TypeParam::phy_register, access);
  this->chip.store(TypeParam::phy_register, access);
  EXPECT_EQ(this->expect_faults(),
            std::vector<std::string>{"a PHY access while another is under way"});
}

// ---- everything at once

TYPED_TEST(StEthernet, AnyMixtureKeepsOrderAndLosesNothingUncounted) {
  ASSERT_TRUE(this->start());
  std::uint64_t state = 1;
  const auto pick = [&state](std::uint32_t count) {
    state = state * 6364136223846793005 + 1442695040888963407;
    return static_cast<std::uint32_t>(state >> 33) % count;
  };
  unsigned sent = 0;
  std::uint32_t bad = 0, good = 0;
  for (unsigned step = 0; step < 20'000; ++step) {
    switch (pick(6)) {
      case 0:
      case 1: this->chip.receive(this->to_us(60 + pick(1455), good++)); break;
      case 2:
        this->chip.receive(this->to_us(1515 + pick(1000), step));
        ++bad;
        break;
      case 3:
        this->chip.receive(this->to_us(60 + pick(1455), step), Damage::checksum);
        ++bad;
        break;
      case 4: this->serve_interrupts(); break;
      case 5: ASSERT_TRUE(this->send(this->from_us(60 + pick(1455), sent++))); break;
    }
  }
  this->let_time_pass();
  this->serve_interrupts();
  this->serve();
  const drivers::EthernetCounters counters = this->driver.counters();
  EXPECT_EQ(counters.received, this->taken.size());
  EXPECT_EQ(counters.received + counters.damaged + counters.missed, good + bad);
  EXPECT_EQ(this->chip.sent.size(), sent);
  EXPECT_GT(this->taken.size(), good / 2);
  for (std::size_t i = 1; i < this->taken.size(); ++i) {
    const auto number = [](const Frame& frame) { return frame[12] | frame[13] << 8; };
    ASSERT_LT(number(this->taken[i - 1]), number(this->taken[i])) << i;
  }
}

}  // namespace firmware::model
