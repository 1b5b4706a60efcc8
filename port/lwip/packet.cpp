// Ethernet frames over lwIP. A packet socket is an unbound UDP socket, which no datagram can reach:
// frames of its EtherType are put into its queue, so that it waits, polls and closes as others do.
// The interface's input function is replaced by ours when the first one opens; nothing is stored.
#include <lwip/api.h>
#include <lwip/errno.h>
#include <lwip/netif.h>
extern "C" {  // lwIP forgets to say so of one function in it
#include <lwip/priv/sockets_priv.h>
}
#include <lwip/sockets.h>
#include <lwip/tcpip.h>
#include <lwip/udp.h>
#include <netif/ethernet.h>

#include <cstring>

#include <lwip/backend_internal.hpp>
#include <lwip/in_core.hpp>
#include <native/native_packet.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

#if LWIP_ETHERNET && LWIP_UDP

namespace {

constexpr int family = LWIP_IPV4 ? AF_INET : AF_INET6;

// INVARIANT: a UDP PCB that is not connected but has a remote port is a packet socket; the port is
// its EtherType and netif_idx its interface. Only this file makes one.
udp_pcb* packet_pcb(int handle) {
  const lwip_sock* sock = lwip_socket_dbg_get_socket(handle);
  if (sock == nullptr || sock->conn == nullptr) return nullptr;
  if (NETCONNTYPE_GROUP(netconn_type(sock->conn)) != NETCONN_UDP) return nullptr;
  udp_pcb* pcb = sock->conn->pcb.udp;
  const bool marked =
      pcb != nullptr && pcb->remote_port != 0 && !udp_is_flag_set(pcb, UDP_FLAGS_CONNECTED);
  return marked ? pcb : nullptr;
}

// On lwIP's thread: into the queue of each socket that wants it. False: nobody did.
bool hand_over(pbuf* frame, const netif* input, u16_t ether_type) {
  bool wanted = false;
  for (int i = 0; i < MEMP_NUM_NETCONN; ++i) {
    udp_pcb* pcb = packet_pcb(i + LWIP_SOCKET_OFFSET);
    if (pcb == nullptr || pcb->remote_port != ether_type) continue;
    if (pcb->netif_idx != netif_get_index(input)) continue;
    wanted = true;
    // A copy: each reader frees its own, and lwIP cuts headers off its one.
    pbuf* copy = pbuf_clone(PBUF_RAW, PBUF_POOL, frame);
    if (copy != nullptr) pcb->recv(pcb->recv_arg, pcb, copy, IP_ADDR_ANY, 0);
  }
  return wanted;
}

bool is_stack_own(u16_t ether_type) {
  return ether_type == ETHTYPE_IP || ether_type == ETHTYPE_ARP || ether_type == ETHTYPE_IPV6;
}

err_t input_in_core(pbuf* frame, netif* input) {
  if (frame->len >= SIZEOF_ETH_HDR) {
    const u16_t ether_type = lwip_ntohs(static_cast<const eth_hdr*>(frame->payload)->type);
    if (hand_over(frame, input, ether_type) && !is_stack_own(ether_type)) {
      pbuf_free(frame);
      return ERR_OK;
    }
  }
  return ethernet_input(frame, input);
}

err_t input_by_message(pbuf* frame, netif* input) {
  return tcpip_inpkt(frame, input, input_in_core);
}

// False: this driver hands its frames on in a way of its own.
bool listen_to(netif* interface) {
  if (interface->input == tcpip_input) interface->input = input_by_message;
  if (interface->input == ethernet_input) interface->input = input_in_core;
  return interface->input == input_by_message || interface->input == input_in_core;
}

bool is_ethernet(const netif* interface) {
  return (interface->flags & NETIF_FLAG_ETHERNET) != 0 && interface->hwaddr_len == ETH_HWADDR_LEN;
}

netif* choose(std::uint32_t number) {
  if (number != 0) {
    netif* found = number <= 255 ? netif_get_by_index(static_cast<u8_t>(number)) : nullptr;
    return found != nullptr && is_ethernet(found) ? found : nullptr;
  }
  if (netif_default != nullptr && is_ethernet(netif_default)) return netif_default;
  netif* entry = nullptr;
  NETIF_FOREACH(entry) {
    if (is_ethernet(entry)) return entry;
  }
  return nullptr;
}

}  // namespace

Result<int> packet_open(std::uint16_t ether_type, Interface& interface) {
  const int handle = lwip_socket(family, SOCK_DGRAM, 0);
  if (handle < 0) return last_error(During::open);
  bool done = false;
  in_core([&] {
    netif* found = choose(interface.number);
    if (found == nullptr || !listen_to(found)) return;
    interface.number = netif_get_index(found);
    std::memcpy(interface.address.bytes.data(), found->hwaddr, interface.address.bytes.size());
    udp_pcb* pcb = lwip_socket_dbg_get_socket(handle)->conn->pcb.udp;
    pcb->netif_idx = netif_get_index(found);
    pcb->remote_port = ether_type;
    done = true;
  });
  if (done) return handle;
  lwip_close(handle);
  return Errc::address_not_available;
}

int packet_receive(int handle, MutableBytes header, MutableBytes payload, int flags,
                   Datagram& datagram) {
  std::byte nothing{};
  iovec parts[] = {{header.data(), header.size()}, {payload.data(), payload.size()}};
  if (payload.empty()) parts[1] = {&nothing, 1};  // lwIP refuses a part of no length
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  const ssize_t length = lwip_recvmsg(handle, &message, flags);
  if (length < 0) return failed;
  const std::size_t whole = static_cast<std::size_t>(length) - header.size();
  datagram.truncated = whole > payload.size();
  datagram.size = datagram.truncated ? payload.size() : whole;
  return 0;
}

int packet_send(int, std::uint32_t interface, Bytes header, Bytes payload) {
  const auto size = static_cast<u16_t>(header.size() + payload.size());
  err_t outcome = ERR_MEM;
  in_core([&] {
    netif* output = netif_get_by_index(static_cast<u8_t>(interface));
    if (output == nullptr || !netif_is_up(output) || !netif_is_link_up(output)) {
      outcome = ERR_IF;
      return;
    }
    pbuf* frame = pbuf_alloc(PBUF_RAW, size, PBUF_RAM);
    if (frame == nullptr) return;
    pbuf_take(frame, header.data(), static_cast<u16_t>(header.size()));
    pbuf_take_at(frame, payload.data(), static_cast<u16_t>(payload.size()),
                 static_cast<u16_t>(header.size()));
    outcome = output->linkoutput(output, frame);
    pbuf_free(frame);
  });
  if (outcome == ERR_OK) return 0;
  errno = outcome == ERR_IF ? ENODEV : err_to_errno(outcome);
  return failed;
}

Error packet_error() {
  if (errno == ENODEV) return Error(Errc::network_down, errno);
  return to_error(errno, During::other);
}

Result<std::uint32_t> find_interface(const char* name) {
  std::uint32_t number = 0;
  in_core([&] {
    const netif* found = netif_find(name);
    if (found != nullptr) number = netif_get_index(found);
  });
  if (number == 0) return Errc::address_not_available;
  return number;
}

#else

Result<int> packet_open(std::uint16_t, Interface&) { return Errc::address_family_not_supported; }
int packet_receive(int, MutableBytes, MutableBytes, int, Datagram&) { return failed; }
int packet_send(int, std::uint32_t, Bytes, Bytes) { return failed; }
Error packet_error() { return Errc::address_family_not_supported; }
Result<std::uint32_t> find_interface(const char*) { return Errc::address_not_available; }

#endif

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
