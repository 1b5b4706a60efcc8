// Readiness over POSIX: poll(2), and eventfd(2) as the wake-up handle.
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>

#include <native/native_poll.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

int poll(std::span<PollEntry> entries, Timeout timeout) {
  // Only those with a handle: poll(2) refuses more entries than there may be descriptors.
  pollfd list[most_polled];
  nfds_t count = 0;
  for (const PollEntry& entry : entries) {
    const int events = (any(entry.wanted & Ready::read) ? POLLIN : 0) |
                       (any(entry.wanted & Ready::write) ? POLLOUT : 0);
    if (entry.handle >= 0) list[count++] = {entry.handle, static_cast<short>(events), 0};
  }
  const int ready = ::poll(list, count, timeout.ms());
  count = 0;
  for (PollEntry& entry : entries) {
    if (ready <= 0 || entry.handle < 0) continue;
    const int got = list[count++].revents;
    Ready found = Ready::none;
    if ((got & (POLLIN | POLLHUP)) != 0) found = found | Ready::read;
    if ((got & POLLOUT) != 0) found = found | Ready::write;
    if ((got & (POLLERR | POLLNVAL)) != 0) found = found | Ready::error;
    entry.ready = found;
  }
  return ready;
}

int wakeup_open(void*&) { return ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC); }

void wakeup_close(int handle, void*) { ::close(handle); }

void wakeup_set(int handle, void*) {
  const int kept = errno;  // also called from signal handlers
  const std::uint64_t one = 1;
  (void)!::write(handle, &one, sizeof(one));  // full: it is readable already
  errno = kept;
}

bool wakeup_set_from_interrupt(int handle, void* state) {
  wakeup_set(handle, state);
  return true;
}

void wakeup_clear(int handle, void*) {
  std::uint64_t count = 0;
  (void)!::read(handle, &count, sizeof(count));  // empty: it was clear already
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
