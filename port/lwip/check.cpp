// Refuses, at compile time, a lwipopts.h with which lwIP cannot keep the contract. Each message
// names the option, the value it has, and the one it must have.
#include <lwip/def.h>
#include <lwip/init.h>
#include <lwip/opt.h>

#define TWINSOCK_TEXT_OF(value) #value
#define TWINSOCK_TEXT(value) TWINSOCK_TEXT_OF(value)
// The condition is the right half of a comparison, "== 1": no parentheses can go around it.
// NOLINTBEGIN(bugprone-macro-parentheses)
#define TWINSOCK_REQUIRE(option, condition, wanted) \
  static_assert((option)condition,                  \
                "lwipopts.h: " #option " is " TWINSOCK_TEXT(option) "; twinsock needs " wanted)
// NOLINTEND(bugprone-macro-parentheses)

static_assert(LWIP_VERSION >= LWIP_MAKEU32(2, 2, 1, 0), "twinsock needs lwIP 2.2.1 or later");

TWINSOCK_REQUIRE(NO_SYS, == 0, "0: the socket API runs on lwIP's thread");
TWINSOCK_REQUIRE(LWIP_SOCKET, == 1, "1: the socket API");
TWINSOCK_REQUIRE(LWIP_NETCONN, == 1, "1: the socket API stands on it");
TWINSOCK_REQUIRE(LWIP_COMPAT_SOCKETS, != 1, "0 or 2: 1 turns bind, accept and close into macros");
TWINSOCK_REQUIRE(LWIP_SOCKET_POLL, == 1, "1: connect and send wait with it");
TWINSOCK_REQUIRE(LWIP_SO_RCVTIMEO, == 1, "1: without it settimeout has no effect on receives");
TWINSOCK_REQUIRE(LWIP_SO_SNDRCVTIMEO_NONSTANDARD, == 0, "0: times are a timeval");
TWINSOCK_REQUIRE(LWIP_SO_LINGER, == 1, "1: option::linger");
TWINSOCK_REQUIRE(LWIP_SO_RCVBUF, == 1,
                 "1: option::receive_buffer, and a bound on queued datagrams");
TWINSOCK_REQUIRE(SO_REUSE, == 1, "1: option::reuse_address");
TWINSOCK_REQUIRE(IP_SOF_BROADCAST, == 1, "1: option::broadcast is a permission");
TWINSOCK_REQUIRE(LWIP_NETCONN_FULLDUPLEX, == 1, "1: one task receives while another sends");
TWINSOCK_REQUIRE(LWIP_NETCONN_SEM_PER_THREAD, == 1, "1: LWIP_NETCONN_FULLDUPLEX needs it");
TWINSOCK_REQUIRE(MEMP_NUM_NETCONN, >= 4, "4 or more: one for each open socket");
#if LWIP_TCP
TWINSOCK_REQUIRE(TCP_LISTEN_BACKLOG, == 1, "1: the backlog of listen");
TWINSOCK_REQUIRE(LWIP_TCP_KEEPALIVE, == 1, "1: option::keep_alive_idle and its like");
TWINSOCK_REQUIRE(DEFAULT_TCP_RECVMBOX_SIZE, >= 4, "4 or more: segments that wait for a receive");
TWINSOCK_REQUIRE(DEFAULT_ACCEPTMBOX_SIZE, >= 2, "2 or more: connections that wait for accept");
TWINSOCK_REQUIRE(TCP_SND_BUF, >= 2 * TCP_MSS, "2 * TCP_MSS or more (4 or more for speed)");
#endif
#if LWIP_UDP
TWINSOCK_REQUIRE(DEFAULT_UDP_RECVMBOX_SIZE, >= 4, "4 or more: datagrams that wait for a receive");
#endif
#if LWIP_RAW
TWINSOCK_REQUIRE(DEFAULT_RAW_RECVMBOX_SIZE, >= 2, "2 or more: packets that wait for a receive");
#endif
