/* default-messages: as default, but every call is a message to lwIP's own thread, which is how
   ports without core locking work. */
#ifndef TWINSOCK_PROFILE_DEFAULT_MESSAGES_LWIPOPTS_H
#define TWINSOCK_PROFILE_DEFAULT_MESSAGES_LWIPOPTS_H

#define TWINSOCK_PROFILE_NAME "default-messages"
#define LWIP_TCPIP_CORE_LOCKING 0
#include "../default/lwipopts.h"

#endif
