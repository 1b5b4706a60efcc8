// The node's Ethernet interface and its lwIP stack.
#include <cstring>

#include "coop/host/node_internal.hpp"
#include "lwip/etharp.h"
#include "lwip/ethip6.h"
#include "lwip/pbuf.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"
#include "twinsock_lwip_hooks.h"

namespace twinsock::coop {
namespace {

constexpr std::size_t frame_smallest = 60;   // without the checksum, which the cable adds
constexpr std::size_t frame_largest = 1518;  // with a VLAN tag

constinit std::uint8_t frame_buffer[frame_largest]{};

err_t transmit(netif*, pbuf* p) {
  if (p->tot_len > frame_largest) {
    LINK_STATS_INC(link.lenerr);
    return ERR_BUF;
  }
  LINK_STATS_INC(link.xmit);
  if (p->next == nullptr && p->len >= frame_smallest) {
    node.host.transmit(node.host.context, static_cast<const std::uint8_t*>(p->payload), p->len);
    return ERR_OK;
  }
  std::size_t size = pbuf_copy_partial(p, frame_buffer, p->tot_len, 0);
  if (size < frame_smallest) {
    std::memset(frame_buffer + size, 0, frame_smallest - size);
    size = frame_smallest;
  }
  node.host.transmit(node.host.context, frame_buffer, size);
  return ERR_OK;
}

err_t set_up(netif* interface) {
  interface->name[0] = 'e';
  interface->name[1] = 'n';
  interface->hostname = "node";
  interface->linkoutput = transmit;
#if LWIP_IPV4
  interface->output = etharp_output;
#endif
#if LWIP_IPV6
  interface->output_ip6 = ethip6_output;
#endif
  interface->mtu = 1500;
  interface->hwaddr_len = ETH_HWADDR_LEN;
  std::memcpy(interface->hwaddr, node.boot.mac, ETH_HWADDR_LEN);
  interface->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
#if LWIP_IGMP
  interface->flags |= NETIF_FLAG_IGMP;
#endif
#if LWIP_IPV6 && LWIP_IPV6_MLD
  interface->flags |= NETIF_FLAG_MLD6;
#endif
  return ERR_OK;
}

#if LWIP_IPV6
bool all_zero(const std::uint8_t (&bytes)[16]) {
  for (const std::uint8_t byte : bytes) {
    if (byte != 0) return false;
  }
  return true;
}

// The simulator gives addresses out, so there is no duplicate to wait a second for.
void set_ipv6() {
  netif& interface = node.interface;
  netif_create_ip6_linklocal_address(&interface, 1);
  netif_ip6_addr_set_state(&interface, 0, IP6_ADDR_PREFERRED);
  if (all_zero(node.boot.ipv6)) return;
  ip6_addr_t address{};
  std::memcpy(address.addr, node.boot.ipv6, 16);
  ip6_addr_assign_zone(&address, IP6_UNICAST, &interface);
  netif_ip6_addr_set(&interface, 1, &address);
  netif_ip6_addr_set_state(&interface, 1, IP6_ADDR_PREFERRED);
  if (all_zero(node.boot.ipv6_gateway)) return;
  std::memcpy(twinsock_ipv6_gateway.addr, node.boot.ipv6_gateway, 16);
  ip6_addr_assign_zone(&twinsock_ipv6_gateway, IP6_UNICAST, &interface);
}
#endif

// On lwIP's thread, which holds the core lock.
void start_interface(void*) {
  netif& interface = node.interface;
#if LWIP_IPV4
  ip4_addr_t address, mask, gateway;
  std::memcpy(&address.addr, node.boot.ipv4, 4);
  std::memcpy(&mask.addr, node.boot.ipv4_mask, 4);
  std::memcpy(&gateway.addr, node.boot.ipv4_gateway, 4);
  netif_add(&interface, &address, &mask, &gateway, nullptr, set_up, tcpip_input);
#else
  netif_add(&interface, nullptr, set_up, tcpip_input);
#endif
  netif_set_default(&interface);
#if LWIP_IPV6
  set_ipv6();
#endif
  netif_set_up(&interface);
  if (node.link_wanted) netif_set_link_up(&interface);
  node.link_pending = false;
  node.interface_up = true;
  if (node.role != nullptr &&
      sys_thread_new(node.role->name, run_role, nullptr, TWINSOCK_THREAD_STACK_SIZE,
                     TWINSOCK_THREAD_PRIORITY) == nullptr) {
    panic("there is no thread for the role", __FILE__, __LINE__);
  }
}

void apply_link(void*) {
  if (node.link_wanted) {
    netif_set_link_up(&node.interface);
  } else {
    netif_set_link_down(&node.interface);
  }
}

}  // namespace

void start_stack() { tcpip_init(start_interface, nullptr); }

void deliver_link() {
  if (!node.link_pending || !node.interface_up) return;
  node.link_pending = tcpip_try_callback(apply_link, nullptr) != ERR_OK;
}

int receive_frame(const std::uint8_t* frame, std::size_t size) {
  LINK_STATS_INC(link.recv);
  if (!node.interface_up || !node.link_wanted) {
    LINK_STATS_INC(link.drop);
    return -1;
  }
  if (size < frame_smallest || size > frame_largest) {
    LINK_STATS_INC(link.lenerr);
    return -1;
  }
  pbuf* p = pbuf_alloc(PBUF_RAW, static_cast<u16_t>(size), PBUF_POOL);
  if (p == nullptr) {
    LINK_STATS_INC(link.memerr);
    return -1;
  }
  pbuf_take(p, frame, static_cast<u16_t>(size));
  if (node.interface.input(p, &node.interface) != ERR_OK) {
    pbuf_free(p);
    LINK_STATS_INC(link.drop);
    return -1;
  }
  return 0;
}

}  // namespace twinsock::coop
