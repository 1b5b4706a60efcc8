// Looking inside a node: its sockets in the manner of `ss`, its pools and its threads.
#include <cstdio>
#include <cstring>

#include "coop/host/node_internal.hpp"
#include "lwip/api.h"
#include "lwip/memp.h"
#include "lwip/priv/memp_priv.h"
#include "lwip/priv/tcp_priv.h"
#include "lwip/raw.h"
#include "lwip/sockets.h"
#include "lwip/stats.h"
#include "lwip/udp.h"
extern "C" {  // the one header of lwIP's that forgets it
#include "lwip/priv/sockets_priv.h"
}

namespace twinsock::coop {
namespace {

// Counts every row and writes those that fit.
template <typename Row>
class Rows {
 public:
  Rows(Row* rows, std::size_t capacity) : rows_(rows), capacity_(capacity) {}
  Row* next() {
    Row* row = count_ < capacity_ ? &rows_[count_] : nullptr;
    ++count_;
    if (row != nullptr) *row = Row{};
    return row;
  }
  std::size_t count() const { return count_; }

 private:
  Row* rows_;
  std::size_t capacity_;
  std::size_t count_ = 0;
};
using SocketRows = Rows<TwinsockSocketRow>;

IpAddress address_of(const ip_addr_t& address) {
#if LWIP_IPV6
  if (IP_IS_V6_VAL(address)) {
    const ip6_addr_t* v6 = ip_2_ip6(&address);
    std::array<std::uint8_t, 16> bytes;
    std::memcpy(bytes.data(), v6->addr, bytes.size());
    return IpAddress::v6(bytes, ip6_addr_zone(v6));
  }
#endif
#if LWIP_IPV4
  const ip4_addr_t* v4 = ip_2_ip4(&address);
  return IpAddress::v4(ip4_addr1(v4), ip4_addr2(v4), ip4_addr3(v4), ip4_addr4(v4));
#else
  return {};
#endif
}

void put_address(char (&text)[64], const ip_addr_t& address, unsigned port) {
  const AddressText words = address_of(address).to_text();
  const char* form = IP_IS_V6_VAL(address) ? "[%s]:%u" : "%s:%u";
  std::snprintf(text, sizeof text, form, words.c_str(), port);
}

const char* state_name(tcp_state state) {
  static constexpr const char* names[] = {"CLOSED",      "LISTEN",     "SYN-SENT",   "SYN-RECEIVED",
                                          "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT",
                                          "CLOSING",     "LAST-ACK",   "TIME-WAIT"};
  return names[state];
}

// The socket that owns a pcb; null if lwIP itself does (DHCP, DNS) or nobody any more.
const netconn* owner_of(const void* pcb) {
  for (int i = 0; i < MEMP_NUM_NETCONN; ++i) {
    const lwip_sock* socket = lwip_socket_dbg_get_socket(LWIP_SOCKET_OFFSET + i);
    if (socket != nullptr && socket->conn != nullptr && socket->conn->pcb.ip == pcb) {
      return socket->conn;
    }
  }
  return nullptr;
}

std::uint32_t waiting_bytes(const void* pcb) {
  const netconn* owner = owner_of(pcb);
  return owner != nullptr && owner->recv_avail > 0 ? static_cast<std::uint32_t>(owner->recv_avail)
                                                   : 0;
}

void add_listener(SocketRows& rows, const tcp_pcb_listen& pcb) {
  TwinsockSocketRow* row = rows.next();
  if (row == nullptr) return;
  row->kind = "tcp-listen";
  row->state = state_name(pcb.state);
  row->receive_queue = pcb.accepts_pending;
  row->send_queue = pcb.backlog;
  row->timer_ms = -1;
  put_address(row->local, pcb.local_ip, pcb.local_port);
  std::strcpy(row->remote, "*");
}

void add_connection(SocketRows& rows, const tcp_pcb& pcb) {
  TwinsockSocketRow* row = rows.next();
  if (row == nullptr) return;
  row->kind = "tcp";
  row->state = state_name(pcb.state);
  put_address(row->local, pcb.local_ip, pcb.local_port);
  put_address(row->remote, pcb.remote_ip, pcb.remote_port);
  row->timer_ms = -1;
  if (pcb.state == TIME_WAIT || pcb.state == CLOSED) return;
  const std::uint32_t window_used = TCP_WND_MAX(&pcb) - pcb.rcv_wnd;
  row->receive_queue = waiting_bytes(&pcb) != 0 ? waiting_bytes(&pcb) : window_used;
  row->send_queue = TCP_SND_BUF - pcb.snd_buf;
  row->congestion_window = pcb.cwnd;
  row->slow_start_threshold = pcb.ssthresh;
  row->send_window = pcb.snd_wnd;
  row->receive_window = pcb.rcv_wnd;
  row->rto_ms = static_cast<std::uint32_t>(pcb.rto) * TCP_SLOW_INTERVAL;
  row->retransmits = pcb.nrtx;
  if (pcb.rtime >= 0) {
    const int left = pcb.rto - pcb.rtime;
    row->timer_ms = left > 0 ? left * TCP_SLOW_INTERVAL : 0;
  }
}

void add_datagram_socket(SocketRows& rows, const udp_pcb& pcb) {
  TwinsockSocketRow* row = rows.next();
  if (row == nullptr) return;
  row->kind = "udp";
  row->state = "";
  row->receive_queue = waiting_bytes(&pcb);
  row->timer_ms = -1;
  put_address(row->local, pcb.local_ip, pcb.local_port);
  put_address(row->remote, pcb.remote_ip, pcb.remote_port);
}

void add_raw_socket(SocketRows& rows, const raw_pcb& pcb) {
  TwinsockSocketRow* row = rows.next();
  if (row == nullptr) return;
  row->kind = "raw";
  row->state = "";
  row->receive_queue = waiting_bytes(&pcb);
  row->timer_ms = -1;
  put_address(row->local, pcb.local_ip, pcb.protocol);
  put_address(row->remote, pcb.remote_ip, 0);
}

constexpr const char* pool_names[] = {
#define LWIP_MEMPOOL(name, num, size, desc) #name,
#include "lwip/priv/memp_std.h"
};

const char* thread_state_name(ThreadState state) {
  switch (state) {
    case ThreadState::unused: return "unused";
    case ThreadState::ready: return "ready";
    case ThreadState::running: return "running";
    case ThreadState::waiting: return "waiting";
    case ThreadState::ended: return "ended";
  }
  return "";
}

}  // namespace

std::size_t socket_rows(TwinsockSocketRow* rows, std::size_t capacity) {
  SocketRows table(rows, capacity);
  if (!node.started) return 0;
  for (const tcp_pcb_listen* pcb = tcp_listen_pcbs.listen_pcbs; pcb != nullptr; pcb = pcb->next) {
    add_listener(table, *pcb);
  }
  for (const tcp_pcb* list : {tcp_bound_pcbs, tcp_active_pcbs, tcp_tw_pcbs}) {
    for (const tcp_pcb* pcb = list; pcb != nullptr; pcb = pcb->next) add_connection(table, *pcb);
  }
  for (const udp_pcb* pcb = udp_pcbs; pcb != nullptr; pcb = pcb->next) {
    add_datagram_socket(table, *pcb);
  }
  for (int i = 0; i < MEMP_NUM_NETCONN; ++i) {  // lwIP does not show its list of raw pcbs
    const lwip_sock* socket = lwip_socket_dbg_get_socket(LWIP_SOCKET_OFFSET + i);
    if (socket == nullptr || socket->conn == nullptr || socket->conn->pcb.raw == nullptr) continue;
    if (NETCONNTYPE_GROUP(socket->conn->type) == NETCONN_RAW) {
      add_raw_socket(table, *socket->conn->pcb.raw);
    }
  }
  return table.count();
}

std::size_t pool_rows(TwinsockPoolRow* rows, std::size_t capacity) {
  Rows<TwinsockPoolRow> table(rows, capacity);
  if (!node.started) return 0;
  const auto add = [&table](const char* name, const stats_mem& stats) {
    TwinsockPoolRow* row = table.next();
    if (row != nullptr) {
      *row = {name, static_cast<std::uint32_t>(stats.used), static_cast<std::uint32_t>(stats.max),
              static_cast<std::uint32_t>(stats.avail), stats.err};
    }
  };
#if MEMP_STATS
  for (int i = 0; i < MEMP_MAX; ++i) add(pool_names[i], *memp_pools[i]->stats);
#endif
#if MEM_STATS
  add("heap", lwip_stats.mem);
#endif
  return table.count();
}

std::size_t thread_rows(TwinsockThreadRow* rows, std::size_t capacity) {
  Rows<TwinsockThreadRow> table(rows, capacity);
  for (const Thread* thread = threads(); thread != nullptr; thread = thread->next_created) {
    if (TwinsockThreadRow* row = table.next()) {
      *row = {thread->name, thread_state_name(thread->state),
              static_cast<std::uint32_t>(thread->stack_size),
              static_cast<std::uint32_t>(stack_highest(*thread))};
    }
  }
  return table.count();
}

}  // namespace twinsock::coop
