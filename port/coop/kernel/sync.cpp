// Wait queues, semaphores and mailboxes. Whoever wakes a thread hands it what it waited for, so
// that nobody who comes later can take it away.
#include "coop/kernel/kernel_internal.hpp"

namespace twinsock::coop {
namespace {

Thread* release_first(WaitQueue& queue) {
  Thread* thread = queue.first;
  if (thread != nullptr) make_ready(*thread);
  return thread;
}

// What may wait is for threads alone, also when it need not wait just now: the interrupted thread
// would be taken for the caller.
void check_in_thread() {
#ifndef NDEBUG
  if (COOP_IN_INTERRUPT()) panic("a call from an interrupt that may wait", __FILE__, __LINE__);
#endif
}

}  // namespace

bool wait(WaitQueue& queue, std::uint64_t deadline_us) {
  check_in_thread();
  InterruptLock lock;
  return block(&queue, deadline_us, lock);
}

Thread* wake_one(WaitQueue& queue) {
  InterruptLock lock;
  return release_first(queue);
}

void wake_all(WaitQueue& queue) {
  InterruptLock lock;
  while (release_first(queue) != nullptr) {
  }
}

void Semaphore::signal() {
  InterruptLock lock;
  if (release_first(queue_) == nullptr) ++count_;
}

bool Semaphore::wait(std::uint64_t deadline_us) {
  check_in_thread();
  InterruptLock lock;
  if (count_ > 0) {
    --count_;
    return true;
  }
  return block(&queue_, deadline_us, lock);
}

bool Semaphore::try_wait() {
  InterruptLock lock;
  if (count_ == 0) return false;
  --count_;
  return true;
}

void Mailbox::reset(void** slots, std::size_t capacity) {
  if (capacity == 0) panic("a mailbox without room", __FILE__, __LINE__);
  slots_ = slots;
  capacity_ = capacity;
  first_ = size_ = 0;
  fetchers_ = posters_ = {};
}

void Mailbox::append(void* message) {
  std::size_t end = first_ + size_;
  if (end >= capacity_) end -= capacity_;
  slots_[end] = message;
  ++size_;
}

bool Mailbox::try_post(void* message) {
  InterruptLock lock;
  if (Thread* fetcher = release_first(fetchers_)) {
    fetcher->message = message;
    return true;
  }
  if (size_ == capacity_) return false;
  append(message);
  return true;
}

bool Mailbox::post(void* message, std::uint64_t deadline_us) {
  check_in_thread();
  if (try_post(message)) return true;
  InterruptLock lock;
  current()->message = message;
  return block(&posters_, deadline_us, lock);
}

bool Mailbox::try_fetch(void*& message) {
  InterruptLock lock;
  if (size_ == 0) return false;
  message = slots_[first_];
  if (++first_ == capacity_) first_ = 0;
  --size_;
  if (Thread* poster = release_first(posters_)) append(poster->message);
  return true;
}

bool Mailbox::fetch(void*& message, std::uint64_t deadline_us) {
  check_in_thread();
  if (try_fetch(message)) return true;
  InterruptLock lock;
  if (size_ > 0) {  // an interrupt posted meanwhile
    lock.release();
    return try_fetch(message);
  }
  if (!block(&fetchers_, deadline_us, lock)) return false;
  message = current()->message;
  return true;
}

}  // namespace twinsock::coop
