// The table of exchanges, and the socket that a server of one listens on.
#include "exchange.hpp"

#include <utility>

#include "local.hpp"
#include "table.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

std::span<const Exchange> all() { return table; }

const Exchange* find(std::string_view name) {
  for (const Exchange& exchange : table) {
    if (name == exchange.name) return &exchange;
  }
  return nullptr;
}

const char* lacking(const Exchange& exchange, Family family) {
  if (exchange.over != Over::ip && family != Family::inet) {
    return "it is not over IP; --family inet runs it";
  }
  if (exchange.finds == Finds::by_broadcast && family == Family::inet6) {
    return "IPv6 has no broadcast; multicast_discovery does the same with a group";
  }
  return nullptr;
}

const char* lacking_over_lwip(const Exchange& exchange, Family family) {
  if (exchange.over == Over::local) {
    return "lwIP has no local sockets (AF_UNIX): open_local says address_family_not_supported";
  }
  return lacking(exchange, family);
}

Result<Socket> open_local_server(std::string_view local) {
  Result<Socket> socket = open_local(Type::stream);
  if (!socket) return socket;
  const Result<LocalAddress> name = local.empty() ? LocalAddress() : parse_local(local);
  if (!name) return name.error();
  if (const auto bound = bind_anew(*socket, *name); !bound) return bound.error();
  if (const auto listening = socket->listen(); !listening) return listening.error();
  return socket;
}

Result<Socket> open_server(const Exchange& exchange, const Endpoint& asked) {
  const Protocol icmp = asked.family() == Family::inet6 ? 58 : 1;
  Result<Socket> socket =
      Socket::open(asked.family(), exchange.type, exchange.type == Type::raw ? icmp : 0);
  if (!socket) return socket;
  const bool to_many = exchange.finds == Finds::by_group || exchange.finds == Finds::by_broadcast;
  const Endpoint local(to_many ? IpAddress::any(asked.family()) : asked.address(),
                       exchange.type == Type::raw ? std::uint16_t{0} : asked.port());
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
