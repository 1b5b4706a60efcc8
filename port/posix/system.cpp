// Clock, threads and the end of a program with a bug, over POSIX.
#include <pthread.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <native/native.hpp>
#include <posix/options.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

namespace {

constexpr std::uint64_t ns_per_ms = 1'000'000;

struct Anchor {
  std::atomic<std::uint64_t> stamp{0};
  std::atomic<std::uint64_t> ns{0};  // 0: not noted yet
};
constinit Anchor anchor;

}  // namespace

std::uint64_t ticks() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U +
         static_cast<std::uint64_t>(now.tv_nsec);
}

std::uint32_t ticks_to_ms(std::uint64_t difference) {
  return static_cast<std::uint32_t>(difference / ns_per_ms);
}

namespace {

std::uint64_t joined(Stamp stamp) {
  return static_cast<std::uint64_t>(stamp.high) << 32 | stamp.low;
}

}  // namespace

void anchor_stamps() {
  if (anchor.ns.load(std::memory_order_acquire) != 0) return;
  const std::uint64_t now_stamp = joined(stamp());
  const std::uint64_t now = ticks();
  std::uint64_t nobody = 0;
  if (!anchor.stamp.compare_exchange_strong(nobody, now_stamp)) return;
  anchor.ns.store(now, std::memory_order_release);
}

// The rate of the stamps follows from the anchor, which settimeout dropped before the call began:
// the span is longer than the one that is asked for, so its error is smaller than the clock's own.
std::uint32_t stamp_to_ms(Stamp stamp_then) {
  const std::uint64_t began = joined(stamp_then);
  const std::uint64_t anchor_ns = anchor.ns.load(std::memory_order_acquire);
  const std::uint64_t anchor_stamp = anchor.stamp.load(std::memory_order_relaxed);
  const std::uint64_t now_stamp = joined(stamp());
  const std::uint64_t now = ticks();
  if (anchor_ns == 0 || now_stamp <= began || began <= anchor_stamp) return 0;
  const auto span = static_cast<double>(now_stamp - anchor_stamp);
  const auto part = static_cast<double>(now_stamp - began);
  const double elapsed_ns = static_cast<double>(now - anchor_ns) * (part / span);
  return static_cast<std::uint32_t>(elapsed_ns / static_cast<double>(ns_per_ms));
}

void sleep(Timeout duration) {
  if (duration.is_none()) {
    while (true) ::pause();
  }
  timespec time{duration.ms() / 1000, duration.ms() % 1000 * 1'000'000L};
  while (::nanosleep(&time, &time) != 0 && errno == EINTR) {
  }
}

void stop(const char* file, int line, const char* condition) {
  std::fprintf(stderr, "twinsock: %s:%d: bug: %s\n", file, line, condition);
  std::abort();
}

int thread_start(const char* name, Thread::State& state) {
  pthread_t thread{};
  const auto entry = [](void* argument) -> void* {
    const auto* own = static_cast<Thread::State*>(argument);
    own->function(own->argument);
    return nullptr;
  };
  static_assert(sizeof(thread) <= sizeof(state.handle));
  if (::pthread_create(&thread, nullptr, entry, &state) != 0) return failed;
  ::pthread_setname_np(thread, name);
  std::memcpy(&state.handle[0], &thread, sizeof(thread));
  return 0;
}

void thread_join(Thread::State& state) {
  pthread_t thread{};
  std::memcpy(&thread, &state.handle[0], sizeof(thread));
  ::pthread_join(thread, nullptr);
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
