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
#include <lwip/priv/tcpip_priv.h>

#include <lwip/address.hpp>
#include <lwip/backend_internal.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

namespace {

int fail_with(int code) {
  errno = code;
  return failed;
}

int read_int(int handle, int name, int& value) {
  socklen_t size = sizeof(value);
  return lwip_getsockopt(handle, SOL_SOCKET, name, &value, &size);
}

bool is_listening(int handle) {
  int listening = 0;
  return read_int(handle, SO_ACCEPTCONN, listening) == 0 && listening != 0;
}

// lwIP binds to any address; a host may only bind to its own (RFC 1122 3.3.4.2).
bool is_own(const IpAddress& address) {
  if (address.is_any() || address.is_multicast() || address == IpAddress::broadcast()) return true;
  const IpAddress plain = address.unmapped();
  bool found = false;
  LOCK_TCPIP_CORE();
  struct netif* interface = nullptr;
  NETIF_FOREACH(interface) {
#if LWIP_IPV4
    if (plain.family() == Family::inet) {
      found = found || std::memcmp(netif_ip4_addr(interface), plain.bytes().data(), 4) == 0;
    }
#endif
#if LWIP_IPV6
    for (s8_t i = 0; plain.family() == Family::inet6 && i < LWIP_IPV6_NUM_ADDRESSES; ++i) {
      found =
          found || (ip6_addr_isvalid(netif_ip6_addr_state(interface, i)) &&
                    std::memcmp(netif_ip6_addr(interface, i)->addr, plain.bytes().data(), 16) == 0);
    }
#endif
  }
  UNLOCK_TCPIP_CORE();
  return found;
}

int set_blocking(int handle, bool blocking) {
  int non_blocking = blocking ? 0 : 1;
  return lwip_ioctl(handle, FIONBIO, &non_blocking);
}

struct AbortCall {
  tcpip_api_call_data call;  // first: lwIP hands back its address
  netconn* connection;
};

err_t abort_in_lwip(tcpip_api_call_data* call) {
  tcp_pcb* pcb = reinterpret_cast<AbortCall*>(call)->connection->pcb.tcp;
  if (pcb != nullptr) tcp_abort(pcb);
  return ERR_OK;
}

// Resets a connection. lwIP's linger of 0 does so only while bytes of ours are on their way.
void abort(int handle) {
  AbortCall abort{{}, lwip_socket_dbg_get_socket(handle)->conn};
  tcpip_api_call(abort_in_lwip, &abort.call);
}

bool drops_on_close(int handle) {
  linger time{};
  socklen_t size = sizeof(time);
  return lwip_getsockopt(handle, SOL_SOCKET, SO_LINGER, &time, &size) == 0 && time.l_onoff != 0 &&
         time.l_linger == 0;
}

// lwIP asserts when a listener ends with connections that nobody accepted: end those first.
void drain(int listener) {
  set_blocking(listener, false);
  while (true) {
    const int waiting = lwip_accept(listener, nullptr, nullptr);
    if (waiting < 0) return;
    abort(waiting);
    lwip_close(waiting);
  }
}

constexpr std::size_t ipv6_header_size = 40;

// What lwIP puts in front of a packet and POSIX does not: the header of a raw IPv6 socket's.
std::size_t hidden_header([[maybe_unused]] int handle) {
#if LWIP_RAW && LWIP_IPV6
  const lwip_sock* sock = lwip_socket_dbg_get_socket(handle);
  if (sock != nullptr && sock->conn != nullptr) {
    const netconn_type type = netconn_type(sock->conn);
    if (NETCONNTYPE_GROUP(type) == NETCONN_RAW && NETCONNTYPE_ISIPV6(type)) return ipv6_header_size;
  }
#endif
  return 0;
}

// Read without lwIP's lock, on every send: the number moves only by sends on this socket, and a PCB
// that ends meanwhile stays readable in its pool.
struct Queued {
  bool is_stream;
  u32_t next;  // the sequence number of the next byte to be queued
};
Queued queued(int handle) {
  const lwip_sock* sock = lwip_socket_dbg_get_socket(handle);
  if (sock == nullptr || sock->conn == nullptr) return {false, 0};
  if (NETCONNTYPE_GROUP(netconn_type(sock->conn)) != NETCONN_TCP) return {false, 0};
  const tcp_pcb* pcb = sock->conn->pcb.tcp;
  if (pcb == nullptr || pcb->state == LISTEN) return {false, 0};
  return {true, pcb->snd_lbb};
}

}  // namespace

socklen_t to_destination(const Endpoint& peer, NativeAddress& address) {
  const socklen_t size = to_native(peer, address);
  if (!peer.address().is_any()) return size;
#if LWIP_IPV4
  if (peer.family() == Family::inet) address.inet.sin_addr.s_addr = PP_HTONL(INADDR_LOOPBACK);
#endif
#if LWIP_IPV6
  if (peer.family() == Family::inet6) address.inet6.sin6_addr.s6_addr[15] = 1;
#endif
  return size;
}

std::ptrdiff_t recv(int handle, void* data, std::size_t size, int flags) {
  if (hidden_header(handle) == 0) return lwip_recv(handle, data, size, flags);
  Endpoint peer;
  Datagram datagram{};
  const int outcome = receive_from(handle, {data, size}, flags, peer, datagram);
  return outcome == failed ? failed : static_cast<std::ptrdiff_t>(datagram.size);
}

// While the interface is down lwIP answers a send on a stream with "no route", although it has
// queued the bytes and will send them once the cable is back: they must not be sent again. What it
// queued is the difference of the sequence number that the next byte will get.
std::ptrdiff_t send(int handle, const void* data, std::size_t size, int flags) {
  while (true) {
    const Queued before = queued(handle);
    const ssize_t sent = lwip_send(handle, data, size, flags);
    if (sent >= 0 || errno != EHOSTUNREACH || !before.is_stream) return sent;
    const Queued after = queued(handle);
    if (!after.is_stream) return fail_with(ENOTCONN);
    if (after.next != before.next) return static_cast<s32_t>(after.next - before.next);
    if ((flags & MSG_DONTWAIT) != 0) return fail_with(EWOULDBLOCK);
    wait(handle, true, Timeout::from_ms(250));
  }
}

int to_flags(Flags flags) {
  const int bits = static_cast<int>(flags);
  return ((bits & static_cast<int>(Flags::peek)) != 0 ? MSG_PEEK : 0) |
         ((bits & static_cast<int>(Flags::dont_wait)) != 0 ? MSG_DONTWAIT : 0);
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

void close(int handle) {
  if (is_listening(handle)) {
    drain(handle);
    // With linger lwIP looks for unsent bytes where the smaller PCB of a listener has no such
    // field.
    const linger none{};
    lwip_setsockopt(handle, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
  } else if (drops_on_close(handle)) {
    abort(handle);
  }
  lwip_close(handle);
}

namespace {

int raw_protocol([[maybe_unused]] int handle) {
#if LWIP_RAW
  const raw_pcb* pcb = lwip_socket_dbg_get_socket(handle)->conn->pcb.raw;
  return pcb != nullptr ? pcb->protocol : 0;
#else
  return 0;
#endif
}

}  // namespace

Result<Description> describe(int handle) {
  int type = 0;
  if (read_int(handle, SO_TYPE, type) != 0) return last_error(During::other);
  NativeAddress local{};
  socklen_t size = sizeof(local);
  if (lwip_getsockname(handle, &local.any, &size) != 0) return last_error(During::other);
  Endpoint peer;
  const bool v4 = local.any.sa_family == AF_INET;
  return Description{v4 ? Family::inet : Family::inet6,
                     type == SOCK_STREAM  ? Type::stream
                     : type == SOCK_DGRAM ? Type::datagram
                                          : Type::raw,
                     static_cast<Protocol>(type == SOCK_STREAM  ? IPPROTO_TCP
                                           : type == SOCK_DGRAM ? IPPROTO_UDP
                                                                : raw_protocol(handle)),
                     is_listening(handle), peer_endpoint(handle, peer) == 0};
}

int bind(int handle, const Endpoint& local) {
  NativeAddress address;
  const socklen_t size = to_native(local, address);
  if (size == 0) return fail_with(EAFNOSUPPORT);
  Endpoint before;
  int type = 0;  // of a raw socket lwIP says its protocol for a port
  if (read_int(handle, SO_TYPE, type) == 0 && type != SOCK_RAW &&
      local_endpoint(handle, before) == 0 && before.port() != 0) {
    return fail_with(EINVAL);
  }
  if (!is_own(local.address())) return fail_with(EADDRNOTAVAIL);
  return lwip_bind(handle, &address.any, size);
}

int listen(int handle, int backlog) {
  NativeAddress local{};
  socklen_t size = sizeof(local);
  if (lwip_getsockname(handle, &local.any, &size) != 0) return failed;
  Endpoint before;
  from_native(local, before);
  if (before.port() == 0) {  // lwIP would listen on port 0, which nobody can reach
    if (lwip_bind(handle, &local.any, size) != 0) return failed;
  }
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

int shutdown(int handle, Shutdown how) {
  // The reading half is shut in the layer: lwIP would answer the peer's next bytes with a reset.
  if (how == Shutdown::read) return 0;
  int type = 0;
  if (read_int(handle, SO_TYPE, type) == 0 && type != SOCK_STREAM) return 0;
  return lwip_shutdown(handle, SHUT_WR);
}

int local_endpoint(int handle, Endpoint& local) {
  NativeAddress address{};
  socklen_t size = sizeof(address);
  if (lwip_getsockname(handle, &address.any, &size) != 0) return failed;
  from_native(address, local);
  return 0;
}

int peer_endpoint(int handle, Endpoint& peer) {
  NativeAddress address{};
  socklen_t size = sizeof(address);
  if (lwip_getpeername(handle, &address.any, &size) != 0) return failed;
  from_native(address, peer);
  return 0;
}

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

int set_timeout(int handle, Timeout before, Timeout timeout) {
  if (before.is_zero() != timeout.is_zero() && set_blocking(handle, !timeout.is_zero()) != 0) {
    return failed;
  }
  if (timeout.is_zero()) return 0;  // the time set before remains, so that none must clear it
  timeval time{};                   // zero: no limit
  if (!timeout.is_none()) {
    time.tv_sec = timeout.ms() / 1000;
    time.tv_usec = timeout.ms() % 1000 * 1000;
  }
  return lwip_setsockopt(handle, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time));
}

int wait(int handle, bool for_write, Timeout timeout) {
  pollfd entry{};
  entry.fd = handle;
  entry.events = for_write ? POLLOUT : POLLIN;
  return lwip_poll(&entry, 1, timeout.ms());
}

Error pending_error(int handle, During context) {
  int code = 0;
  if (read_int(handle, SO_ERROR, code) != 0) return last_error(context);
  return to_error(code, context);
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
