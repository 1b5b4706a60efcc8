/* What lwIP's objects are here: pointers into pools that sys_arch.cpp keeps. */
#ifndef TWINSOCK_COOP_ARCH_SYS_ARCH_H
#define TWINSOCK_COOP_ARCH_SYS_ARCH_H

#include <coop_port.h>

#ifdef __cplusplus
extern "C" {
#endif

struct twinsock_semaphore;
struct twinsock_mailbox;
struct twinsock_thread;

typedef struct twinsock_semaphore* sys_sem_t;
typedef struct twinsock_semaphore* sys_mutex_t;
typedef struct twinsock_mailbox* sys_mbox_t;
typedef struct twinsock_thread* sys_thread_t; /* NULL: there is no further thread */
typedef uint32_t sys_prot_t;

#define sys_sem_valid(sem) (*(sem) != NULL)
#define sys_sem_set_invalid(sem) (*(sem) = NULL)
#define sys_mutex_valid(mutex) (*(mutex) != NULL)
#define sys_mutex_set_invalid(mutex) (*(mutex) = NULL)
#define sys_mbox_valid(mbox) (*(mbox) != NULL)
#define sys_mbox_set_invalid(mbox) (*(mbox) = NULL)

/* Threads never preempt each other, so only interrupts must be kept away. */
#define SYS_ARCH_DECL_PROTECT(state) uint32_t state
#define SYS_ARCH_PROTECT(state) state = coop_lock_interrupts()
#define SYS_ARCH_UNPROTECT(state) coop_unlock_interrupts(state)

/* Every thread that sys_thread_new() started has one. */
sys_sem_t* twinsock_thread_semaphore(void);
#define LWIP_NETCONN_THREAD_SEM_GET() twinsock_thread_semaphore()
#define LWIP_NETCONN_THREAD_SEM_ALLOC() ((void)0)
#define LWIP_NETCONN_THREAD_SEM_FREE() ((void)0)

#if TWINSOCK_CHECK_LOCKING
void twinsock_assert_core_locked(const char* file, int line);
void twinsock_mark_tcpip_thread(void);
#define LWIP_ASSERT_CORE_LOCKED() twinsock_assert_core_locked(__FILE__, __LINE__)
#define LWIP_MARK_TCPIP_THREAD() twinsock_mark_tcpip_thread()
#endif

#ifdef __cplusplus
}
#endif

#endif
