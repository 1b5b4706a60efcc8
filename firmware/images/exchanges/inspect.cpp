// sockets and pools: lwIP's own lists, read with its core locked.
#include <lwip/memp.h>
#include <lwip/priv/tcp_priv.h>
#include <lwip/stats.h>
#include <lwip/tcpip.h>
#include <lwip/udp.h>

#include "console/print.hpp"
#include "images/exchanges/commands.hpp"

namespace firmware {

constinit const char* const pool_names[MEMP_MAX] = {
#define LWIP_MEMPOOL(name, count, size, description) #name,
#include <lwip/priv/memp_std.h>
};

namespace {

void print_end(const ip_addr_t& address, u16_t port) {
  char text[48];
  print(ipaddr_ntoa_r(&address, text, sizeof text));
  print_part(':');
  print_part(port);
}

void print_connection(const tcp_pcb& pcb) {
  print_part(Column{"tcp", 5});
  print_part(Column{tcp_debug_state_str(pcb.state), 13});
  print_end(pcb.local_ip, pcb.local_port);
  print("  ");
  print_end(pcb.remote_ip, pcb.remote_port);
  print_line("  window ", pcb.rcv_wnd, ", unsent and unacknowledged ",
             static_cast<u32_t>(pcb.snd_lbb - pcb.lastack), ", resent ", pcb.nrtx);
}

void print_row(const char* name, u32_t used, u32_t most, u32_t available, u32_t failed) {
  print_line(Column{name, 18}, Figure{used, 8}, Figure{most, 8}, Figure{available, 11},
             Figure{failed, 8});
}

}  // namespace

int print_sockets(Words) {
  LOCK_TCPIP_CORE();
  for (const tcp_pcb_listen* pcb = tcp_listen_pcbs.listen_pcbs; pcb; pcb = pcb->next) {
    print_part(Column{"tcp", 5});
    print_part(Column{"LISTEN", 13});
    print_end(pcb->local_ip, pcb->local_port);
    print_line("  waiting ", pcb->accepts_pending, " of ", pcb->backlog);
  }
  for (const tcp_pcb* pcb = tcp_active_pcbs; pcb; pcb = pcb->next) print_connection(*pcb);
  for (const tcp_pcb* pcb = tcp_tw_pcbs; pcb; pcb = pcb->next) print_connection(*pcb);
  for (const udp_pcb* pcb = udp_pcbs; pcb; pcb = pcb->next) {
    print_part(Column{"udp", 18});
    print_end(pcb->local_ip, pcb->local_port);
    print("\n");
  }
  UNLOCK_TCPIP_CORE();
  return 0;
}

int print_pools(Words) {
  print_line("pool                  used    most  available  failed");
#if MEMP_STATS
  for (int i = 0; i < MEMP_MAX; ++i) {
    const stats_mem& row = *memp_pools[i]->stats;
    print_row(pool_names[i], row.used, row.max, row.avail, row.err);
  }
#endif
#if MEM_STATS
  const stats_mem& heap = lwip_stats.mem;
  print_row("heap (bytes)", heap.used, heap.max, heap.avail, heap.err);
#endif
  return 0;
}

}  // namespace firmware
