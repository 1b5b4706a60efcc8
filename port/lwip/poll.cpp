// Readiness over lwIP: lwip_poll, and a socket that is told it has something to read as the wake-up
// handle. No byte is sent, so it needs no loopback interface.
#include <lwip/api.h>
#include <lwip/errno.h>
#include <lwip/priv/api_msg.h>
extern "C" {  // lwIP forgets to say so of one function in it
#include <lwip/priv/sockets_priv.h>
}
#include <lwip/sockets.h>
#include <lwip/sys.h>
#include <lwip/tcpip.h>

#include <lwip/in_core.hpp>
#include <native/native_poll.hpp>

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

// lwIP leaves a message in a listener's mailbox for each connection that it turned away for want of
// memory. `accept` passes over those, so that they must not make the listener ready. False: nothing
// else had.
bool stays_ready(int handle) {
  const lwip_sock* sock = lwip_socket_dbg_get_socket(handle);
  if (sock->conn->state != NETCONN_LISTEN) return true;
  in_core([sock] {
    // Once around: what stays keeps its order.
    void* message;
    for (int left = sock->rcvevent; left > 0; --left) {
      if (sys_arch_mbox_tryfetch(&sock->conn->acceptmbox, &message) == SYS_MBOX_EMPTY) return;
      err_t reason;
      if (lwip_netconn_is_err_msg(message, &reason)) {
        sock->conn->callback(sock->conn, NETCONN_EVT_RCVMINUS, 0);
      } else {
        sys_mbox_trypost(&sock->conn->acceptmbox, message);
      }
    }
  });
  return sock->rcvevent > 0;  // a connection, or another task that ends the wait
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
  const int ready = lwip_poll(entries.empty() ? nullptr : list, static_cast<nfds_t>(entries.size()),
                              timeout.ms());
  if (ready <= 0) return ready;
  Ready any_found = Ready::none;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const int got = list[i].revents;
    Ready found = Ready::none;
    if ((got & POLLIN) != 0 && stays_ready(list[i].fd)) found = found | Ready::read;
    if ((got & POLLOUT) != 0) found = found | Ready::write;
    if ((got & (POLLERR | POLLNVAL)) != 0) found = found | Ready::error;
    entries[i].ready = found;
    any_found = any_found | found;
  }
  return any(any_found) ? ready : poll_again;
}

// The state is the message that an interrupt posts: made here, as an interrupt cannot make one.
int wakeup_open(void*& state) {
  const int handle = lwip_socket(AF_INET, SOCK_DGRAM, 0);
  if (handle < 0) return failed;
  lwip_sock* sock = lwip_socket_dbg_get_socket(handle);
  state = tcpip_callbackmsg_new(set_readable, sock);
  if (state != nullptr) return handle;
  lwip_close(handle);
  errno = ENOMEM;
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
