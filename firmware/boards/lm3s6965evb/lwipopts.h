/* The tiny profile without IPv6, which leaves half of the 64 KB to the program. */
#include "coop/profiles/tiny/lwipopts.h"

#undef LWIP_IPV6
#define LWIP_IPV6 0
#undef LWIP_ICMP6
#define LWIP_ICMP6 0
#undef LWIP_IPV6_MLD
#define LWIP_IPV6_MLD 0

#define TWINSOCK_MAIN_STACK_SIZE 5120
