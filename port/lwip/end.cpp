// How connections and listeners end over lwIP: close and shutdown.
#include <lwip/api.h>
#include <lwip/errno.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/sockets.h>
#include <lwip/tcp.h>

#include <lwip/backend_internal.hpp>
#include <lwip/connection_call.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

namespace {

err_t refuse(void*, tcp_pcb*, err_t) { return ERR_VAL; }

// Resets a connection. lwIP's linger of 0 does so only while bytes of ours are on their way. Of a
// listener: each connection that comes from now on.
err_t abort(tcpip_api_call_data* call) {
  tcp_pcb* pcb = pcb_of(call);
  if (pcb == nullptr) return ERR_OK;
  if (pcb->state == LISTEN) {
    reinterpret_cast<tcp_pcb_listen*>(pcb)->accept = refuse;
  } else {
    tcp_abort(pcb);
  }
  return ERR_OK;
}

err_t discard(void*, tcp_pcb* pcb, pbuf* data, err_t) {
  if (data == nullptr) return ERR_OK;
  tcp_recved(pcb, data->tot_len);
  pbuf_free(data);
  return ERR_OK;
}

// With received bytes that nobody read a close resets. lwIP then frees the connection, and a close
// that lingers would wait for its bytes for ever: so it is reset here, or no more are received.
err_t begin_linger(tcpip_api_call_data* call) {
  tcp_pcb* pcb = pcb_of(call);
  if (pcb == nullptr) return ERR_OK;
  if (pcb->refused_data != nullptr || pcb->rcv_wnd != TCP_WND_MAX(pcb)) return abort(call);
  pcb->recv = discard;
  return ERR_OK;
}

// lwIP asserts when a listener ends with connections that nobody accepted: end those first, when no
// more can come.
void drain(int listener) {
  in_lwip(listener, abort);
  set_blocking(listener, false);
  while (true) {
    const int waiting = lwip_accept(listener, nullptr, nullptr);
    if (waiting >= 0) {
      in_lwip(waiting, abort);
      lwip_close(waiting);
    } else if (errno != ECONNABORTED) {  // that one lwIP had turned away itself
      return;
    }
  }
}

}  // namespace

void close(int handle) {
  netconn* connection = connection_of(handle);
  if (connection != nullptr && listens(connection)) {
    drain(handle);
    // With linger lwIP looks for unsent bytes where the smaller PCB of a listener has no such
    // field.
    connection->linger = -1;
  } else if (connection != nullptr && is_stream(connection) && connection->linger >= 0) {
    in_lwip(handle, connection->linger == 0 ? abort : begin_linger);
  }
  lwip_close(handle);
}

// Once both sides have ended lwIP frees a connection without a word to its socket: at the end of
// TIME_WAIT, sooner when PCBs are short, or when a segment for the end that it had no memory for at
// first has been answered. What the socket did next would be done to whoever has that PCB then. So
// the socket lets go of it as soon as both have ended.
namespace {

using Function = void (*)();

// Of a stream's netconn, a flag that lwIP has for datagrams.
constexpr u8_t both_have_ended = 0x40;

// As when lwIP's own callback tells of a reset, but for the event of an error.
void let_go(tcp_pcb* pcb) {
  auto* connection = static_cast<netconn*>(pcb->callback_arg);
  pcb->callback_arg = nullptr;
  pcb->recv = nullptr;
  pcb->poll = nullptr;
  pcb->errf = nullptr;
  SYS_ARCH_DECL_PROTECT(level);
  SYS_ARCH_PROTECT(level);
  connection->pcb.tcp = nullptr;
  connection->pending_err = ERR_CLSD;  // lwIP's word for an end
  connection->flags |= NETCONN_FLAG_MBOXCLOSED | both_have_ended;
  SYS_ARCH_UNPROTECT(level);
}

// In place of lwIP's own, which stands where nothing is called once a connection is made.
err_t receive_to_the_end(void* connection, tcp_pcb* pcb, pbuf* data, err_t error) {
  const auto own = reinterpret_cast<tcp_recv_fn>(reinterpret_cast<Function>(pcb->connected));
  const err_t outcome = own(connection, pcb, data, error);
  if (data != nullptr) return outcome;
  let_go(pcb);
  return ERR_OK;
}

err_t watch_for_the_end(tcpip_api_call_data* call) {
  tcp_pcb* pcb = pcb_of(call);
  if (pcb == nullptr) return ERR_OK;
  if (pcb->state >= CLOSE_WAIT && pcb->refused_data == nullptr) {
    let_go(pcb);
  } else if (pcb->recv != receive_to_the_end) {
    pcb->connected = reinterpret_cast<tcp_connected_fn>(reinterpret_cast<Function>(pcb->recv));
    pcb->recv = receive_to_the_end;
  }
  return ERR_OK;
}

}  // namespace

int shutdown(int handle, Shutdown how) {
  // The reading half is shut in the layer: lwIP would answer the peer's next bytes with a reset.
  if (how == Shutdown::read) return 0;
  if (lwip_shutdown(handle, SHUT_WR) != 0) {
    return errno == EOPNOTSUPP ? 0 : failed;  // datagrams have nothing to tell the peer
  }
  in_lwip(handle, watch_for_the_end);
  return 0;
}

bool both_ended(int handle) {
  const netconn* connection = connection_of(handle);
  return connection != nullptr && (connection->flags & both_have_ended) != 0;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
