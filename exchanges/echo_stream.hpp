// What the echoes over a stream share: the client's sizes and bursts, and the server's bytes back.
#pragma once

#include "exchange.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

// Sends every size from 1 to 1,200, each after the answer to the one before, then bursts, and
// checks each byte that comes back. Reports both.
Verdict check_echoes(Run& run, Socket& connected);
// Sends back what it reads until the end of the stream. Reports how many bytes.
Verdict echo_until_end(Run& run, Socket& accepted);

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
