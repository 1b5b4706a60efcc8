// Clock, threads and the end of a program with a bug, over lwIP's own sys.h: any RTOS will do.
#include <lwip/api.h>
#include <lwip/sys.h>

#include <cstring>

#include <native/native.hpp>

#ifndef TWINSOCK_THREAD_STACK_SIZE
#define TWINSOCK_THREAD_STACK_SIZE DEFAULT_THREAD_STACKSIZE
#endif
#ifndef TWINSOCK_THREAD_PRIORITY
#define TWINSOCK_THREAD_PRIORITY DEFAULT_THREAD_PRIO
#endif

namespace twinsock::inline TWINSOCK_BACKEND::native {

// sys_now wraps after 49.7 days; a difference cut to 32 bits is right all the same.
std::uint64_t ticks() { return sys_now(); }

std::uint32_t ticks_to_ms(std::uint64_t difference) {
  return static_cast<std::uint32_t>(difference);
}

std::uint32_t stamp_to_ms(Stamp) { return 0; }

void sleep(Timeout duration) {
  do {
    sys_msleep(duration.is_none() ? 0x7fff'ffffU : static_cast<u32_t>(duration.ms()));
  } while (duration.is_none());
}

void stop(const char* file, int line, const char* condition) {
#ifdef TWINSOCK_PLATFORM_STOP  // port/coop: an assertion that names the caller's place
  TWINSOCK_PLATFORM_STOP(file, line, condition);
#endif
  static_cast<void>(file);
  static_cast<void>(line);
  static_cast<void>(condition);  // an LWIP_PLATFORM_ASSERT may ignore it
  while (true) LWIP_PLATFORM_ASSERT(condition);
}

namespace {

static_assert(sizeof(sys_sem_t) <= sizeof(Thread::State::handle),
              "Thread::State has room for a semaphore of this port");

sys_sem_t* ended(Thread::State& state) { return reinterpret_cast<sys_sem_t*>(&state.handle[0]); }

void enter(void* argument) {
  auto& state = *static_cast<Thread::State*>(argument);
  netconn_thread_init();
  state.function(state.argument);
  netconn_thread_cleanup();
  sys_sem_signal(ended(state));  // the last touch of `state`
}

// Most ports say with a null handle that they have no further thread; some have none to compare.
template <class T>
bool is_thread(const T& thread) {
  if constexpr (requires { thread == nullptr; }) {
    return thread != nullptr;
  } else {
    return true;
  }
}

}  // namespace

int thread_start(const char* name, Thread::State& state) {
  if (sys_sem_new(ended(state), 0) != ERR_OK) return failed;
  const auto thread =
      sys_thread_new(name, enter, &state, TWINSOCK_THREAD_STACK_SIZE, TWINSOCK_THREAD_PRIORITY);
  if (is_thread(thread)) return 0;
  sys_sem_free(ended(state));
  return failed;
}

void thread_join(Thread::State& state) {
  sys_sem_wait(ended(state));
  sys_sem_free(ended(state));
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
