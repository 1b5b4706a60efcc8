/* The types of some RTOS, as small as they come. */
#pragma once

typedef void* sys_sem_t;
typedef void* sys_mutex_t;
typedef void* sys_mbox_t;
typedef void* sys_thread_t;
#define sys_sem_valid(semaphore) (*(semaphore) != 0)
#define sys_sem_set_invalid(semaphore) (*(semaphore) = 0)
#define sys_mbox_valid(mailbox) (*(mailbox) != 0)
#define sys_mbox_set_invalid(mailbox) (*(mailbox) = 0)

sys_sem_t* sys_thread_semaphore(void);
#define LWIP_NETCONN_THREAD_SEM_GET() sys_thread_semaphore()
#define LWIP_NETCONN_THREAD_SEM_ALLOC() ((void)0)
#define LWIP_NETCONN_THREAD_SEM_FREE() ((void)0)
