// Timers: one list in the order of time, and among equals in the order of arming. A node has a
// handful of threads and thus of timers, so a list beats a heap.
#include <cstddef>

#include "coop/kernel/kernel_internal.hpp"

namespace twinsock::coop {
namespace {

struct TimerList {
  Timer* first;
  Timer* last;
};
constinit TimerList list{};

void take(Timer& timer) {
  (timer.previous != nullptr ? timer.previous->next : list.first) = timer.next;
  (timer.next != nullptr ? timer.next->previous : list.last) = timer.previous;
  timer.next = timer.previous = nullptr;
  timer.armed = false;
}

}  // namespace

void arm(Timer& timer, std::uint64_t at_us) {
  InterruptLock lock;
  if (timer.armed) take(timer);
  Timer* before = list.last;
  while (before != nullptr && before->at_us > at_us) before = before->previous;
  timer.at_us = at_us;
  timer.previous = before;
  timer.next = before != nullptr ? before->next : list.first;
  (timer.next != nullptr ? timer.next->previous : list.last) = &timer;
  (before != nullptr ? before->next : list.first) = &timer;
  timer.armed = true;
}

void disarm(Timer& timer) {
  InterruptLock lock;
  if (timer.armed) take(timer);
}

void fire_timers(std::uint64_t now) {
  for (;;) {
    InterruptLock lock;
    Timer* due = list.first;
    if (due == nullptr || due->at_us > now) return;
    take(*due);
    lock.release();
    due->expired(*due);
  }
}

std::uint64_t next_timer_us() {
  InterruptLock lock;
  return list.first != nullptr ? list.first->at_us : forever;
}

void forget_timers() { list = TimerList{}; }

void thread_timer_expired(Timer& timer) {
  time_out(*reinterpret_cast<Thread*>(reinterpret_cast<char*>(&timer) - offsetof(Thread, timeout)));
}

}  // namespace twinsock::coop
