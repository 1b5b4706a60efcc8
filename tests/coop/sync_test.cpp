// Wait queues, semaphores and mailboxes: order, exact timeouts, and nothing lost between them.
#include "coop/kernel/kernel.hpp"
#include "kernel_fixture.hpp"

namespace coop = twinsock::coop;
using coop_test::fake_port;

class Sync : public coop_test::KernelTest {
 protected:
  std::string at(const char* word) { return word + std::to_string(coop::now_us()); }
  static void* pointer(std::uintptr_t number) { return reinterpret_cast<void*>(number); }
  static std::string number(void* pointer) {
    return std::to_string(reinterpret_cast<std::uintptr_t>(pointer));
  }
};

TEST_F(Sync, WaitQueueWakesInOrderOfWaiting) {
  coop::WaitQueue queue;
  for (const char* name : {"a", "b", "c"}) {
    spawn(name, 1, [&, name] {
      EXPECT_TRUE(coop::wait(queue, coop::forever));
      note(name);
    });
  }
  coop::run();
  EXPECT_NE(coop::wake_one(queue), nullptr);
  coop::run();
  EXPECT_EQ(notes, "a");
  coop::wake_all(queue);
  coop::run();
  EXPECT_EQ(notes, "a b c");
  EXPECT_EQ(coop::wake_one(queue), nullptr);
}

TEST_F(Sync, WaiterInTheMiddleCanTimeOut) {
  coop::WaitQueue queue;
  const std::uint64_t deadlines[] = {coop::forever, 7, coop::forever};
  for (const std::uint64_t deadline : deadlines) {
    spawn("waiter", 1,
          [&, deadline] { note(at(coop::wait(queue, deadline) ? "woken@" : "late@")); });
  }
  run_all();
  EXPECT_EQ(notes, "late@7");
  coop::wake_all(queue);
  run_all();
  EXPECT_EQ(notes, "late@7 woken@7 woken@7");
}

TEST_F(Sync, TimeoutComesAtTheMicrosecondAndWakingCancelsIt) {
  coop::Semaphore semaphore;
  semaphore.reset(0);
  spawn("waiter", 1, [&] {
    note(at(semaphore.wait(1000) ? "got@" : "late@"));
    note(at(semaphore.wait(1500) ? "got@" : "late@"));
    coop::sleep_until(2000);
    note(at("slept@"));
  });
  spawn("signaller", 1, [&] {
    coop::sleep_until(1200);
    semaphore.signal();
  });
  run_all();
  EXPECT_EQ(notes, "late@1000 got@1200 slept@2000");
}

TEST_F(Sync, DeadlineOfAnEarlierWaitIsForgotten) {
  coop::Semaphore semaphore;
  semaphore.reset(0);
  spawn("waiter", 1, [&] {
    note(at(semaphore.wait(1500) ? "got@" : "late@"));
    note(at(semaphore.wait(coop::forever) ? "got@" : "late@"));
  });
  spawn("signaller", 1, [&] {
    coop::sleep_until(1200);
    semaphore.signal();
    coop::sleep_until(3000);
    semaphore.signal();
  });
  run_all();
  EXPECT_EQ(notes, "got@1200 got@3000");
}

TEST_F(Sync, SignalAtTheDeadlineItselfFollowsTheOrderOfTimers) {
  coop::Semaphore semaphore;
  semaphore.reset(0);
  spawn("waiter", 1, [&] { note(semaphore.wait(100) ? "got" : "late"); });
  spawn("signaller", 1, [&] {
    coop::sleep_until(100);
    semaphore.signal();
  });
  run_all();
  EXPECT_EQ(notes, "late");
  EXPECT_EQ(semaphore.count(), 1u);  // the signal was kept
}

TEST_F(Sync, SemaphoreCountsAndHandsOverInOrder) {
  coop::Semaphore semaphore;
  semaphore.reset(2);
  for (const char* name : {"a", "b", "c", "d"}) {
    spawn(name, 1, [&, name] {
      semaphore.wait(coop::forever);
      note(name);
    });
  }
  run_all();
  EXPECT_EQ(notes, "a b");
  semaphore.signal();
  spawn("thief", 3, [&] { note(semaphore.try_wait() ? "stolen" : "kept"); });
  run_all();
  EXPECT_EQ(notes, "a b kept c");
  semaphore.signal();
  run_all();
  semaphore.signal();
  EXPECT_EQ(notes, "a b kept c d");
  EXPECT_EQ(semaphore.count(), 1u);
  EXPECT_TRUE(semaphore.try_wait());
  EXPECT_FALSE(semaphore.try_wait());
}

TEST_F(Sync, MailboxKeepsTheOrderOfMessagesAndRefusesWhenFull) {
  void* slots[3];
  coop::Mailbox mailbox;
  mailbox.reset(slots, 3);
  void* message = nullptr;
  EXPECT_FALSE(mailbox.try_fetch(message));
  for (std::uintptr_t round = 0; round < 5; ++round) {
    for (std::uintptr_t i = 1; i <= 3; ++i) EXPECT_TRUE(mailbox.try_post(pointer(round * 10 + i)));
    EXPECT_FALSE(mailbox.try_post(pointer(99)));
    EXPECT_EQ(mailbox.size(), 3u);
    for (std::uintptr_t i = 1; i <= 3; ++i) {
      EXPECT_TRUE(mailbox.try_fetch(message));
      EXPECT_EQ(message, pointer(round * 10 + i));
    }
  }
}

TEST_F(Sync, MailboxServesWaitingFetchersInOrder) {
  void* slots[2];
  coop::Mailbox mailbox;
  mailbox.reset(slots, 2);
  for (const char* name : {"a", "b"}) {
    spawn(name, 1, [&, name] {
      void* message = nullptr;
      EXPECT_TRUE(mailbox.fetch(message, coop::forever));
      note(name + number(message));
    });
  }
  run_all();
  EXPECT_TRUE(mailbox.waited_for());
  EXPECT_TRUE(mailbox.try_post(pointer(1)));  // as an interrupt would
  EXPECT_TRUE(mailbox.try_post(pointer(2)));
  EXPECT_TRUE(mailbox.try_post(pointer(3)));
  EXPECT_EQ(mailbox.size(), 1u);
  run_all();
  EXPECT_EQ(notes, "a1 b2");
}

TEST_F(Sync, PosterWaitsForRoomAndKeepsItsPlace) {
  void* slots[1];
  coop::Mailbox mailbox;
  mailbox.reset(slots, 1);
  spawn("first", 1, [&] {
    for (std::uintptr_t i = 1; i <= 3; ++i) EXPECT_TRUE(mailbox.post(pointer(i), coop::forever));
    note("posted");
  });
  spawn("second", 1, [&] { EXPECT_TRUE(mailbox.post(pointer(7), coop::forever)); });
  run_all();
  spawn("reader", 1, [&] {
    void* message = nullptr;
    while (mailbox.fetch(message, coop::now_us() + 5)) note(number(message));
  });
  run_all();
  EXPECT_EQ(notes, "1 2 7 posted 3");
}

TEST_F(Sync, MailboxTimeoutsAreExactAndLoseNothing) {
  void* slots[1];
  coop::Mailbox mailbox;
  mailbox.reset(slots, 1);
  spawn("reader", 2, [&] {
    void* message = nullptr;
    note(at(mailbox.fetch(message, 30) ? "got@" : "late@"));
    coop::sleep_until(100);
    note(at(mailbox.fetch(message, 130) ? "got@" : "late@"));
  });
  run_all();
  EXPECT_EQ(notes, "late@30 late@130");
  spawn("poster", 1, [&] {
    EXPECT_TRUE(mailbox.post(pointer(1), coop::forever));
    note(at(mailbox.post(pointer(2), 200) ? "posted@" : "late@"));
  });
  run_all();
  EXPECT_EQ(notes, "late@30 late@130 late@200");
  void* message = nullptr;
  EXPECT_TRUE(mailbox.try_fetch(message));
  EXPECT_EQ(message, pointer(1));
  EXPECT_FALSE(mailbox.try_fetch(message));
}

// Also where there is nothing to wait for: lwIP's core lock is free most of the time.
TEST_F(Sync, CallFromAnInterruptThatMayWaitIsAPanic) {
  void* slots[2];
  const std::function<void()> calls[] = {[] {
                                           coop::Semaphore semaphore;
                                           semaphore.reset(1);
                                           semaphore.wait(coop::forever);
                                         },
                                         [&] {
                                           coop::Mailbox mailbox;
                                           mailbox.reset(slots, 2);
                                           mailbox.post(pointer(1), coop::forever);
                                         },
                                         [&] {
                                           coop::Mailbox mailbox;
                                           mailbox.reset(slots, 2);
                                           void* message = pointer(1);
                                           mailbox.try_post(message);
                                           mailbox.fetch(message, coop::forever);
                                         },
                                         [] {
                                           coop::WaitQueue queue;
                                           coop::wait(queue, coop::forever);
                                         }};
  for (const auto& call : calls) {
    start({});
    fake_port.panic.clear();
    spawn("thread", 1, [&] {
      fake_port.in_interrupt = true;
      call();
    });
    run_all();
    fake_port.in_interrupt = false;
    EXPECT_EQ(fake_port.panic, "a call from an interrupt that may wait (thread thread)");
  }
}

TEST_F(Sync, InterruptMaySignalAndPost) {
  coop::Semaphore semaphore;
  void* slots[1];
  coop::Mailbox mailbox;
  mailbox.reset(slots, 1);
  spawn("thread", 1, [&] {
    fake_port.in_interrupt = true;
    semaphore.signal();
    EXPECT_TRUE(mailbox.try_post(pointer(1)));
    EXPECT_TRUE(semaphore.try_wait());
    fake_port.in_interrupt = false;
  });
  run_all();
  EXPECT_EQ(fake_port.panic, "");
}

TEST_F(Sync, MailboxWithoutRoomIsAPanic) {
  coop::Mailbox mailbox;
  coop_test::call_guarded([&] { mailbox.reset(nullptr, 0); });
  EXPECT_EQ(fake_port.panic, "a mailbox without room (thread none)");
}
