/* What all profiles share: everything but sizes. Each option that differs from lwIP's default says
   why in a line. A profile's lwipopts.h sets its sizes, then includes this. */
#ifndef TWINSOCK_COOP_PROFILES_BASE_H
#define TWINSOCK_COOP_PROFILES_BASE_H

/* ---- the system */
#define NO_SYS 0
#define SYS_LIGHTWEIGHT_PROT 1
#define MEM_ALIGNMENT __SIZEOF_POINTER__
#define MEMP_NUM_SYS_TIMEOUT (LWIP_NUM_SYS_TIMEOUT_INTERNAL + 4) /* lwIP's own, and a program's */
#ifndef LWIP_TCPIP_CORE_LOCKING
#define LWIP_TCPIP_CORE_LOCKING 1 /* 1.4 times as fast as messages to lwIP's thread */
#endif
#ifndef TWINSOCK_CHECK_LOCKING /* lwIP's core called without its lock is a bug that hides well */
#ifdef NDEBUG
#define TWINSOCK_CHECK_LOCKING 0
#else
#define TWINSOCK_CHECK_LOCKING 1
#endif
#endif

/* ---- threads: more urgent is higher; 0 to 3 (kernel.hpp) */
#define TCPIP_THREAD_PRIO 2 /* packets before programs, so that acknowledgements are prompt */
#define DEFAULT_THREAD_PRIO 1
#define TWINSOCK_THREAD_PRIORITY DEFAULT_THREAD_PRIO
#ifndef TWINSOCK_THREAD_STACK_SIZE
#if __SIZEOF_POINTER__ == 8
#define TWINSOCK_THREAD_STACK_SIZE 262144 /* only used pages cost; sanitizers use many */
#else
#define TWINSOCK_THREAD_STACK_SIZE 3072
#endif
#endif
#ifndef TCPIP_THREAD_STACKSIZE
#if __SIZEOF_POINTER__ == 8
#define TCPIP_THREAD_STACKSIZE 262144
#else
#define TCPIP_THREAD_STACKSIZE 2048 /* 0.6 to 1.2 KB were seen in use */
#endif
#endif
#define DEFAULT_THREAD_STACKSIZE TWINSOCK_THREAD_STACK_SIZE
#ifndef TWINSOCK_EXTRA_SEMAPHORES
#define TWINSOCK_EXTRA_SEMAPHORES 4 /* for programs that use sys_sem_new themselves */
#endif
#ifndef TWINSOCK_EXTRA_MAILBOXES
#define TWINSOCK_EXTRA_MAILBOXES 2
#endif

/* ---- protocols */
#define LWIP_IPV4 1
#ifndef LWIP_IPV6 /* 0: an image with IPv4 alone, 13 to 20 KB of flash smaller */
#define LWIP_IPV6 1
#endif
#define LWIP_TCP 1
#define LWIP_UDP 1
#define LWIP_ARP 1
#define LWIP_ICMP 1
#define LWIP_ICMP6 LWIP_IPV6
#define LWIP_RAW 1 /* sockets of type raw: ping */
#define LWIP_DHCP 1
#define LWIP_DNS 1
#define LWIP_IGMP 1 /* IPv4 multicast; IPv6 needs MLD anyway */
#define LWIP_IPV6_MLD LWIP_IPV6
#define LWIP_MULTICAST_TX_OPTIONS 1
#define LWIP_DHCP_DOES_ACD_CHECK 0 /* the address at once; probing it takes seconds */
#define IPV6_FRAG_COPYHEADER (__SIZEOF_POINTER__ == 8) /* lwIP demands it of 64-bit machines */
#define IP_DEFAULT_TTL 64                              /* as Linux; 255 outlives routing loops */
#define IP_SOF_BROADCAST 1      /* broadcasts only where the program asked for them */
#define IP_SOF_BROADCAST_RECV 0 /* ... to send: on Linux receiving needs no permission */
#define ARP_QUEUEING 1          /* else only the last of several datagrams survives resolution */
#define ARP_QUEUE_LEN 3
#define SO_REUSE 1
#define LWIP_HAVE_LOOPIF 1 /* 127.0.0.1, for self-tests */
#define LWIP_NETIF_LOOPBACK 1
#define LWIP_NETIF_API 1
#define LWIP_NETIF_HOSTNAME 1
#define LWIP_NETIF_STATUS_CALLBACK 1
#define LWIP_NETIF_LINK_CALLBACK 1

/* ---- TCP */
#define TCP_LISTEN_BACKLOG 1   /* a SYN flood must not eat all connections */
#define LWIP_TCP_KEEPALIVE 1   /* idle time, interval and count are a socket's options */
#define LWIP_TCP_RTO_TIME 1000 /* RFC 6298; lwIP's 3000 triples the cost of an early loss */
#define TCP_QUEUE_OOSEQ 1      /* without it a loss costs ten times as much */
#define TCP_OOSEQ_MAX_BYTES \
  TCP_WND /* a stranger must not take the whole pool: lwIP's 0 is no bound */
#ifndef TCP_OOSEQ_MAX_PBUFS
#define TCP_OOSEQ_MAX_PBUFS (TCP_WND / TCP_MSS + 2)
#endif

/* ---- sockets */
#define LWIP_SOCKET 1
#define LWIP_NETCONN 1
#define LWIP_COMPAT_SOCKETS 0 /* bind, accept and close stay ordinary names */
#define LWIP_POSIX_SOCKETS_IO_NAMES 0
#define LWIP_SOCKET_SELECT 1
#define LWIP_SOCKET_POLL 1
#define LWIP_SO_RCVTIMEO 1
#define LWIP_SO_SNDTIMEO 1
#define LWIP_SO_RCVBUF 1
#define LWIP_SO_LINGER 1
#define LWIP_NETBUF_RECVINFO 1        /* a datagram's own destination */
#define LWIP_NETCONN_SEM_PER_THREAD 1 /* what the next one needs */
#define LWIP_NETCONN_FULLDUPLEX 1     /* one thread receives while another sends or closes */
#define DEFAULT_TCP_RECVMBOX_SIZE TWINSOCK_RECEIVE_QUEUE
#define DEFAULT_UDP_RECVMBOX_SIZE TWINSOCK_RECEIVE_QUEUE
#define DEFAULT_RAW_RECVMBOX_SIZE 8
#ifndef DEFAULT_ACCEPTMBOX_SIZE
#define DEFAULT_ACCEPTMBOX_SIZE 4
#endif

/* ---- DNS: a random id, a random port, and no second question that an attacker could use */
#define LWIP_DNS_SECURE 7

/* ---- the first local port: lwIP's own reduction may give 65,535, after which comes port 0, and
   the first connect after every 16,384th boot fails for want of a port */
#define TCP_LOCAL_PORT_RANGE_START 0xc000
#define TCP_LOCAL_PORT_RANGE_END 0xffff
#define TCP_ENSURE_LOCAL_PORT_RANGE(random) ((u16_t)(0xc000u + ((random)&0x3fffu) % 0x3fffu))

/* ---- checksums: verified in software; algorithm 3 takes 32 bits at a time */
#define LWIP_CHKSUM_ALGORITHM 3

/* ---- what can be looked at */
#ifndef LWIP_STATS
#define LWIP_STATS 1
#endif
#define LWIP_STATS_LARGE 1 /* counters that do not wrap in a test */
#define MEMP_STATS LWIP_STATS
#define MEM_STATS LWIP_STATS
#define LINK_STATS LWIP_STATS

#define LWIP_HOOK_FILENAME "twinsock_lwip_hooks.h" /* sequence numbers, closed windows */

#endif
