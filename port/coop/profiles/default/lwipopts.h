/* default: sixteen sockets and four full segments each way, about 110 KB; fits the boards in QEMU,
   whose Ethernet holds 10 KB of frames. */
#ifndef TWINSOCK_PROFILE_DEFAULT_LWIPOPTS_H
#define TWINSOCK_PROFILE_DEFAULT_LWIPOPTS_H

#ifndef TWINSOCK_PROFILE_NAME
#define TWINSOCK_PROFILE_NAME "default"
#endif

/* What IPv6 leaves of an Ethernet frame, for IPv4 as well: with 1460 a window of four segments is
   not a whole number of IPv6's, and two streams that fill both directions wait for each other's
   delayed acknowledgement (200 ms for every window: 37 KB/s on an idle 100 Mbit/s link). */
#define TCP_MSS 1440
#define TCP_WND (4 * TCP_MSS)
#define TCP_SND_BUF (4 * TCP_MSS) /* four segments, or a loss never brings three duplicate ACKs */

#define MEM_SIZE (32 * 1024)
#define PBUF_POOL_SIZE 32
#define MEMP_NUM_PBUF 32
#define MEMP_NUM_NETCONN 18 /* sixteen, and two for a server that refuses the seventeenth */
#define MEMP_NUM_TCP_PCB 20 /* connections that are ending keep theirs a while */
#define MEMP_NUM_TCP_PCB_LISTEN 8
#define MEMP_NUM_UDP_PCB 12
#define MEMP_NUM_RAW_PCB 4
#define MEMP_NUM_TCP_SEG 96
#define MEMP_NUM_NETBUF 32
#define MEMP_NUM_TCPIP_MSG_INPKT 32
#define MEMP_NUM_TCPIP_MSG_API 8
#define MEMP_NUM_ARP_QUEUE 8
#define MEMP_NUM_ND6_QUEUE 8
#define MEMP_NUM_FRAG_PBUF 16
#define MEMP_NUM_REASSDATA 4
#define MEMP_NUM_IGMP_GROUP 8
#define MEMP_NUM_MLD6_GROUP 8
#define TCPIP_MBOX_SIZE 40 /* frames, and room for other messages when they come in numbers */
#define TWINSOCK_RECEIVE_QUEUE 32
#define DEFAULT_ACCEPTMBOX_SIZE 8
#define TWINSOCK_MAX_THREADS 20
#define RECV_BUFSIZE_DEFAULT (16 * 1024) /* datagrams that wait take a third of the pool */

#define IP_REASS_MAX_PBUFS 10 /* fragments hold at most a third of the pool */

#include "../base.h"

#endif
