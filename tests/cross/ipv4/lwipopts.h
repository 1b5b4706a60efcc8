/* The user's lwipopts.h without IPv6. */
#pragma once

#include "../../consumer/lwip/lwipopts.h"

#undef LWIP_IPV6
#define LWIP_IPV6 0
