/* lwIP's view of the compiler and of the platform: GCC or Clang, on a desktop or a board. */
#ifndef TWINSOCK_COOP_ARCH_CC_H
#define TWINSOCK_COOP_ARCH_CC_H

#include <limits.h> /* with SSIZE_MAX, lwIP takes ssize_t from <unistd.h> instead of its own */
#include <stddef.h>
#include <stdint.h>
#include <sys/time.h> /* struct timeval and fd_set are the C library's */

#define LWIP_TIMEVAL_PRIVATE 0
#define LWIP_ERRNO_STDINCLUDE 1

#ifndef BYTE_ORDER
#define BYTE_ORDER __BYTE_ORDER__
#define LITTLE_ENDIAN __ORDER_LITTLE_ENDIAN__
#define BIG_ENDIAN __ORDER_BIG_ENDIAN__
#endif

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
/* One instruction each; lwIP's own are calls. */
#define lwip_htons(x) ((u16_t)__builtin_bswap16((u16_t)(x)))
#define lwip_htonl(x) ((u32_t)__builtin_bswap32((u32_t)(x)))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* A bug: stops the node and names the running thread (sys_arch.cpp). */
#if defined(__GNUC__)
__attribute__((noreturn))
#endif
void twinsock_panic(const char* what, const char* file, int line);
/* The same for builds without texts: tells the line and the address that it was called from, which
   addr2line turns into a function and a file. */
#if defined(__GNUC__)
__attribute__((noreturn))
#endif
void twinsock_panic_here(int line);

/* Text for people, from lwIP's debugging messages. The host or the board defines it. */
__attribute__((format(printf, 1, 2))) void twinsock_diagnostic(const char* format, ...);

/* Fills `buffer` with what nobody can guess: the secrets of sequence numbers, ports and DNS ids.
   A board must define it from its entropy source, or it does not link; a simulated node takes it
   from its seed. Called once, by sys_init(). */
void twinsock_entropy(void* buffer, size_t size);

#if __SIZEOF_POINTER__ == 8
/* The sum of 16-bit words in one's complement, in memory order and not inverted (checksum.cpp). */
uint16_t twinsock_checksum(const void* data, int size);
#define LWIP_CHKSUM twinsock_checksum
#endif

/* Numbers that nobody can guess who does not know the entropy. */
uint32_t twinsock_random(void);

#ifdef __cplusplus
}
#endif

#if TWINSOCK_SHORT_PANICS /* lwIP's texts are 14 KB of flash */
#define LWIP_PLATFORM_ASSERT(message) twinsock_panic_here(__LINE__)
#else
#define LWIP_PLATFORM_ASSERT(message) twinsock_panic(message, __FILE__, __LINE__)
#endif
#define LWIP_PLATFORM_DIAG(message) \
  do {                              \
    twinsock_diagnostic message;    \
  } while (0)
#define LWIP_RAND() twinsock_random()
/* For those who know the place better than __FILE__ does (port/lwip). */
#define TWINSOCK_PLATFORM_STOP(file, line, message) twinsock_panic(message, file, line)

#endif
