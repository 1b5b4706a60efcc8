// Frames between the board's Ethernet driver and lwIP.
#include "net/ethernet_interface.hpp"

#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/pbuf.h>
#include <lwip/snmp.h>
#include <lwip/tcpip.h>
#include <netif/ethernet.h>

#include "arch/cortex_m/registers.hpp"
#include "board.hpp"
#include "coop/kernel/kernel.hpp"

namespace firmware {
namespace {

namespace coop = twinsock::coop;

static_assert(drivers::EthernetDriver<decltype(board::ethernet)>);

constexpr int frames_at_once = 16;  // then other messages to lwIP's thread have their turn
constexpr std::uint64_t retry_us = 1'000;
constexpr std::uint64_t link_poll_us =
    std::uint64_t{1'000} * decltype(board::ethernet)::link_poll_ms;

netif* interface;
tcpip_callback_msg* message;
std::uint32_t no_buffer;

void post();

// lwIP's mailbox was full when the interrupt came.
coop::Timer retry{.expired = [](coop::Timer&) { post(); }};

void post() {
  if (tcpip_callbackmsg_trycallback_fromisr(message) != ERR_OK) {
    coop::arm(retry, coop::now_us() + retry_us);
  }
}

// A chip that does not interrupt for its link is asked.
bool is_time_to_ask = false;
coop::Timer link_poll{.expired = [](coop::Timer& timer) {
  is_time_to_ask = true;
  post();
  coop::arm(timer, coop::now_us() + link_poll_us);
}};

void receive(std::size_t size) {
  pbuf* const frame = pbuf_alloc(PBUF_RAW, static_cast<u16_t>(size), PBUF_POOL);
  if (!frame) {
    ++no_buffer;
    return;
  }
  for (pbuf* part = frame; part; part = part->next) {
    board::ethernet.read(static_cast<std::uint8_t*>(part->payload), part->len);
  }
  board::ethernet.finish_receive();
  if (interface->input(frame, interface) != ERR_OK) pbuf_free(frame);
}

// In lwIP's thread, with the core lock.
void take_frames(void*) {
  if (board::ethernet.acknowledge() || is_time_to_ask) {
    is_time_to_ask = false;
    (board::ethernet.link_is_up() ? netif_set_link_up : netif_set_link_down)(interface);
  }
  for (int i = 0; i < frames_at_once; ++i) {
    const std::size_t size = board::ethernet.begin_receive();
    if (size == 0) {
      board::ethernet.unmask();
      return;
    }
    receive(size);
    board::ethernet.finish_receive();
  }
  post();
}

err_t send(netif*, pbuf* frame) {
  const std::size_t size = frame->tot_len;
  const std::size_t padding = size < drivers::shortest_frame ? drivers::shortest_frame - size : 0;
  if (!board::ethernet.begin_send(size + padding)) return ERR_IF;
  for (const pbuf* part = frame; part; part = part->next) {
    board::ethernet.write(static_cast<const std::uint8_t*>(part->payload), part->len);
    if (part->len == part->tot_len) break;
  }
  static constexpr std::uint8_t zeros[drivers::shortest_frame] = {};
  board::ethernet.write(zeros, padding);
  board::ethernet.finish_send();
  return ERR_OK;
}

}  // namespace

void on_ethernet_interrupt() {
  board::ethernet.mask();
  post();
}

err_t start_ethernet_interface(netif* added) {
  interface = added;
  interface->name[0] = 'e';
  interface->name[1] = 'n';
  interface->output = etharp_output;
#if LWIP_IPV6
  interface->output_ip6 = ethip6_output;
#endif
  interface->linkoutput = send;
  interface->mtu = 1500;
  interface->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET |
                     NETIF_FLAG_IGMP | NETIF_FLAG_MLD6;
  interface->hwaddr_len = ETH_HWADDR_LEN;

  drivers::MacAddress mac = board::mac_address();
  if (!board::ethernet.start(mac)) return ERR_IF;
  SMEMCPY(interface->hwaddr, mac.data(), mac.size());
  message = tcpip_callbackmsg_new(take_frames, nullptr);
  if (!message) return ERR_MEM;
  if (board::ethernet.link_is_up()) netif_set_link_up(interface);
  core::enable_interrupt(board::ethernet_interrupt);
  board::ethernet.unmask();
  if (link_poll_us > 0) coop::arm(link_poll, coop::now_us() + link_poll_us);
  return ERR_OK;
}

EthernetReport ethernet_report() { return {board::ethernet.counters(), no_buffer}; }

}  // namespace firmware
