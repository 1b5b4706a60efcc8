/* tiny: for parts with 64 KB of RAM, of which lwIP takes about 28. Eight sockets. */
#ifndef TWINSOCK_PROFILE_TINY_LWIPOPTS_H
#define TWINSOCK_PROFILE_TINY_LWIPOPTS_H

#define TWINSOCK_PROFILE_NAME "tiny"

#define TCP_MSS 536 /* four of 1460 would take half of the RAM for one connection's two queues */
#define TCP_WND (4 * TCP_MSS)
#define TCP_SND_BUF (4 * TCP_MSS) /* four segments, or a loss never brings three duplicate ACKs */

#define MEM_SIZE 8192
#define PBUF_POOL_SIZE 16 /* of about 620 bytes: five full frames */
#define MEMP_NUM_PBUF 8
#define MEMP_NUM_NETCONN 8
#define MEMP_NUM_TCP_PCB 6
#define MEMP_NUM_TCP_PCB_LISTEN 3
#define MEMP_NUM_UDP_PCB 5 /* DHCP and DNS take one each */
#define MEMP_NUM_RAW_PCB 1
#define MEMP_NUM_TCP_SEG 24
#define MEMP_NUM_NETBUF 16
#define MEMP_NUM_TCPIP_MSG_INPKT 16
#define MEMP_NUM_TCPIP_MSG_API 4
#define MEMP_NUM_ARP_QUEUE 6
#define MEMP_NUM_ND6_QUEUE 4
#define MEMP_NUM_FRAG_PBUF 6
#define MEMP_NUM_REASSDATA 2
#define MEMP_NUM_IGMP_GROUP 4
#define MEMP_NUM_MLD6_GROUP 6
#define TCPIP_MBOX_SIZE 16
#define TWINSOCK_RECEIVE_QUEUE 16
#define TWINSOCK_MAX_THREADS 6
#define RECV_BUFSIZE_DEFAULT 4096 /* datagrams that wait take less than half of the pool */

#define IP_REASS_MAX_PBUFS 6 /* fragments hold at most a third of the pool */
#define ARP_TABLE_SIZE 6
#define DNS_TABLE_SIZE 2
#define DNS_MAX_NAME_LENGTH 128
#define LWIP_ND6_NUM_NEIGHBORS 6
#define LWIP_ND6_NUM_DESTINATIONS 6
#define LWIP_ND6_NUM_PREFIXES 3
#define LWIP_ND6_NUM_ROUTERS 2

#include "../base.h"

#endif
