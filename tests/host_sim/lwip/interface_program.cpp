// A node whose interface fails: what a program is told (contract, ERR-4).
#include <lwip/netif.h>
#include <lwip/tcpip.h>

#include <twinsock/program.hpp>
#include <twinsock/socket.hpp>

using namespace twinsock;

namespace {

err_t fail(netif*, pbuf*) { return ERR_IF; }

int send(RoleContext& context) {
  Result<Socket> socket = Socket::open(Family::inet, Type::datagram);
  if (!socket || !socket->setsockopt(option::broadcast, true)) return 1;
  const Endpoint everyone(IpAddress::broadcast(), 9);
  if (!socket->sendto("before", everyone)) return 2;
  LOCK_TCPIP_CORE();
  const netif_linkoutput_fn before = netif_default->linkoutput;
  netif_default->linkoutput = fail;
  UNLOCK_TCPIP_CORE();
  const Result<std::size_t> sent = socket->sendto("while it fails", everyone);
  LOCK_TCPIP_CORE();
  netif_default->linkoutput = before;
  UNLOCK_TCPIP_CORE();
  context.report(sent ? "sent" : name(sent.error().code()));
  return socket->sendto("after", everyone) ? 0 : 3;
}

constexpr Role roles[] = {{"send", send, "sends over an interface that fails"}};

}  // namespace

TWINSOCK_PROGRAM(roles)
