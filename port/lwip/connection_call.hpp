// A function of one connection that runs where lwIP's core may be touched.
#pragma once

#include <lwip/api.h>
#include <lwip/priv/tcpip_priv.h>

#include <twinsock_backend/backend.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

struct ConnectionCall {
  tcpip_api_call_data call;  // first: lwIP hands back its address
  netconn* connection;
};

inline tcp_pcb* pcb_of(tcpip_api_call_data* call) {
  return reinterpret_cast<ConnectionCall*>(call)->connection->pcb.tcp;
}

// Under lwIP's lock, or in its own thread where it was built without one; waits for it.
err_t in_lwip(int handle, tcpip_api_call_fn function);

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
