// The scheduler: threads, their queues and the switch between them. Invariants:
//  1. A thread is in exactly one of: the ready queues (ready), nowhere (running, ended), a wait
//     queue or its timer alone (waiting).
//  2. Queues, timers and thread states change only with interrupts locked.
//  3. `current` is null exactly while the code around run() has the processor.
#include "coop/kernel/kernel.hpp"

#include <cerrno>

#include "coop/kernel/kernel_internal.hpp"

namespace twinsock::coop {
namespace {

constexpr std::size_t canary_words = 4;

struct ReadyQueue {
  WaitQueue threads;
  std::size_t count;
};

struct Kernel {
  ReadyQueue ready[priority_count];
  Thread* current;
  Thread* created;
  CoopContext root;  // the code around run()
  std::uint64_t random;
  std::uint64_t livelock_limit;
  std::uint64_t instant;  // of the activity counted
  std::uint64_t activity;
  bool shuffle;
  bool halted;
};
constinit Kernel kernel{};

std::uint64_t next_random() {  // splitmix64
  std::uint64_t z = (kernel.random += 0x9E3779B97F4A7C15u);
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

void count_activity(std::uint64_t now) {
  if (kernel.livelock_limit == 0) return;
  if (now != kernel.instant) {
    kernel.instant = now;
    kernel.activity = 0;
  } else if (++kernel.activity > kernel.livelock_limit) {
    panic("livelock: too many thread switches and polls at one instant", __FILE__, __LINE__);
  }
}

// The next to run, taken out of its queue; null if none is ready.
Thread* take_ready() {
  InterruptLock lock;
  for (int priority = priority_count - 1; priority >= 0; --priority) {
    ReadyQueue& queue = kernel.ready[priority];
    if (queue.count == 0) continue;
    Thread* thread = queue.threads.first;
    if (kernel.shuffle && queue.count > 1) {
      for (std::uint64_t skip = next_random() % queue.count; skip > 0; --skip) {
        thread = thread->next;
      }
    }
    unlink(queue.threads, *thread);
    --queue.count;
    thread->state = ThreadState::running;
    return thread;
  }
  return nullptr;
}

// The running thread, whose state says why, gives up the processor.
void leave(bool last) {
  Thread& from = *kernel.current;
  if (!from.guarded) check_stack(from);
  const std::uint64_t now = port::now_us();
  count_activity(now);
  fire_timers(now);
  Thread* to = take_ready();
  if (to == &from) return;
  from.saved_errno = errno;
  kernel.current = to;
  port::switch_context(from.context, to != nullptr ? to->context : kernel.root, last);
  errno = from.saved_errno;
}

void first_call(void* argument) {
  port::entered();
  errno = 0;
  Thread& self = *static_cast<Thread*>(argument);
  self.run(self.argument);
  exit_thread();
}

// Reads and writes a stack word by word, redzones of its frames included.
__attribute__((no_sanitize("address"), noinline)) void paint(const Stack& stack) {
  volatile std::uint32_t* words = static_cast<std::uint32_t*>(stack.base);
  for (std::size_t i = 0; i < stack.size / sizeof(std::uint32_t); ++i) {
    if (words[i] != COOP_STACK_PAINT) words[i] = COOP_STACK_PAINT;
  }
}

__attribute__((no_sanitize("address"), noinline)) std::size_t untouched_words(const Thread& thread,
                                                                              std::size_t limit) {
  const volatile std::uint32_t* words = thread.stack;
  std::size_t count = 0;
  while (count < limit && words[count] == COOP_STACK_PAINT) ++count;
  return count;
}

// As yield(), but to the front of its queue: the thread keeps its turn among equals.
void step_aside() {
  Thread& self = *kernel.current;
  {
    InterruptLock lock;
    ReadyQueue& ready = kernel.ready[self.priority];
    prepend(ready.threads, self);
    ++ready.count;
    self.state = ThreadState::ready;
  }
  leave(false);
}

void append_created(Thread& thread) {
  Thread** place = &kernel.created;
  while (*place != nullptr && *place != &thread) place = &(*place)->next_created;
  if (*place == nullptr) {
    thread.next_created = nullptr;
    *place = &thread;
  }
}

}  // namespace

void prepend(WaitQueue& queue, Thread& thread) {
  thread.previous = nullptr;
  thread.next = queue.first;
  (queue.first != nullptr ? queue.first->previous : queue.last) = &thread;
  queue.first = &thread;
}

void append(WaitQueue& queue, Thread& thread) {
  thread.next = nullptr;
  thread.previous = queue.last;
  (queue.last != nullptr ? queue.last->next : queue.first) = &thread;
  queue.last = &thread;
}

void unlink(WaitQueue& queue, Thread& thread) {
  (thread.previous != nullptr ? thread.previous->next : queue.first) = thread.next;
  (thread.next != nullptr ? thread.next->previous : queue.last) = thread.previous;
  thread.next = thread.previous = nullptr;
}

void make_ready(Thread& thread) {
  if (thread.queue != nullptr) unlink(*thread.queue, thread);
  thread.queue = nullptr;
  disarm(thread.timeout);
  thread.state = ThreadState::ready;
  ReadyQueue& ready = kernel.ready[thread.priority];
  append(ready.threads, thread);
  ++ready.count;
}

bool block(WaitQueue* queue, std::uint64_t deadline_us, InterruptLock& lock) {
  if (kernel.current == nullptr) panic("a wait outside of a thread", __FILE__, __LINE__);
  Thread& self = *kernel.current;
  self.queue = queue;
  if (queue != nullptr) append(*queue, self);
  self.state = ThreadState::waiting;
  self.timed_out = false;
  if (deadline_us != forever) arm(self.timeout, deadline_us);
  lock.release();
  leave(false);
  return !self.timed_out;
}

void time_out(Thread& thread) {
  InterruptLock lock;
  if (thread.state != ThreadState::waiting) return;  // an interrupt was faster
  thread.timed_out = true;
  make_ready(thread);
}

void initialise(const Options& options) {
  kernel = Kernel{};
  kernel.random = options.seed;
  kernel.shuffle = options.shuffle;
  kernel.livelock_limit = options.livelock_limit;
  forget_timers();
}

bool shuffling() { return kernel.shuffle; }

void create(Thread& thread, const char* name, const Stack& stack, int priority,
            void (*run)(void* argument), void* argument) {
  if (stack.base == nullptr || reinterpret_cast<std::uintptr_t>(stack.base) % 8 != 0 ||
      stack.size % 8 != 0 || priority < 0 || priority >= priority_count || &thread == current()) {
    panic("a thread's stack, priority or storage cannot be used", __FILE__, __LINE__);
  }
  append_created(thread);
  thread.name = name;
  thread.stack = static_cast<std::uint32_t*>(stack.base);
  thread.stack_size = stack.size;
  thread.run = run;
  thread.argument = argument;
  thread.saved_errno = 0;
  thread.priority = static_cast<std::uint8_t>(priority);
  thread.guarded = stack.guarded;
  thread.queue = nullptr;
  thread.timeout = Timer{};
  thread.timeout.expired = thread_timer_expired;
  if (!stack.painted) paint(stack);
  port::prepare(thread.context, stack.base, stack.size, first_call, &thread);
  InterruptLock lock;
  make_ready(thread);
}

std::uint64_t run() {
  while (!kernel.halted) {
    const std::uint64_t now = port::now_us();
    fire_timers(now);
    Thread* to = take_ready();
    if (to == nullptr) return next_timer_us();
    count_activity(now);
    kernel.current = to;
    port::switch_context(kernel.root, to->context, false);
  }
  return forever;
}

bool anything_ready() {
  for (const ReadyQueue& queue : kernel.ready) {
    if (queue.count != 0) return true;
  }
  return false;
}

Thread* current() { return kernel.current; }

Thread* threads() { return kernel.created; }

std::uint64_t now_us() { return port::now_us(); }

std::size_t stack_highest(const Thread& thread) {
  const std::size_t words = thread.stack_size / sizeof(std::uint32_t);
  return (words - untouched_words(thread, words)) * sizeof(std::uint32_t);
}

void check_stack(const Thread& thread) {
  if (untouched_words(thread, canary_words) != canary_words) {
    port::panic("stack overflow", __FILE__, __LINE__, thread.name);
  }
}

void yield() {
  if (kernel.current == nullptr) return;
  {
    InterruptLock lock;
    make_ready(*kernel.current);
  }
  leave(false);
}

void give_way() {
  if (kernel.current == nullptr) return;
  const int priority = kernel.current->priority;
  for (int higher = priority + 1; higher < priority_count; ++higher) {
    if (kernel.ready[higher].count != 0) return step_aside();
  }
  if (kernel.shuffle && kernel.ready[priority].count != 0 && next_random() % 2 == 0) yield();
}

void sleep_until(std::uint64_t deadline_us) {
  InterruptLock lock;
  block(nullptr, deadline_us, lock);
}

void exit_thread() {
  {
    InterruptLock lock;
    kernel.current->state = ThreadState::ended;
  }
  leave(true);
  __builtin_unreachable();
}

void poll() {
  if (kernel.livelock_limit != 0) count_activity(port::now_us());
}

void panic(const char* what, const char* file, int line) {
  port::panic(what, file, line, kernel.current != nullptr ? kernel.current->name : nullptr);
}

void halt() {
  Thread& from = *kernel.current;
  kernel.halted = true;
  kernel.current = nullptr;
  port::switch_context(from.context, kernel.root, false);
  __builtin_unreachable();
}

bool halted() { return kernel.halted; }

}  // namespace twinsock::coop
