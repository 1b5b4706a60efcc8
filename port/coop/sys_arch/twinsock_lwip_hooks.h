/* The functions through which lwIP asks us for something (LWIP_HOOK_FILENAME). */
#ifndef TWINSOCK_COOP_LWIP_HOOKS_H
#define TWINSOCK_COOP_LWIP_HOOKS_H

#include "lwip/ip_addr.h"
#include "twinsock_backend/lwip_hooks.h"

#ifdef __cplusplus
extern "C" {
#endif

/* RFC 6528: a clock of 4 us and a keyed hash of the connection. */
u32_t twinsock_tcp_isn(const ip_addr_t* local_ip, u16_t local_port, const ip_addr_t* remote_ip,
                       u16_t remote_port);
#define LWIP_HOOK_TCP_ISN(local_ip, local_port, remote_ip, remote_port) \
  twinsock_tcp_isn(local_ip, local_port, remote_ip, remote_port)

#if LWIP_IPV6
struct netif;
/* The router for destinations outside of our prefixes, before any that announced itself. All zero:
   there is none. */
extern ip6_addr_t twinsock_ipv6_gateway;
#define LWIP_HOOK_ND6_GET_GW(netif, destination) \
  (ip6_addr_isany(&twinsock_ipv6_gateway) ? NULL : &twinsock_ipv6_gateway)
#endif

#ifdef __cplusplus
}
#endif

#endif
