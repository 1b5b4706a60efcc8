/* large: sixty-four sockets and the largest window that needs no scaling; about 1 MB. */
#ifndef TWINSOCK_PROFILE_LARGE_LWIPOPTS_H
#define TWINSOCK_PROFILE_LARGE_LWIPOPTS_H

#define TWINSOCK_PROFILE_NAME "large"

#define TCP_MSS 1460
#define TCP_WND (44 * TCP_MSS) /* 64,240 of 65,535 */
#define TCP_SND_BUF (44 * TCP_MSS)
#define TCP_SND_QUEUELEN 180
#define TCP_SNDLOWAT (2 * TCP_MSS + 1) /* writable early: lwIP wants it far below 64 K */

#define MEM_SIZE (512 * 1024)
#define PBUF_POOL_SIZE 256
#define MEMP_NUM_PBUF 128
#define MEMP_NUM_NETCONN 66
#define MEMP_NUM_TCP_PCB 72
#define MEMP_NUM_TCP_PCB_LISTEN 16
#define MEMP_NUM_UDP_PCB 40
#define MEMP_NUM_RAW_PCB 8
#define MEMP_NUM_TCP_SEG 1024
#define MEMP_NUM_NETBUF 256
#define MEMP_NUM_TCPIP_MSG_INPKT 240
#define MEMP_NUM_TCPIP_MSG_API 32
#define MEMP_NUM_ARP_QUEUE 32
#define MEMP_NUM_ND6_QUEUE 32
#define MEMP_NUM_FRAG_PBUF 64
#define MEMP_NUM_REASSDATA 8
#define MEMP_NUM_IGMP_GROUP 32
#define MEMP_NUM_MLD6_GROUP 32
#define TCPIP_MBOX_SIZE 272
#define TWINSOCK_RECEIVE_QUEUE 128
#define DEFAULT_ACCEPTMBOX_SIZE 64
#define TWINSOCK_MAX_THREADS 72
#define RECV_BUFSIZE_DEFAULT (128 * 1024) /* a third of the pool */

#define IP_REASS_MAX_PBUFS 64 /* a datagram of 64 KB; a quarter of the pool */
#define ARP_TABLE_SIZE 64
#define LWIP_ND6_NUM_NEIGHBORS 64
#define LWIP_ND6_NUM_DESTINATIONS 64

#include "../base.h"

#endif
