// Readiness over lwIP: lwip_poll, and a socket that is told it has something to read as the wake-up
// handle. No byte is sent, so it needs no loopback interface.
#include <lwip/api.h>
#include <lwip/priv/api_msg.h>
extern "C" {  // lwIP forgets to say so of one function in it
#include <lwip/priv/sockets_priv.h>
}
#include <lwip/sockets.h>
#include <lwip/sys.h>
#include <lwip/tcpip.h>

#include <lwip/in_core.hpp>
#include <native/native_poll.hpp>
#include <twinsock/clock.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

namespace {

// All of these run in lwIP's context, so that a wake-up and a clear cannot miss each other.
void set_readable(void* argument) {
  auto* sock = static_cast<lwip_sock*>(argument);
  if (sock->conn != nullptr && sock->rcvevent == 0) {
    sock->conn->callback(sock->conn, NETCONN_EVT_RCVPLUS, 0);
  }
}

void clear_readable(void* argument) {
  auto* sock = static_cast<lwip_sock*>(argument);
  if (sock->rcvevent > 0) sock->conn->callback(sock->conn, NETCONN_EVT_RCVMINUS, 0);
}

void in_lwip(tcpip_callback_fn function, int handle) {
  in_core([=] { function(lwip_socket_dbg_get_socket(handle)); });
}

// lwIP tells a listener of each connection that it turned away for want of memory. `accept` passes
// over that, so that it must not make the listener ready. False: nothing else had.
bool stays_ready(int handle) {
  const lwip_sock* sock = lwip_socket_dbg_get_socket(handle);
  netconn* listener = sock->conn;
  if (listener == nullptr || listener->state != NETCONN_LISTEN) return true;
  bool ready = true;
  in_core([=, &ready] {
    void* waiting[DEFAULT_ACCEPTMBOX_SIZE];
    std::size_t count = 0;
    void* message;
    while (count < std::size(waiting) && sys_mbox_valid(&listener->acceptmbox) &&
           sys_arch_mbox_tryfetch(&listener->acceptmbox, &message) != SYS_MBOX_EMPTY) {
      err_t reason;
      if (lwip_netconn_is_err_msg(message, &reason)) {
        listener->callback(listener, NETCONN_EVT_RCVMINUS, 0);
      } else {
        waiting[count++] = message;
      }
    }
    for (std::size_t i = 0; i < count; ++i) sys_mbox_trypost(&listener->acceptmbox, waiting[i]);
    ready = sock->rcvevent > 0;  // a connection, or another task that ends the wait
  });
  return ready;
}

}  // namespace

int poll(std::span<PollEntry> entries, Timeout timeout) {
  pollfd list[most_polled];
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const int events = (any(entries[i].wanted & Ready::read) ? POLLIN : 0) |
                       (any(entries[i].wanted & Ready::write) ? POLLOUT : 0);
    list[i].fd = entries[i].handle;
    list[i].events = static_cast<short>(events);
    list[i].revents = 0;
  }
  const Deadline deadline(timeout);
  int ready;
  bool again;
  do {
    again = false;
    ready = lwip_poll(entries.empty() ? nullptr : list, static_cast<nfds_t>(entries.size()),
                      deadline.remaining().ms());
    for (std::size_t i = 0; ready > 0 && i < entries.size(); ++i) {
      if ((list[i].revents & POLLIN) == 0 || stays_ready(list[i].fd)) continue;
      list[i].revents = static_cast<short>(list[i].revents & ~POLLIN);
      if (list[i].revents == 0) again = --ready == 0;
    }
  } while (again);
  for (std::size_t i = 0; ready > 0 && i < entries.size(); ++i) {
    const int got = list[i].revents;
    Ready found = Ready::none;
    if ((got & POLLIN) != 0) found = found | Ready::read;
    if ((got & POLLOUT) != 0) found = found | Ready::write;
    if ((got & (POLLERR | POLLNVAL)) != 0) found = found | Ready::error;
    entries[i].ready = found;
  }
  return ready;
}

// The state is the message that an interrupt posts: made here, as an interrupt cannot make one.
int wakeup_open(void*& state) {
  const int handle = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  if (handle < 0) return failed;
  lwip_sock* sock = lwip_socket_dbg_get_socket(handle);
  state = tcpip_callbackmsg_new(set_readable, sock);
  if (state != nullptr) return handle;
  lwip_close(handle);
  return failed;
}

void wakeup_close(int handle, void* state) {
  tcpip_callbackmsg_delete(static_cast<tcpip_callback_msg*>(state));
  lwip_close(handle);
}

void wakeup_set(int handle, void*) { in_lwip(set_readable, handle); }

bool wakeup_set_from_interrupt(int, void* state) {
  return tcpip_callbackmsg_trycallback_fromisr(static_cast<tcpip_callback_msg*>(state)) == ERR_OK;
}

void wakeup_clear(int handle, void*) { in_lwip(clear_readable, handle); }

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
