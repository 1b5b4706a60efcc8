// Multicast over lwIP. Its socket options know IPv4's only, and only by address: the sending
// options go to the UDP PCB itself, which holds one set for both families.
#include <lwip/api.h>
#include <lwip/errno.h>
#include <lwip/igmp.h>
#include <lwip/netif.h>
extern "C" {  // lwIP forgets to say so of one function in it
#include <lwip/priv/sockets_priv.h>
}
#include <lwip/sockets.h>
#include <lwip/tcpip.h>
#include <lwip/udp.h>

#include <cstring>

#include <lwip/backend_internal.hpp>
#include <lwip/in_core.hpp>
#include <native/native_multicast.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

Result<void> change_group(int handle, const IpAddress& group, std::uint32_t interface, bool join) {
  int outcome = failed;
  errno = EAFNOSUPPORT;
#if LWIP_IPV4 && LWIP_IGMP
  if (group.family() == Family::inet) {
    ip_mreq request{};
    std::memcpy(&request.imr_multiaddr, group.bytes().data(), 4);
    if (interface != 0) {
      bool found = false;
      in_core([&] {
        const netif* entry = netif_get_by_index(static_cast<u8_t>(interface));
        found = interface <= 255 && entry != nullptr;
        if (found) std::memcpy(&request.imr_interface, netif_ip4_addr(entry), 4);
      });
      if (!found) return Errc::address_not_available;
    }
    outcome = lwip_setsockopt(handle, IPPROTO_IP, join ? IP_ADD_MEMBERSHIP : IP_DROP_MEMBERSHIP,
                              &request, sizeof(request));
  }
#endif
#if LWIP_IPV6 && LWIP_IPV6_MLD
  if (group.family() == Family::inet6) {
    ipv6_mreq request{};
    std::memcpy(&request.ipv6mr_multiaddr, group.bytes().data(), 16);
    request.ipv6mr_interface = interface;
    if (interface == 0) {  // the stack's choice, which lwIP leaves to the caller
      in_core([&] { request.ipv6mr_interface = netif_get_index(netif_default); });
    }
    outcome = lwip_setsockopt(handle, IPPROTO_IPV6, join ? IPV6_JOIN_GROUP : IPV6_LEAVE_GROUP,
                              &request, sizeof(request));
  }
#endif
  if (outcome == 0) return {};
  return to_error(errno, During::other);
}

#if LWIP_MULTICAST_TX_OPTIONS

namespace {

void set_loop(udp_pcb* pcb, bool on) {
  if (on) {
    udp_set_flags(pcb, UDP_FLAGS_MULTICAST_LOOP);
  } else {
    udp_clear_flags(pcb, UDP_FLAGS_MULTICAST_LOOP);
  }
}

bool is_interface(std::int32_t number) {
  return number == 0 || (number <= 255 && netif_get_by_index(static_cast<u8_t>(number)) != nullptr);
}

}  // namespace

int set_multicast_option(int handle, Family, OptionId id, std::int32_t value) {
  bool done = true;
  in_core([&] {
    udp_pcb* pcb = lwip_socket_dbg_get_socket(handle)->conn->pcb.udp;
    const auto small = static_cast<u8_t>(value);
    if (id == OptionId::multicast_ttl) {
      udp_set_multicast_ttl(pcb, small);
    } else if (id == OptionId::multicast_loop) {
      set_loop(pcb, value != 0);
    } else if (is_interface(value)) {
      udp_set_multicast_netif_index(pcb, small);
    } else {
      done = false;
    }
  });
  if (!done) errno = EADDRNOTAVAIL;
  return done ? 0 : failed;
}

int get_multicast_option(int handle, Family, OptionId id, std::int32_t& value) {
  in_core([&] {
    const udp_pcb* pcb = lwip_socket_dbg_get_socket(handle)->conn->pcb.udp;
    value = id == OptionId::multicast_ttl ? udp_get_multicast_ttl(pcb)
            : id == OptionId::multicast_loop
                ? (udp_is_flag_set(pcb, UDP_FLAGS_MULTICAST_LOOP) ? 1 : 0)
                : udp_get_multicast_netif_index(pcb);
  });
  return 0;
}

#else

int set_multicast_option(int, Family, OptionId, std::int32_t) {
  return errno = ENOPROTOOPT, failed;
}
int get_multicast_option(int, Family, OptionId, std::int32_t&) {
  return errno = ENOPROTOOPT, failed;
}

#endif

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
