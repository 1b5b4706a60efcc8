// poll, select and a wake-up handle: one task waits for several sockets, as Python's select module.
//
//   PollItem items[] = {{listener, Ready::read}, {client, Ready::read}, {wakeup}};
//   auto count = poll(items, std::chrono::seconds(1));        // Result<std::size_t>
//   if (count && any(items[0].ready & Ready::read)) accept_one();
//
// Ready means: the call would not wait. It may still fail, and says why. A socket that another task
// closes meanwhile ends the wait with Errc::closed; none may be moved. Storage is the caller's;
// nothing is allocated. Threads: a poll for reading is a receive, one for writing a send (Socket);
// several tasks may poll one listener. poll blocks at most `timeout`; it is not for
// interrupts, Wakeup::wake_from_interrupt is.
#pragma once

#include <twinsock/socket.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

enum class Ready : std::uint8_t {
  none = 0,
  read = 1,   // recv would give bytes, a datagram, an end or an error; accept a connection
  write = 2,  // send would take bytes, or say why not; a connect that was begun has ended
  error = 4,  // the connection failed; reported whether asked for or not
};
constexpr Ready operator|(Ready a, Ready b) {
  return static_cast<Ready>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}
constexpr Ready operator&(Ready a, Ready b) {
  return static_cast<Ready>(static_cast<std::uint8_t>(a) & static_cast<std::uint8_t>(b));
}
constexpr bool any(Ready ready) { return ready != Ready::none; }

// Ends a poll from outside: another task, or an interrupt.
class Wakeup {
 public:
  constexpr Wakeup() = default;
  Wakeup(const Wakeup&) = delete;
  Wakeup& operator=(const Wakeup&) = delete;
  ~Wakeup();

  // Costs one descriptor (lwIP: one UDP socket). too_many_sockets, no_buffer_space.
  Result<void> open();
  void close();
  // Polls on it, now or later, find it readable until clear(). Any task; never waits long.
  void wake();
  // The same from an interrupt (on POSIX: a signal handler). False: lwIP's mailbox is full, try
  // again. Never blocks.
  bool wake_from_interrupt();
  void clear();
  bool is_open() const { return handle_ >= 0; }

 private:
  friend class PollItem;
  std::int32_t handle_ = -1;
  void* state_ = nullptr;
};

class PollItem {
 public:
  constexpr PollItem() = default;
  constexpr PollItem(const Socket& socket, Ready events) : wanted(events), socket_(&socket) {}
  PollItem(const Wakeup& wakeup) : wanted(Ready::read), handle_(wakeup.handle_) {}

  const Socket* socket() const { return socket_; }  // nullptr: a Wakeup, or nothing

  Ready wanted = Ready::none;
  Ready ready = Ready::none;  // written by poll

 private:
  friend struct PollCore;
  const Socket* socket_ = nullptr;
  std::int32_t handle_ = -1;
};

// How many items one call takes: lwIP keeps a table of them on the caller's stack.
inline constexpr std::size_t most_polled = native::most_polled;

// The number of items that are ready; 0: the time is over. Timeout::none() waits for ever, zero
// only looks. Errc::closed (a socket is not open; nothing was waited for), invalid_argument (too
// many items, or a timeout that is not valid()).
Result<std::size_t> poll(std::span<PollItem> items, Timeout timeout);

// Python's select.select: each list is cut down to the sockets that are ready, in their order. An
// empty list is fine; a socket may stand in several. Errors as poll's; the lists are then as they
// were.
struct Selected {
  std::span<Socket*> readable, writable, failed;
};
Result<Selected> select(std::span<Socket*> readers, std::span<Socket*> writers,
                        std::span<Socket*> errors, Timeout timeout);

}  // namespace twinsock::inline TWINSOCK_BACKEND
