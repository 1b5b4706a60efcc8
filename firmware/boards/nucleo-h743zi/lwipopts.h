/* The default profile: its window of four segments fits the fifteen buffers that the Ethernet's DMA
   fills. */
#include "coop/profiles/default/lwipopts.h"

#define TWINSOCK_MAIN_STACK_SIZE 8192
