// The scheduler by itself: order, timers, errno, floats, stacks, livelocks and the seed.
#include "coop/kernel/kernel.hpp"

#include <cerrno>
#include <cfenv>
#include <cstring>
#include <set>

#include "kernel_fixture.hpp"

namespace coop = twinsock::coop;
using coop_test::call_guarded;
using coop_test::fake_port;
using Kernel = coop_test::KernelTest;

TEST_F(Kernel, EqualPrioritiesRunInOrderOfCreation) {
  for (const char* name : {"a", "b", "c"}) spawn(name, 1, [this, name] { note(name); });
  run_all();
  EXPECT_EQ(notes, "a b c");
}

TEST_F(Kernel, HigherPriorityRunsFirst) {
  spawn("low", 0, [this] { note("low"); });
  spawn("high", 3, [this] { note("high"); });
  spawn("middle", 2, [this] { note("middle"); });
  run_all();
  EXPECT_EQ(notes, "high middle low");
}

TEST_F(Kernel, YieldGoesBehindEqualsOnly) {
  for (const char* name : {"a", "b"}) {
    spawn(name, 1, [this, name] {
      note(std::string(name) + "1");
      coop::yield();
      note(std::string(name) + "2");
    });
  }
  spawn("low", 0, [this] { note("low"); });
  run_all();
  EXPECT_EQ(notes, "a1 b1 a2 b2 low");
}

TEST_F(Kernel, WokenThreadWaitsUntilTheWakerWaits) {
  coop::WaitQueue queue;
  spawn("urgent", 3, [&] {
    coop::wait(queue, coop::forever);
    note("urgent");
  });
  spawn("waker", 1, [&] {
    coop::wake_one(queue);
    note("waker");
  });
  run_all();
  EXPECT_EQ(notes, "waker urgent");
}

TEST_F(Kernel, GiveWayLetsOnlyTheMoreUrgentThrough) {
  coop::WaitQueue queue;
  spawn("urgent", 3, [&] {
    coop::wait(queue, coop::forever);
    note("urgent");
  });
  spawn("worker", 1, [&] {
    note("begin");
    coop::give_way();
    coop::wake_one(queue);
    coop::give_way();
    note("end");
  });
  spawn("equal", 1, [this] { note("equal"); });
  run_all();
  EXPECT_EQ(notes, "begin urgent end equal");
}

TEST_F(Kernel, SleepEndsAtTheMicrosecond) {
  spawn("sleeper", 1, [this] {
    coop::sleep_until(1);
    note(std::to_string(coop::now_us()));
    coop::sleep_until(5'000'000'001);
    note(std::to_string(coop::now_us()));
  });
  EXPECT_EQ(coop::run(), 1u);
  fake_port.now_us = 1;
  EXPECT_EQ(coop::run(), 5'000'000'001u);
  fake_port.now_us = 5'000'000'000;
  EXPECT_EQ(coop::run(), 5'000'000'001u);
  EXPECT_EQ(notes, "1");
  fake_port.now_us = 5'000'000'001;
  EXPECT_EQ(coop::run(), coop::forever);
  EXPECT_EQ(notes, "1 5000000001");
}

TEST_F(Kernel, SleepIntoThePastLetsOthersRun) {
  fake_port.now_us = 100;
  spawn("a", 1, [this] {
    note("a1");
    coop::sleep_until(50);
    note("a2");
  });
  spawn("b", 1, [this] { note("b"); });
  EXPECT_EQ(coop::run(), coop::forever);
  EXPECT_EQ(notes, "a1 b a2");
}

TEST_F(Kernel, TimersGoOffInOrderOfTimeThenOfArming) {
  struct Named : coop::Timer {
    char name;
    std::string* notes;
  };
  Named timers[5];
  const std::uint64_t at[5] = {30, 10, 20, 10, 40};
  for (int i = 0; i < 5; ++i) {
    timers[i].name = static_cast<char>('a' + i);
    timers[i].notes = &notes;
    timers[i].expired = [](coop::Timer& timer) {
      auto& self = static_cast<Named&>(timer);
      *self.notes += self.name;
    };
    coop::arm(timers[i], at[i]);
  }
  coop::disarm(timers[4]);
  coop::disarm(timers[4]);
  run_all();
  EXPECT_EQ(notes, "bdca");
  EXPECT_EQ(fake_port.now_us, 30u);
}

TEST_F(Kernel, TimerArmedAgainIsMoved) {
  static std::uint64_t seen = 0;
  coop::Timer timer;
  timer.expired = [](coop::Timer&) { seen = fake_port.now_us; };
  coop::arm(timer, 10);
  coop::arm(timer, 70);
  EXPECT_EQ(coop::run(), 70u);
  run_all();
  EXPECT_EQ(seen, 70u);
  EXPECT_FALSE(timer.armed);
}

TEST_F(Kernel, ErrnoBelongsToTheThread) {
  for (const int value : {EAGAIN, ECONNRESET, 0}) {
    spawn("thread", 1, [value] {
      EXPECT_EQ(errno, 0);
      errno = value;
      for (int i = 0; i < 3; ++i) {
        coop::yield();
        EXPECT_EQ(errno, value);
      }
      coop::sleep_until(coop::now_us() + 5);
      EXPECT_EQ(errno, value);
    });
  }
  run_all();
}

TEST_F(Kernel, FloatsAndRoundingSurviveSwitches) {
  static volatile double one = 1.0, three = 3.0;
  std::set<double> thirds;
  for (const int rounding : {FE_TONEAREST, FE_UPWARD}) {
    spawn("thread", 1, [rounding, &thirds] {
      std::fesetround(rounding);
      volatile double seed = rounding + 1.0;
      double a = seed * 1.5, b = seed * 2.5, c = seed * 3.5, d = seed * 4.5;
      const double third = one / three;
      for (int i = 0; i < 4; ++i) {
        coop::yield();
        EXPECT_EQ(one / three, third);
        EXPECT_EQ(std::fegetround(), rounding);
      }
      EXPECT_EQ(a + b + c + d, seed * 12.0);
      thirds.insert(third);
    });
  }
  run_all();
  EXPECT_EQ(thirds.size(), 2u);
  EXPECT_EQ(std::fegetround(), FE_TONEAREST);
}

TEST_F(Kernel, EndedThreadCanBeStartedAgain) {
  coop::Thread& first = spawn("first", 1, [this] {
    volatile char scratch[4096];
    std::memset(const_cast<char*>(scratch), 0x55, sizeof scratch);
    note("one");
  });
  run_all();
  EXPECT_EQ(first.state, coop::ThreadState::ended);
  respawn(first, [this] { note("two"); });
  run_all();
  EXPECT_EQ(notes, "one two");
  EXPECT_EQ(coop::threads(), &first);
  EXPECT_EQ(first.next_created, nullptr);
}

TEST_F(Kernel, ThreadsAreListedInOrderWithTheirStates) {
  coop::WaitQueue queue;
  spawn("ends", 1, [] {});
  spawn("waits", 1, [&] { coop::wait(queue, coop::forever); });
  run_all();
  spawn("ready", 1, [] {});
  std::string listed;
  for (const coop::Thread* thread = coop::threads(); thread; thread = thread->next_created) {
    listed += std::string(thread->name) + std::to_string(static_cast<int>(thread->state)) + " ";
  }
  EXPECT_EQ(listed, "ends4 waits3 ready1 ");
  EXPECT_EQ(coop::current(), nullptr);
}

// ---- stacks

namespace {

__attribute__((noinline)) int fill_stack(int levels) {
  volatile char frame[1024];
  std::memset(const_cast<char*>(frame), 0xEE, sizeof frame);
  const int below = levels > 0 ? fill_stack(levels - 1) : 0;
  return below + frame[levels % 1024];
}

}  // namespace

TEST_F(Kernel, OverrunStackIsNamedAtTheNextSwitch) {
  spawn("innocent", 1, [this] {
    coop::yield();
    note("innocent went on");
  });
  spawn(
      "culprit", 1,
      [this] {
        fill_stack(66);  // 66 KB and more on 64
        coop::yield();
        note("culprit went on");
      },
      64 * 1024);
  run_all();
  EXPECT_EQ(fake_port.panic, "stack overflow (thread culprit)");
  EXPECT_EQ(notes, "");
  EXPECT_TRUE(coop::halted());
  EXPECT_EQ(coop::run(), coop::forever);
}

TEST_F(Kernel, HighWaterMarkFollowsTheDeepestCall) {
  coop::Thread* shallow = &spawn("shallow", 1, [] { coop::yield(); });
  coop::Thread* deep = &spawn("deep", 1, [] { fill_stack(40); });
  run_all();
  EXPECT_GT(coop::stack_highest(*shallow), 0u);
  EXPECT_LT(coop::stack_highest(*shallow), 16u * 1024);
  EXPECT_GE(coop::stack_highest(*deep), 40u * 1024);
  EXPECT_LT(coop::stack_highest(*deep), stack_size);
  respawn(*deep, [] {});
  run_all();
  EXPECT_LT(coop::stack_highest(*deep), 16u * 1024);
}

// ---- livelocks and misuse

TEST_F(Kernel, ThreadsThatOnlyYieldAreALivelock) {
  start({.livelock_limit = 1000});
  spawn("ping", 1, [] {
    for (;;) coop::yield();
  });
  spawn("pong", 1, [] {
    for (;;) coop::yield();
  });
  run_all();
  EXPECT_EQ(fake_port.panic.find("livelock"), 0u) << fake_port.panic;
  EXPECT_NE(fake_port.panic.find("(thread p"), std::string::npos) << fake_port.panic;
}

TEST_F(Kernel, ThreadThatOnlyPollsIsALivelockAndNamed) {
  start({.livelock_limit = 1000});
  spawn("good", 2, [] { coop::sleep_until(10); });
  spawn("poller", 1, [] {
    for (;;) coop::poll();
  });
  run_all();
  EXPECT_NE(fake_port.panic.find("(thread poller)"), std::string::npos) << fake_port.panic;
}

TEST_F(Kernel, WorkThatTakesTimeIsNoLivelock) {
  start({.livelock_limit = 100});
  spawn("worker", 1, [] {
    for (std::uint64_t i = 1; i <= 1000; ++i) {
      for (int j = 0; j < 50; ++j) coop::poll();
      coop::sleep_until(i);
    }
  });
  run_all();
  EXPECT_EQ(fake_port.panic, "");
  EXPECT_EQ(fake_port.now_us, 1000u);
}

TEST_F(Kernel, WaitOutsideOfAThreadIsAPanic) {
  coop::Semaphore semaphore;
  call_guarded([&] { semaphore.wait(coop::forever); });
  EXPECT_EQ(fake_port.panic, "a wait outside of a thread (thread none)");
}

TEST_F(Kernel, UnusableStackIsAPanic) {
  coop::Thread thread;
  call_guarded([&] {
    coop::create(
        thread, "thread", {nullptr, 1024}, 1, [](void*) {}, nullptr);
  });
  EXPECT_NE(fake_port.panic.find("cannot be used"), std::string::npos) << fake_port.panic;
}

// ---- the seed

class KernelSeed : public coop_test::KernelTest {
 protected:
  std::string order_of(std::uint64_t seed, bool shuffle) {
    start({.seed = seed, .shuffle = shuffle});
    notes.clear();
    for (const char* name : {"a", "b", "c", "d", "e", "f"}) {
      spawn(name, 1, [this, name] {
        note(name);
        coop::yield();
        note(name);
      });
    }
    spawn("urgent", 3, [this] { note("!"); });
    run_all();
    return notes;
  }
};

TEST_F(KernelSeed, WithoutShuffleChangesNothing) {
  EXPECT_EQ(order_of(1, false), "! a b c d e f a b c d e f");
  EXPECT_EQ(order_of(2, false), order_of(1, false));
}

TEST_F(KernelSeed, ShuffleIsEqualForEqualSeeds) {
  for (const std::uint64_t seed : {1, 2, 3}) EXPECT_EQ(order_of(seed, true), order_of(seed, true));
}

TEST_F(KernelSeed, ShuffleDiffersBySeedButKeepsPriorities) {
  std::set<std::string> orders;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const std::string order = order_of(seed, true);
    EXPECT_EQ(order.find('!'), 0u);
    orders.insert(order);
  }
  EXPECT_EQ(orders.size(), 20u);
}

// ---- a board's main loop

TEST_F(Kernel, BoardSleepsUntilTheNextDeadlineAndOnInterrupts) {
  coop::Semaphore pressed;
  pressed.reset(0);
  spawn("button", 1, [&] {
    note(pressed.wait(40) ? "pressed" : "late");
    note(pressed.wait(90) ? "pressed" : "late");
    coop::panic("the test ends here", __FILE__, __LINE__);
  });
  fake_port.on_idle = [&](std::uint64_t deadline_us) {
    note(std::to_string(deadline_us));
    if (fake_port.idle_calls == 1) {
      fake_port.now_us = 20;
      return pressed.signal();  // an interrupt
    }
    fake_port.now_us = deadline_us;
    if (coop::halted()) coop::panic("stop", __FILE__, __LINE__);
  };
  call_guarded([] { coop::run_forever(); });
  EXPECT_EQ(notes.find("40 pressed 90 late"), 0u) << notes;
}
