// The interface's life: added, given addresses, asked about.
#include "net/network.hpp"

#include <lwip/dhcp.h>
#include <lwip/netif.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/tcpip.h>
#include <netif/ethernet.h>

#include <twinsock/clock.hpp>

#include "board.hpp"
#include "console/print.hpp"
#include "coop/kernel/kernel.hpp"
#include "net/ethernet_interface.hpp"

namespace firmware {
namespace {

namespace coop = twinsock::coop;
using twinsock::Family;
using twinsock::IpAddress;

netif interface;
coop::Semaphore started, changed;
const NetworkSettings* wanted;
bool is_there;

class CoreLock {
 public:
  CoreLock() { LOCK_TCPIP_CORE(); }
  ~CoreLock() { UNLOCK_TCPIP_CORE(); }
  CoreLock(const CoreLock&) = delete;
  CoreLock& operator=(const CoreLock&) = delete;
};

ip4_addr_t to_lwip(const IpAddress& address) {
  const auto& bytes = address.bytes();
  ip4_addr_t result;
  IP4_ADDR(&result, bytes[0], bytes[1], bytes[2], bytes[3]);
  return result;
}

IpAddress from_lwip(const ip4_addr_t& address) {
  return IpAddress::v4(ip4_addr1(&address), ip4_addr2(&address), ip4_addr3(&address),
                       ip4_addr4(&address));
}

#if LWIP_IPV6
IpAddress from_lwip(const ip6_addr_t& address) {
  std::array<std::uint8_t, 16> bytes;
  std::memcpy(bytes.data(), address.addr, bytes.size());
  return IpAddress::v6(bytes, ip6_addr_islinklocal(&address) ? netif_get_index(&interface) : 0u);
}

void start_ipv6() {
  netif_create_ip6_linklocal_address(&interface, 1);
  netif_set_ip6_autoconfig_enabled(&interface, 1);
  if (wanted->ipv6.family() != Family::inet6) return;
  ip6_addr_t address{};
  std::memcpy(address.addr, wanted->ipv6.bytes().data(), sizeof address.addr);
  s8_t index = -1;
  netif_add_ip6_address(&interface, &address, &index);
  if (index >= 0) netif_ip6_addr_set_state(&interface, index, IP6_ADDR_PREFERRED);
}
#endif

bool has_address() {
  return netif_is_link_up(&interface) && !ip4_addr_isany_val(*netif_ip4_addr(&interface));
}

void on_change(netif*) {
  if (changed.count() == 0) changed.signal();
}

void on_link(netif* link) {
  print_line(netif_is_link_up(link) ? "link up" : "link down");
  on_change(link);
}

// In lwIP's thread, with the core lock.
void add_interface(void*) {
  const bool is_static = wanted->ipv4.family() == Family::inet;
  ip4_addr_t address{}, mask{}, gateway{};
  if (is_static) {
    address = to_lwip(wanted->ipv4);
    mask.addr = lwip_htonl(~std::uint32_t{0} << (32 - wanted->prefix));
  }
  if (wanted->gateway.family() == Family::inet) gateway = to_lwip(wanted->gateway);
  is_there = netif_add(&interface, &address, &mask, &gateway, nullptr, start_ethernet_interface,
                       ethernet_input) != nullptr;
  if (is_there) {
    netif_set_default(&interface);
    netif_set_status_callback(&interface, on_change);
    netif_set_link_callback(&interface, on_link);
    netif_set_up(&interface);
#if LWIP_IPV6
    start_ipv6();
#endif
    if (!is_static) dhcp_start(&interface);
  }
  started.signal();
}

constexpr std::uint64_t look_again_us = 10'000;

bool has_unfinished_connection() {
  const CoreLock lock;
  for (const tcp_pcb* pcb = tcp_active_pcbs; pcb; pcb = pcb->next) {
    const bool is_ending = pcb->state > ESTABLISHED && pcb->state != CLOSE_WAIT;
    if (pcb->unsent || pcb->unacked || is_ending) return true;
  }
  return false;
}

}  // namespace

bool start_network(const NetworkSettings& settings) {
  wanted = &settings;
  started.reset(0);
  changed.reset(0);
  tcpip_init(add_interface, nullptr);
  started.wait(coop::forever);
  return is_there;
}

bool wait_for_address(twinsock::Timeout timeout) {
  const std::uint64_t deadline =
      timeout.is_none() ? coop::forever
                        : coop::now_us() + static_cast<std::uint64_t>(timeout.ms()) * 1000;
  for (;;) {
    {
      const CoreLock lock;
      if (has_address()) return true;
    }
    if (!changed.wait(deadline)) return false;
  }
}

IpAddress own_address(Family family) {
  const CoreLock lock;
  if (family == Family::inet) {
    return has_address() ? from_lwip(*netif_ip4_addr(&interface)) : IpAddress();
  }
#if LWIP_IPV6
  const ip6_addr_t* found = nullptr;
  for (int i = 0; family == Family::inet6 && i < LWIP_IPV6_NUM_ADDRESSES; ++i) {
    if (!ip6_addr_isvalid(netif_ip6_addr_state(&interface, i))) continue;
    const ip6_addr_t* address = netif_ip6_addr(&interface, i);
    if (!found || ip6_addr_islinklocal(found)) found = address;
  }
  if (found) return from_lwip(*found);
#endif
  return {};
}

void finish_connections(twinsock::Timeout timeout) {
  const twinsock::Deadline deadline(timeout);
  while (has_unfinished_connection() && !deadline.expired()) {
    coop::sleep_until(coop::now_us() + look_again_us);
  }
}

void print_network() {
  EthernetReport report;
  bool is_up;
  {
    const CoreLock lock;
    report = ethernet_report();
    is_up = netif_is_link_up(&interface);
  }
  print("en0    ");
  for (int i = 0; i < 6; ++i) {
    print(hex(interface.hwaddr[i], 2));
    print(i < 5 ? ":" : "  ");
  }
  print_line(!is_there ? "no chip" : is_up ? "link up" : "no link");
  const IpAddress v4 = own_address(Family::inet);
  print_line("inet   ", v4.family() == Family::inet ? v4.to_text().view() : "none");
#if LWIP_IPV6
  for (int i = 0; i < LWIP_IPV6_NUM_ADDRESSES; ++i) {
    if (!ip6_addr_isvalid(netif_ip6_addr_state(&interface, i))) continue;
    print_line("inet6  ", from_lwip(*netif_ip6_addr(&interface, i)).to_text().view());
  }
#endif
  print_line("frames ", report.driver.received, " received, ", report.driver.sent, " sent, ",
             report.driver.damaged, " damaged, ", report.driver.unsent, " not sent, ",
             report.driver.missed, " missed, ", report.no_buffer, " without a buffer");
  if (report.driver.restarts > 0) print_line("       ", report.driver.restarts, " bus errors");
}

}  // namespace firmware
