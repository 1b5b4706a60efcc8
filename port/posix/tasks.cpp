// What several tasks on one socket need of POSIX.
#include <sys/socket.h>
#include <time.h>

#include <cerrno>

#include <native/native.hpp>

#if defined(__linux__)
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif
#if __has_include(<sys/single_threaded.h>)
#include <sys/single_threaded.h>
#define TWINSOCK_IS_SINGLE_THREADED __libc_single_threaded
#else
#define TWINSOCK_IS_SINGLE_THREADED false
#endif

namespace twinsock::inline TWINSOCK_BACKEND::native {

namespace {

// membarrier(2): every other thread of this process executes a full fence now.
bool fence_everywhere() {
#if defined(__linux__)
  if (::syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0) return true;
  if (errno != EPERM) return false;  // EPERM: this process has not said that it will use it
  if (::syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) != 0) return false;
  return ::syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0;
#else
  return false;
#endif
}

}  // namespace

void add(std::atomic<std::uint8_t>& number, int change) {
  std::uint8_t before = number.load(std::memory_order_relaxed);
  std::uint8_t after = 0;
  do {
    after = before == 0 && change < 0 ? before : static_cast<std::uint8_t>(before + change);
  } while (!number.compare_exchange_weak(before, after));
}

std::int32_t exchange(std::atomic<std::int32_t>& value, std::int32_t next) {
  return value.exchange(next);
}

// The other threads have a fence for the compiler only, so that theirs is executed from here.
// Without membarrier a millisecond is what it takes, and more, until what they wrote has been seen.
void pair_fence() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  if (TWINSOCK_IS_SINGLE_THREADED || fence_everywhere()) return;
  const timespec pause{0, 1'000'000};
  ::nanosleep(&pause, nullptr);
}

// Linux: wakes also accept (EINVAL), connect (ECONNABORTED), poll, and who has no peer.
void end_waits(int handle, bool, bool) { ::shutdown(handle, SHUT_RDWR); }

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
