/* What a firmware's start-up does: lwIP's thread, and this thread's semaphore. */
#include <lwip/api.h>
#include <lwip/sys.h>
#include <lwip/tcpip.h>

static void started(void* semaphore) { sys_sem_signal((sys_sem_t*)semaphore); }

void start_network(void);
void start_network(void) {
  sys_sem_t semaphore;
  sys_sem_new(&semaphore, 0);
  tcpip_init(started, &semaphore);
  sys_sem_wait(&semaphore);
  sys_sem_free(&semaphore);
  netconn_thread_init();
}
