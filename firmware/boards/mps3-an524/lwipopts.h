/* The default profile. Its window of four segments is also what the Ethernet chip's 10 KB of
   receive memory hold: wider ones lose frames silently. */
#include "coop/profiles/default/lwipopts.h"

#define TWINSOCK_MAIN_STACK_SIZE 8192
