// Several tasks on one socket: who is inside a call, and how another task ends that.
//
// A task inside has a mark in the socket, set before it reads the handle. Who closes takes the
// handle away first, then looks for marks: so either it sees the mark and waits, or the other finds
// no handle. No handle is closed while somebody may use it, and none is used that has a new owner.
#include <core/socket_core.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace {

constexpr std::int32_t retry_ms = 1;

}  // namespace

void detail::two_tasks_in_one_half() {
  assertion_failed(__FILE__, __LINE__, "two tasks receive from one Socket, or send on it, at once");
}

void SocketCore::join(const Socket& socket, bool receiving, bool sending) {
  if (receiving) native::add(socket.receivers_, 1);
  if (sending) native::add(socket.senders_, 1);
  std::atomic_thread_fence(std::memory_order_seq_cst);
}

void SocketCore::part(const Socket& socket, bool receiving, bool sending) {
  if (receiving) native::add(socket.receivers_, -1);
  if (sending) native::add(socket.senders_, -1);
}

void SocketCore::end_waits(const Socket& socket, int handle, bool receiving, bool sending) {
  native::pair_fence();
  while (has_waiters(socket, receiving, sending)) {
    // Again each time: who was on the way in may have begun to wait since.
    native::end_waits(handle, receiving, sending);
    native::sleep(Timeout::from_ms(retry_ms));
  }
}

void SocketCore::check_alone([[maybe_unused]] const Socket& socket) {
#ifndef NDEBUG
  TWINSOCK_ASSERT(!has_waiters(socket, true, true) &&
                  "a Socket was moved, detached or destroyed while a task is inside a call of it");
#endif
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
