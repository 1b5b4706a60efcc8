// Thread: just enough of one for an exchange that reads and writes at once.
//
//   Thread writer;
//   if (auto ok = writer.start("writer", [](void* argument) { … }, &state); !ok) return ok.error();
//   …
//   writer.join();
//
// On POSIX a pthread; on lwIP whatever sys_thread_new gives, so any RTOS with an lwIP port will do.
// One thread starts and joins a Thread; start never blocks, join blocks until the function has
// returned. Nothing here may be called from an interrupt.
#pragma once

#include <twinsock/result.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

class Thread {
 public:
  using Function = void (*)(void* argument);

  Thread() = default;
  ~Thread();  // a running thread must have been joined: a bug otherwise
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  // `name` must live as long as the thread. lwIP: stack and priority are the profile's
  // (TWINSOCK_THREAD_STACK_SIZE, TWINSOCK_THREAD_PRIORITY). Errc::no_buffer_space: the
  // system has no further thread; nothing was started.
  Result<void> start(const char* name, Function function, void* argument);
  void join();
  bool joinable() const { return running_; }

  // Ours while the thread runs; public for the backend's C-style entry point only.
  struct State {
    Function function = nullptr;
    void* argument = nullptr;
    void* handle[2] = {};
  };

 private:
  State state_;
  bool running_ = false;
};

}  // namespace twinsock::inline TWINSOCK_BACKEND
