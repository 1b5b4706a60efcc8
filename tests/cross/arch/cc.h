/* Compiler settings of lwIP for a build that is only measured. */
#pragma once

#include <limits.h>
#include <sys/time.h>
#define LWIP_TIMEVAL_PRIVATE 0
#define LWIP_ERRNO_STDINCLUDE 1
#define LWIP_PLATFORM_DIAG(x) ((void)0)
#define LWIP_PLATFORM_ASSERT(x) __builtin_trap()
typedef unsigned int sys_prot_t;
