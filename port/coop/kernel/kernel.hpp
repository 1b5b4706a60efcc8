// The cooperative kernel: threads that run until they wait, and what they wait for. It exists so
// that lwIP's threaded socket layer is deterministic, and is no general RTOS.
//
//   coop::initialise({.seed = 1});
//   coop::create(thread, "blink", {memory, sizeof memory}, 1, blink, nullptr);
//   coop::run_forever();                             // a board; a simulation calls run() instead
//
// Rules. A thread gives up the processor only in the calls marked [waits] and in yield(); the
// highest ready priority goes on, first come first served. Calls marked [interrupt] may be made
// from an interrupt, all others only from a thread or from the code around run(). Nothing here
// allocates: objects belong to the caller and must outlive their use.
#pragma once

#include "coop/kernel/kernel_port.hpp"

namespace twinsock::coop {

inline constexpr std::uint64_t forever = UINT64_MAX;  // as a deadline: none
inline constexpr int priority_count = 4;              // 0 is the least urgent

struct Thread;

// A point in time at which a function is called, in the scheduler: it may wake, it must not wait.
// Timers of one instant go off in the order in which they were armed.
struct Timer {
  void (*expired)(Timer& timer) = nullptr;
  std::uint64_t at_us = 0;
  Timer* next = nullptr;
  Timer* previous = nullptr;
  bool armed = false;
};
void arm(Timer& timer, std::uint64_t at_us);  // [interrupt] an armed timer is moved
void disarm(Timer& timer);                    // [interrupt]

// Threads in the order of their coming.
struct WaitQueue {
  Thread* first = nullptr;
  Thread* last = nullptr;
};

enum class ThreadState : std::uint8_t { unused, ready, running, waiting, ended };

// Read freely, write nothing but `local`.
struct Thread {
  CoopContext context;
  Thread* next = nullptr;  // in the ready queue or in `queue`
  Thread* previous = nullptr;
  WaitQueue* queue = nullptr;  // where it waits; null: only for its timer
  Thread* next_created = nullptr;
  Timer timeout;
  void* message = nullptr;  // what a mailbox hands over
  void* local = nullptr;    // a word for whoever created the thread
  const char* name = nullptr;
  std::uint32_t* stack = nullptr;
  std::size_t stack_size = 0;
  void (*run)(void* argument) = nullptr;
  void* argument = nullptr;
  int saved_errno = 0;
  std::uint8_t priority = 0;
  ThreadState state = ThreadState::unused;
  bool timed_out = false;
  bool guarded = false;
};

struct Stack {
  void* base;            // aligned to 8 bytes
  std::size_t size;      // a multiple of 8
  bool painted = false;  // holds COOP_STACK_PAINT already
  bool guarded = false;  // what lies below it is inaccessible: no switch need look at its end
};

struct Options {
  std::uint64_t seed = 0;
  bool shuffle = false;              // the seed picks among ready threads of one priority
  std::uint64_t livelock_limit = 0;  // switches and polls at one instant that are too many; 0: any
};

// Forgets everything and starts anew; no thread may be running.
void initialise(const Options& options);
bool shuffling();

// Makes a thread ready. `name` must live as long as the thread. A thread that ended may be created
// again, on the same or another stack, unless it is the caller.
void create(Thread& thread, const char* name, const Stack& stack, int priority,
            void (*run)(void* argument), void* argument);

// Runs until every thread waits. Returns the next deadline, `forever` for none.
std::uint64_t run();
// A board's main loop: run(), port::idle(), and so on.
[[noreturn]] void run_forever();

Thread* current();  // null outside of threads; in an interrupt, the interrupted one
Thread* threads();  // all of them, through next_created, the oldest first
std::uint64_t now_us();
std::size_t stack_highest(const Thread& thread);  // bytes used so far, at most
void check_stack(const Thread& thread);           // panics if it was overrun; each switch checks

void yield();     // [waits] behind all ready ones of its priority
void give_way();  // [waits] if a more urgent one is ready, or by shuffle
void sleep_until(std::uint64_t deadline_us);  // [waits]
[[noreturn]] void exit_thread();
// Counts against the livelock limit: for calls that a thread might make in a loop to see a change.
void poll();
[[noreturn]] void panic(const char* what, const char* file, int line);
// For port::panic on a simulated node: leaves the thread for good; run() returns `forever` from now
// on. Must be called from a thread.
[[noreturn]] void halt();
bool halted();

// [waits] True when woken, false when the deadline came first. A deadline that is not later than
// now still lets other threads run.
bool wait(WaitQueue& queue, std::uint64_t deadline_us);
Thread* wake_one(WaitQueue& queue);  // [interrupt] the one that waited longest; null: nobody
void wake_all(WaitQueue& queue);     // [interrupt]

class Semaphore {
 public:
  void reset(std::uint32_t count) {
    count_ = count;
    queue_ = {};
  }
  void signal();                         // [interrupt] hands over to the longest waiter
  bool wait(std::uint64_t deadline_us);  // [waits] false: the deadline came first
  bool try_wait();
  std::uint32_t count() const { return count_; }
  bool waited_for() const { return queue_.first != nullptr; }

 private:
  std::uint32_t count_ = 0;
  WaitQueue queue_;
};

// A queue of pointers. Messages and waiters are served in the order of their coming.
class Mailbox {
 public:
  void reset(void** slots, std::size_t capacity);
  bool try_post(void* message);                           // [interrupt] false: full
  bool post(void* message, std::uint64_t deadline_us);    // [waits]
  bool try_fetch(void*& message);                         // false: empty
  bool fetch(void*& message, std::uint64_t deadline_us);  // [waits]
  std::size_t size() const { return size_; }
  bool waited_for() const { return fetchers_.first != nullptr || posters_.first != nullptr; }

 private:
  void append(void* message);
  void** slots_ = nullptr;
  std::size_t capacity_ = 0, first_ = 0, size_ = 0;
  WaitQueue fetchers_, posters_;
};

}  // namespace twinsock::coop
