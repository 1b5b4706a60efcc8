// Runs a function where lwIP's core may be touched, and waits for it: under its lock, or in its own
// thread where it was built without one.
#pragma once

#include <lwip/priv/tcpip_priv.h>

#include <twinsock_backend/backend.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

template <class Body>
void in_core(Body body) {
  struct Call {
    tcpip_api_call_data data;
    Body* body;
  };
  Call call{{}, &body};
  tcpip_api_call(
      [](tcpip_api_call_data* data) -> err_t {
        (*reinterpret_cast<Call*>(data)->body)();  // its first member
        return ERR_OK;
      },
      &call.data);
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
