// The table of exchanges, and the socket that a server of one listens on.
#include "exchange.hpp"

#include <utility>

#include "table.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

std::span<const Exchange> all() { return table; }

const Exchange* find(std::string_view name) {
  for (const Exchange& exchange : table) {
    if (name == exchange.name) return &exchange;
  }
  return nullptr;
}

Result<Socket> open_server(const Exchange& exchange, const Endpoint& local) {
  Result<Socket> socket = Socket::open(local.family(), exchange.type);
  if (!socket) return socket;
  const bool stream = exchange.type == Type::stream;
  if (stream) {
    if (const auto set = socket->setsockopt(option::reuse_address, true); !set) return set.error();
  }
  if (const auto bound = socket->bind(local); !bound) return bound.error();
  if (stream) {
    if (const auto listening = socket->listen(); !listening) return listening.error();
  }
  return socket;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
