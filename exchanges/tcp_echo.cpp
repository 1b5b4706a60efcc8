// tcp_echo: the server sends back what it reads; the client sends every size from 1 to 1,200, each
// after the answer to the one before, then bursts, and checks each byte that comes back.
#include "echo_stream.hpp"
#include "table.hpp"
#include "timed.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_echo {

Verdict client(Run& run) {
  Result<Socket> socket = connect_to_server(run);
  if (!socket) return Verdict::failed("connect", "a connection", socket.error());
  run.context.report("connected");
  return check_echoes(run, *socket);
}

Verdict server(Run& run, Socket& listening) {
  Result<Socket> socket = accept_client(run, listening);
  if (!socket) return Verdict::failed("accept", "a client", socket.error());
  run.context.report("client connected");
  return echo_until_end(run, *socket);
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::tcp_echo
