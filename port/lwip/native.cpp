// The seam over lwIP's sockets.
#include <lwip/api.h>
#include <lwip/errno.h>
#include <lwip/netif.h>
#include <lwip/raw.h>
#include <lwip/sockets.h>
#include <lwip/sys.h>
#include <lwip/tcp.h>
#include <lwip/tcpip.h>
#include <lwip/udp.h>
extern "C" {  // lwIP forgets to say so of one function in it
#include <lwip/priv/sockets_priv.h>
}
#include <lwip/priv/tcp_priv.h>
#include <lwip/priv/tcpip_priv.h>

#include <lwip/address.hpp>
#include <lwip/backend_internal.hpp>
#include <lwip/connection_call.hpp>
#include <native/address_backend.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

netconn* connection_of(int handle) {
  const lwip_sock* sock = lwip_socket_dbg_get_socket(handle);
  return sock != nullptr ? sock->conn : nullptr;
}

bool is_stream(const netconn* connection) {
  return NETCONNTYPE_GROUP(netconn_type(connection)) == NETCONN_TCP;
}

// As a call costs less flash than what it does.
[[gnu::noinline, gnu::cold]] int fail_with(int code) {
  errno = code;
  return failed;
}

bool listens(const netconn* connection) {
  const tcp_pcb* pcb = connection->pcb.tcp;
  return is_stream(connection) && pcb != nullptr && pcb->state == LISTEN;
}

int set_blocking(int handle, bool blocking) {
  int non_blocking = blocking ? 0 : 1;
  return lwip_ioctl(handle, FIONBIO, &non_blocking);
}

err_t in_lwip(int handle, tcpip_api_call_fn function) {
  ConnectionCall call{{}, connection_of(handle)};
  return tcpip_api_call(function, &call.call);
}

namespace {

#if LWIP_IPV4
constexpr std::size_t port_offset = offsetof(sockaddr_in, sin_port);
#endif
#if LWIP_IPV6
#if LWIP_IPV4
static_assert(offsetof(sockaddr_in6, sin6_port) == port_offset);
#else
constexpr std::size_t port_offset = offsetof(sockaddr_in6, sin6_port);
#endif
#endif

// Every address of a family, the mapped one too.
bool is_any(const IpAddress& address) {
  const std::uint8_t* v4 = AddressBackend::v4_bytes(address);
  return v4 != nullptr ? (v4[0] | v4[1] | v4[2] | v4[3]) == 0 : address.is_any();
}

// lwIP binds to any address; a host may only bind to its own (RFC 1122 3.3.4.2).
bool is_own(const IpAddress& address) {
  if (is_any(address) || AddressBackend::is_group(address)) return true;
  [[maybe_unused]] const std::uint8_t* v4 = AddressBackend::v4_bytes(address);
  bool found = false;
  LOCK_TCPIP_CORE();
  struct netif* interface = nullptr;
  NETIF_FOREACH(interface) {
#if LWIP_IPV4
    if (v4 != nullptr && std::memcmp(netif_ip4_addr(interface), v4, 4) == 0) found = true;
#endif
#if LWIP_IPV6
    for (s8_t i = 0; v4 == nullptr && i < LWIP_IPV6_NUM_ADDRESSES; ++i) {
      if (ip6_addr_isvalid(netif_ip6_addr_state(interface, i)) &&
          std::memcmp(netif_ip6_addr(interface, i)->addr, address.bytes().data(), 16) == 0) {
        found = true;
      }
    }
#endif
  }
  UNLOCK_TCPIP_CORE();
  return found;
}

// Its port stands at one place in every family's; 0 if it has none.
socklen_t own_name(int handle, NativeAddress& name, in_port_t& port) {
  socklen_t size = sizeof(name);
  if (lwip_getsockname(handle, &name.any, &size) != 0) return 0;
  std::memcpy(&port, reinterpret_cast<const char*>(&name) + port_offset, sizeof(port));
  return size;
}

constexpr std::size_t ipv6_header_size = 40;

// What lwIP puts in front of a packet and POSIX does not: the header of a raw IPv6 socket's.
std::size_t hidden_header([[maybe_unused]] int handle) {
#if LWIP_RAW && LWIP_IPV6
  if (const netconn* connection = connection_of(handle)) {
    const netconn_type type = netconn_type(connection);
    if (NETCONNTYPE_GROUP(type) == NETCONN_RAW && NETCONNTYPE_ISIPV6(type)) return ipv6_header_size;
  }
#endif
  return 0;
}

}  // namespace

socklen_t to_destination(const Endpoint& peer, NativeAddress& address) {
  const socklen_t size = to_native(peer, address);
  if (!is_any(peer.address())) return size;
#if LWIP_IPV4
  if (peer.family() == Family::inet) address.inet.sin_addr.s_addr = PP_HTONL(INADDR_LOOPBACK);
#endif
#if LWIP_IPV6
  if (peer.family() == Family::inet6) {
    address.inet6.sin6_addr.s6_addr[15] = 1;
    if (!peer.address().is_any()) address.inet6.sin6_addr.s6_addr[12] = 127;
  }
#endif
  return size;
}

static_assert(to_flags(Flags::peek) == MSG_PEEK && to_flags(Flags::dont_wait) == MSG_DONTWAIT);

std::ptrdiff_t recv(int handle, void* data, std::size_t size, int flags) {
  return lwip_recv(handle, data, size, flags);
}

namespace {

// Bytes that lwIP has queued although the send failed; not_called: none, try again. The number
// moves only by sends on this socket.
[[gnu::noinline, gnu::cold]] std::ptrdiff_t count_queued(const netconn* connection,
                                                         u32_t next_before, bool waits,
                                                         int handle) {
  const tcp_pcb* pcb = connection->pcb.tcp;
  if (pcb == nullptr) return fail_with(ENOTCONN);
  if (pcb->snd_lbb != next_before) return static_cast<s32_t>(pcb->snd_lbb - next_before);
  if (!waits) return fail_with(EWOULDBLOCK);
  wait(handle, true, Timeout::from_ms(250));
  return not_called;
}

}  // namespace

// While the interface is down lwIP answers a send on a stream with "no route", although it has
// queued the bytes and will send them once the cable is back: they must not be sent again. What it
// queued is the difference of the sequence number that the next byte will get.
//
// lwip_send would look the connection up once more. The core never sends on a listener, whose PCB
// has no such number, and closes no handle while a task is in here.
std::ptrdiff_t send(int handle, const void* data, std::size_t size, int flags) {
  netconn* connection = connection_of(handle);
  if (connection == nullptr || !is_stream(connection)) {
    return lwip_send(handle, data, size, flags);
  }
  const bool waits = (flags & MSG_DONTWAIT) == 0;
  const u8_t how = waits ? NETCONN_COPY : NETCONN_COPY | NETCONN_DONTBLOCK;
  std::ptrdiff_t outcome = not_called;
  while (outcome == not_called) {
    const tcp_pcb* pcb = connection->pcb.tcp;
    const u32_t next = pcb != nullptr ? pcb->snd_lbb : 0;
    std::size_t sent = 0;
    const err_t error = netconn_write_partly(connection, data, size, how, &sent);
    if (error == ERR_OK) return static_cast<std::ptrdiff_t>(sent);
    outcome = error == ERR_RTE ? count_queued(connection, next, waits, handle)
                               : fail_with(err_to_errno(error));
  }
  return outcome;
}

int open(Family family, Type type, Protocol protocol) {
#if !LWIP_IPV4
  if (family == Family::inet) return fail_with(EAFNOSUPPORT);
#endif
#if !LWIP_IPV6
  if (family == Family::inet6) return fail_with(EAFNOSUPPORT);
#endif
#if !LWIP_RAW
  if (type == Type::raw) return fail_with(EOPNOTSUPP);
#endif
  const int native_type = type == Type::stream     ? SOCK_STREAM
                          : type == Type::datagram ? SOCK_DGRAM
                                                   : SOCK_RAW;
  const int handle = lwip_socket(family == Family::inet ? AF_INET : AF_INET6, native_type,
                                 type == Type::datagram ? IPPROTO_UDP : protocol);
#if LWIP_RAW && LWIP_IPV6
  if (handle >= 0 && type == Type::raw && family == Family::inet6) {  // no IPv4 packets
    IP_SET_TYPE_VAL(lwip_socket_dbg_get_socket(handle)->conn->pcb.raw->local_ip, IPADDR_TYPE_V6);
  }
#endif
#if LWIP_MULTICAST_TX_OPTIONS
  if (handle >= 0 && type == Type::datagram) {  // as POSIX has them; lwIP: 255 hops, no loop
    udp_pcb* pcb = lwip_socket_dbg_get_socket(handle)->conn->pcb.udp;
    udp_set_multicast_ttl(pcb, 1);
    udp_set_flags(pcb, UDP_FLAGS_MULTICAST_LOOP);
  }
#endif
  return handle;
}

Result<Description> describe(int handle) {
  const netconn* connection = connection_of(handle);
  if (connection == nullptr) return Error(Errc::closed, EBADF);
  const netconn_type type = netconn_type(connection);
  Endpoint peer;
  Description found{Family::inet, Type::stream, IPPROTO_TCP, false,
                    peer_endpoint(handle, peer) == 0};
  if (NETCONNTYPE_ISIPV6(type)) found.family = Family::inet6;
  if (is_stream(connection)) {
    found.listening = listens(connection);
  } else if (NETCONNTYPE_GROUP(type) == NETCONN_UDP) {
    found.type = Type::datagram;
    found.protocol = IPPROTO_UDP;
  } else {
    found.type = Type::raw;
#if LWIP_RAW
    found.protocol = connection->pcb.raw->protocol;
#endif
  }
  return found;
}

int bind(int handle, Type type, const Endpoint& local) {
  NativeAddress address;
  in_port_t port = 0;
  // Of a raw socket lwIP says its protocol for a port.
  if (type != Type::raw && own_name(handle, address, port) != 0 && port != 0) {
    return fail_with(EINVAL);
  }
  const socklen_t size = to_native(local, address);
  if (size == 0) return fail_with(EAFNOSUPPORT);
  if (!is_own(local.address())) return fail_with(EADDRNOTAVAIL);
  return lwip_bind(handle, &address.any, size);
}

namespace {

// Of every family: lwIP keeps zeros behind an IPv4 address.
bool is_at_any(const tcp_pcb* pcb) {
  return std::memcmp(&pcb->local_ip, IP_ADDR_ANY, LWIP_IPV6 ? 16 : 4) == 0;
}

constexpr int one_of_each = IPADDR_TYPE_V4 ^ IPADDR_TYPE_V6;
static_assert((IPADDR_TYPE_ANY ^ IPADDR_TYPE_V4) != one_of_each &&
              (IPADDR_TYPE_ANY ^ IPADDR_TYPE_V6) != one_of_each);

// Whether a listener has this socket's port, and one of both has all addresses of a family that the
// other serves. Equal addresses lwIP finds itself.
err_t find_listener_in_lwip(tcpip_api_call_data* call) {
  const tcp_pcb* own = reinterpret_cast<ConnectionCall*>(call)->connection->pcb.tcp;
  for (const tcp_pcb* each = tcp_listen_pcbs.pcbs; each != nullptr; each = each->next) {
    const int kinds = IP_GET_TYPE(&own->local_ip) ^ IP_GET_TYPE(&each->local_ip);
    if (each->local_port == own->local_port && each != own && kinds != one_of_each &&
        (is_at_any(own) || is_at_any(each))) {
      return ERR_USE;
    }
  }
  return ERR_OK;
}

}  // namespace

int listen(int handle, int backlog) {
  NativeAddress local;
  in_port_t port = 0;
  const socklen_t size = own_name(handle, local, port);
  if (size == 0) return failed;
  // lwIP would listen on port 0, which nobody can reach.
  if (port == 0 && lwip_bind(handle, &local.any, size) != 0) return failed;
  if (in_lwip(handle, find_listener_in_lwip) != ERR_OK) return fail_with(EADDRINUSE);
  return lwip_listen(handle, backlog);
}

int accept(int handle, bool inherits, Endpoint& peer) {
  const int accepted = lwip_accept(handle, nullptr, nullptr);
  if (accepted < 0) return failed;
  // Asked for here, an IPv4 peer of an inet6 listener has its mapped address, as its socket says.
  if (peer_endpoint(accepted, peer) != 0) peer = Endpoint();
  if (inherits) reset_inherited(accepted);
  return accepted;
}

int connect(int handle, const Endpoint& peer) {
  NativeAddress address;
  const socklen_t size = to_destination(peer, address);
  if (size == 0) return fail_with(EAFNOSUPPORT);
  return lwip_connect(handle, &address.any, size);
}

int disconnect(int handle) {
  NativeAddress nobody{};
  nobody.any.sa_family = AF_UNSPEC;
  return lwip_connect(handle, &nobody.any, sizeof(nobody.any));
}

namespace {

using GetName = int (*)(int handle, sockaddr* name, socklen_t* size);

int name_of(int handle, GetName get, Endpoint& endpoint) {
  NativeAddress address{};
  socklen_t size = sizeof(address);
  if (get(handle, &address.any, &size) != 0) return failed;
  from_native(address, endpoint);
  return 0;
}

}  // namespace

int local_endpoint(int handle, Endpoint& local) { return name_of(handle, lwip_getsockname, local); }

int peer_endpoint(int handle, Endpoint& peer) { return name_of(handle, lwip_getpeername, peer); }

int receive_list(int handle, iovec* list, int count, int flags, Endpoint& peer,
                 Datagram& datagram) {
  std::size_t room = 0;
  for (int i = 1; i <= count; ++i) room += list[i].iov_len;
  // What is not handed on: an IPv6 header; and, as lwIP refuses a part of no length, a byte.
  std::byte header[ipv6_header_size];
  const std::size_t hidden = hidden_header(handle);
  const bool is_used = hidden > 0 || room == 0;
  if (room == 0) count = 0;
  list[0] = {header, hidden > 0 ? hidden : 1};
  NativeAddress address{};
  msghdr message{};
  message.msg_name = &address;
  message.msg_namelen = sizeof(address);
  message.msg_iov = is_used ? list : list + 1;
  message.msg_iovlen = is_used ? count + 1 : count;
  const ssize_t length = lwip_recvmsg(handle, &message, flags);
  if (length < 0) return failed;
  from_native(address, peer);
  const auto all = static_cast<std::size_t>(length);
  const std::size_t whole = all < hidden ? 0 : all - hidden;
  datagram.truncated = whole > room;
  datagram.size = datagram.truncated ? room : whole;
  return 0;
}

int receive_from(int handle, MutableBytes buffer, int flags, Endpoint& peer, Datagram& datagram) {
  iovec list[2];
  list[1] = {buffer.data(), buffer.size()};
  return receive_list(handle, list, 1, flags, peer, datagram);
}

std::ptrdiff_t send_to(int handle, Bytes data, int flags, const Endpoint& peer) {
  NativeAddress address;
  const socklen_t size = to_destination(peer, address);
  if (size == 0) return fail_with(EAFNOSUPPORT);
  return lwip_sendto(handle, data.data(), data.size(), flags, &address.any, size);
}

// In lwIP's netconn itself: its setsockopt may need a message, for which there may be no memory.
int set_timeout(int handle, Timeout before, Timeout timeout) {
  if (before.is_zero() != timeout.is_zero() && set_blocking(handle, !timeout.is_zero()) != 0) {
    return failed;
  }
  if (timeout.is_zero()) return 0;  // the time set before remains, so that none must clear it
  netconn* connection = connection_of(handle);
  if (connection == nullptr) return fail_with(EBADF);
  netconn_set_recvtimeout(connection, timeout.is_none() ? 0 : static_cast<u32_t>(timeout.ms()));
  return 0;
}

int wait(int handle, bool for_write, Timeout timeout) {
  pollfd entry{};
  entry.fd = handle;
  entry.events = for_write ? POLLOUT : POLLIN;
  return lwip_poll(&entry, 1, timeout.ms());
}

// Of lwIP's netconn itself: its getsockopt may need a message, for which there may be no memory.
Error pending_error(int handle, During context) {
  netconn* connection = connection_of(handle);
  if (connection == nullptr || connection->pending_err == ERR_CLSD) return Errc::none;  // an end
  return to_error(err_to_errno(netconn_err(connection)), context);
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
