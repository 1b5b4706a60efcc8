// Thread over the backend's two functions.
#include <native/native.hpp>
#include <twinsock/assert.hpp>
#include <twinsock/thread.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

Thread::~Thread() {
  TWINSOCK_ASSERT(!running_ && "a thread must be joined before its Thread ends");
}

Result<void> Thread::start(const char* name, Function function, void* argument) {
  TWINSOCK_ASSERT(!running_ && "this Thread runs already");
  state_.function = function;
  state_.argument = argument;
  if (native::thread_start(name, state_) == native::failed) return Errc::no_buffer_space;
  running_ = true;
  return {};
}

void Thread::join() {
  TWINSOCK_ASSERT(running_ && "join without start");
  native::thread_join(state_);
  running_ = false;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
