// What the kernel's own files share. Everything here is called with interrupts locked, unless it
// says otherwise.
#pragma once

#include "coop/kernel/kernel.hpp"

namespace twinsock::coop {

class InterruptLock {
 public:
  InterruptLock() : state_(coop_lock_interrupts()) {}
  ~InterruptLock() { release(); }
  InterruptLock(const InterruptLock&) = delete;
  InterruptLock& operator=(const InterruptLock&) = delete;
  void release() {
    if (held_) coop_unlock_interrupts(state_);
    held_ = false;
  }

 private:
  std::uint32_t state_;
  bool held_ = true;
};

void prepend(WaitQueue& queue, Thread& thread);
void append(WaitQueue& queue, Thread& thread);
void unlink(WaitQueue& queue, Thread& thread);

// Takes a thread out of wherever it waits, or the running one, to the end of its ready queue.
void make_ready(Thread& thread);

// The running thread waits in `queue` (null: only for the deadline). Releases `lock`. False: the
// deadline came first.
bool block(WaitQueue* queue, std::uint64_t deadline_us, InterruptLock& lock);

// Whether a thread is ready.
bool anything_ready();

// Wakes the thread because its deadline has come, unless it is awake. Locks interrupts itself.
void time_out(Thread& thread);
void thread_timer_expired(Timer& timer);

// Calls what is due at `now`. Locks interrupts itself, and not during the calls.
void fire_timers(std::uint64_t now);
std::uint64_t next_timer_us();  // locks interrupts itself
void forget_timers();

}  // namespace twinsock::coop
