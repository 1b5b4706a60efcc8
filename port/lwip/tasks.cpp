// What several tasks on one socket need of lwIP. Who waits in a mailbox is woken by an empty
// message, as lwIP's own callbacks would bring it; who waits in lwip_poll by an event. Sends and
// connects wait in lwip_poll only (core/).
#include <lwip/api.h>
extern "C" {  // lwIP forgets to say so of one function in it
#include <lwip/priv/sockets_priv.h>
}
#include <lwip/raw.h>
#include <lwip/sys.h>
#include <lwip/tcp.h>
#include <lwip/udp.h>

#include <lwip/in_core.hpp>
#include <native/native.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

namespace {

// Without memory nobody is woken: the caller tries again.
void post_empty(netconn* connection) {
  pbuf* nothing = pbuf_alloc(PBUF_RAW, 0, PBUF_RAM);
  if (nothing == nullptr) return;
  switch (NETCONNTYPE_GROUP(netconn_type(connection))) {
#if LWIP_TCP
    case NETCONN_TCP: {
      tcp_pcb* pcb = connection->pcb.tcp;
      if (pcb != nullptr && pcb->state == LISTEN) {
        auto* listener = reinterpret_cast<tcp_pcb_listen*>(pcb);
        listener->accept(listener->callback_arg, nullptr, ERR_OK);
      } else if (pcb != nullptr && pcb->recv != nullptr &&
                 pcb->recv(pcb->callback_arg, pcb, nothing, ERR_OK) == ERR_OK) {
        return;  // it is the mailbox's
      }
      break;
    }
#endif
#if LWIP_UDP
    case NETCONN_UDP: {
      udp_pcb* pcb = connection->pcb.udp;
      pcb->recv(pcb->recv_arg, pcb, nothing, IP_ADDR_ANY, 0);
      return;
    }
#endif
#if LWIP_RAW
    case NETCONN_RAW: {
      raw_pcb* pcb = connection->pcb.raw;
      pcb->recv(pcb->recv_arg, pcb, nothing, IP_ADDR_ANY);  // takes a copy
      break;
    }
#endif
    default: break;
  }
  pbuf_free(nothing);
}

}  // namespace

void add(std::atomic<std::uint8_t>& number, int change) {
  SYS_ARCH_DECL_PROTECT(level);
  SYS_ARCH_PROTECT(level);
  const std::uint8_t before = number.load(std::memory_order_relaxed);
  if (before != 0 || change > 0) {
    number.store(static_cast<std::uint8_t>(before + change), std::memory_order_relaxed);
  }
  SYS_ARCH_UNPROTECT(level);
}

std::int32_t exchange(std::atomic<std::int32_t>& value, std::int32_t next) {
  SYS_ARCH_DECL_PROTECT(level);
  SYS_ARCH_PROTECT(level);
  const std::int32_t before = value.load(std::memory_order_relaxed);
  value.store(next, std::memory_order_relaxed);
  SYS_ARCH_UNPROTECT(level);
  return before;
}

void pair_fence() { std::atomic_thread_fence(std::memory_order_seq_cst); }

void end_waits(int handle, bool receiving, bool sending) {
  in_core([=] {
    netconn* connection = lwip_socket_dbg_get_socket(handle)->conn;
    if (connection == nullptr) return;
    if (receiving) {
      if (connection->mbox_threads_waiting > 0) post_empty(connection);
      connection->callback(connection, NETCONN_EVT_RCVPLUS, 0);
    }
    if (sending) connection->callback(connection, NETCONN_EVT_SENDPLUS, 0);
    if (receiving && sending) connection->callback(connection, NETCONN_EVT_ERROR, 0);
  });
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
