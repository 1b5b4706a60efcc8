/* The tiny profile, made smaller until half of the 64 KB is the program's: no IPv6, stacks as
   measured with every exchange and a quarter more, pools for two busy connections. */
#ifndef LWIP_IPV6
#define LWIP_IPV6 0
#endif
#include "coop/profiles/tiny/lwipopts.h"

#undef MEM_SIZE
#define MEM_SIZE 6144
#undef PBUF_POOL_SIZE
#define PBUF_POOL_SIZE 12
#undef IP_REASS_MAX_PBUFS
#define IP_REASS_MAX_PBUFS 4
#undef RECV_BUFSIZE_DEFAULT
#define RECV_BUFSIZE_DEFAULT 3072

#define TWINSOCK_MAIN_STACK_SIZE 4736
#undef TWINSOCK_THREAD_STACK_SIZE
#define TWINSOCK_THREAD_STACK_SIZE 1536 /* tcp_bulk's sender */
#undef TCPIP_THREAD_STACKSIZE
#define TCPIP_THREAD_STACKSIZE 1280
