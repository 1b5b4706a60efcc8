// lwIP's sys_arch on the cooperative kernel: its objects come from pools of fixed size, which the
// profile (lwipopts.h) sets.
#include <cstring>

#include "coop/kernel/kernel.hpp"
#include "coop/sys_arch/random.hpp"
#include "lwip/err.h"
#include "lwip/opt.h"
#include "lwip/stats.h"
#include "lwip/sys.h"
#include "lwip/tcpip.h"

namespace coop = twinsock::coop;

struct twinsock_semaphore {
  coop::Semaphore semaphore;
  coop::Thread* owner;  // of a mutex
  bool used;
};

struct twinsock_mailbox {
  coop::Mailbox mailbox;
  void** slots;
  std::size_t capacity;
  bool used;
};

struct twinsock_thread {
  coop::Thread thread;
  twinsock_semaphore semaphore;
  sys_sem_t handle;  // &semaphore, as lwIP wants to see it
  lwip_thread_fn function;
  void* argument;
};

namespace {

constexpr std::size_t thread_count = TWINSOCK_MAX_THREADS;
// Joins, one a thread; the core's and the heap's locks; lwIP's own start. Without a semaphore per
// thread, one for each netconn and select as well.
constexpr std::size_t semaphore_count =
    TWINSOCK_MAX_THREADS + TWINSOCK_EXTRA_SEMAPHORES + 4 +
    (LWIP_NETCONN_SEM_PER_THREAD ? 0 : MEMP_NUM_NETCONN + TWINSOCK_MAX_THREADS);
constexpr std::size_t mailbox_count = MEMP_NUM_NETCONN + TWINSOCK_EXTRA_MAILBOXES;

constexpr std::size_t largest(std::size_t a, std::size_t b) { return a > b ? a : b; }
constexpr std::size_t netconn_slots =
    largest(largest(DEFAULT_TCP_RECVMBOX_SIZE, DEFAULT_UDP_RECVMBOX_SIZE),
            largest(DEFAULT_RAW_RECVMBOX_SIZE, DEFAULT_ACCEPTMBOX_SIZE));

constinit twinsock_thread threads[thread_count]{};
constinit twinsock_semaphore semaphores[semaphore_count]{};
constinit void* core_slots[TCPIP_MBOX_SIZE]{};
constinit void* slots[mailbox_count][netconn_slots]{};
constinit twinsock_mailbox mailboxes[mailbox_count + 1]{};  // the first is lwIP's own thread's
[[maybe_unused]] constinit coop::Thread* tcpip_thread = nullptr;

std::uint64_t deadline_after(u32_t timeout_ms) {
  return timeout_ms == 0 ? coop::forever : coop::now_us() + std::uint64_t{timeout_ms} * 1000;
}

twinsock_semaphore* take_semaphore(u8_t count) {
  SYS_ARCH_DECL_PROTECT(state);
  SYS_ARCH_PROTECT(state);
  for (twinsock_semaphore& candidate : semaphores) {
    if (candidate.used) continue;
    candidate.used = true;
    SYS_ARCH_UNPROTECT(state);
    candidate.semaphore.reset(count);
    candidate.owner = nullptr;
    return &candidate;
  }
  SYS_ARCH_UNPROTECT(state);
  return nullptr;
}

void give_semaphore(twinsock_semaphore* semaphore, const char* what) {
  if (semaphore->semaphore.waited_for()) twinsock_panic(what, __FILE__, __LINE__);
  semaphore->used = false;
}

void enter(void* argument) {
  auto& self = *static_cast<twinsock_thread*>(argument);
  self.function(self.argument);
}

// The one that ended with the smallest stack that will do, else a new one with a new stack.
twinsock_thread* take_thread(std::size_t stack_size, coop::Stack& stack) {
  twinsock_thread* best = nullptr;
  twinsock_thread* fresh = nullptr;
  for (twinsock_thread& candidate : threads) {
    const coop::Thread& thread = candidate.thread;
    if (thread.state == coop::ThreadState::unused) {
      if (fresh == nullptr) fresh = &candidate;
    } else if (thread.state == coop::ThreadState::ended && thread.stack_size >= stack_size &&
               (best == nullptr || thread.stack_size < best->thread.stack_size)) {
      best = &candidate;
    }
  }
  if (best != nullptr) {
    stack = {best->thread.stack, best->thread.stack_size, false, best->thread.guarded};
    return best;
  }
  if (fresh == nullptr) return nullptr;
  stack = {coop::port::allocate_stack(stack_size), stack_size, true, COOP_STACKS_GUARDED};
  return stack.base != nullptr ? fresh : nullptr;
}

}  // namespace

void sys_init() { coop::seed_random(); }

u32_t sys_now() {
  coop::poll();
  return static_cast<u32_t>(coop::now_us() / 1000);
}

u32_t sys_jiffies() { return static_cast<u32_t>(coop::now_us() / 1000); }

void twinsock_panic(const char* what, const char* file, int line) { coop::panic(what, file, line); }

void twinsock_panic_here(int line) {
  const auto caller = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
  char what[] = "assertion before 0x0000000000000000";
  char* digit = what + sizeof what - 1;
  for (std::uintptr_t rest = caller; rest != 0; rest >>= 4)
    *--digit = "0123456789abcdef"[rest & 15];
  coop::panic(what, "line", line);
}

// ---- semaphores

err_t sys_sem_new(sys_sem_t* sem, u8_t count) {
  *sem = take_semaphore(count);
  if (*sem == nullptr) {
    SYS_STATS_INC(sem.err);
    return ERR_MEM;
  }
  SYS_STATS_INC_USED(sem);
  return ERR_OK;
}

void sys_sem_signal(sys_sem_t* sem) { (*sem)->semaphore.signal(); }

u32_t sys_arch_sem_wait(sys_sem_t* sem, u32_t timeout_ms) {
  const std::uint64_t start_us = coop::now_us();
  if (!(*sem)->semaphore.wait(deadline_after(timeout_ms))) return SYS_ARCH_TIMEOUT;
  return static_cast<u32_t>((coop::now_us() - start_us) / 1000);
}

void sys_sem_free(sys_sem_t* sem) {
  give_semaphore(*sem, "sys_sem_free: a thread waits for it");
  SYS_STATS_DEC(sem.used);
}

sys_sem_t* twinsock_thread_semaphore() {
  coop::Thread* self = coop::current();
  if (self == nullptr || self->local == nullptr) {
    twinsock_panic("sockets are for threads that sys_thread_new() started", __FILE__, __LINE__);
  }
  return &static_cast<twinsock_thread*>(self->local)->handle;
}

// ---- mutexes

err_t sys_mutex_new(sys_mutex_t* mutex) {
  *mutex = take_semaphore(1);
  if (*mutex == nullptr) {
    SYS_STATS_INC(mutex.err);
    return ERR_MEM;
  }
  SYS_STATS_INC_USED(mutex);
  return ERR_OK;
}

void sys_mutex_lock(sys_mutex_t* mutex) {
  (*mutex)->semaphore.wait(coop::forever);
  (*mutex)->owner = coop::current();
}

void sys_mutex_unlock(sys_mutex_t* mutex) {
  (*mutex)->owner = nullptr;
  (*mutex)->semaphore.signal();
#if LWIP_TCPIP_CORE_LOCKING
  // A program that never waits must not keep lwIP's own thread from its packets.
  if (mutex == &lock_tcpip_core) coop::give_way();
#endif
}

void sys_mutex_free(sys_mutex_t* mutex) {
  give_semaphore(*mutex, "sys_mutex_free: a thread waits for it");
  SYS_STATS_DEC(mutex.used);
}

// ---- mailboxes

err_t sys_mbox_new(sys_mbox_t* mbox, int size) {
  const bool for_core = mailboxes[0].slots == nullptr;  // tcpip_init() makes the first of all
  const std::size_t wanted = size > 0 ? static_cast<std::size_t>(size) : netconn_slots;
  *mbox = nullptr;
  if (for_core) {
    mailboxes[0] = {{}, core_slots, TCPIP_MBOX_SIZE, false};
    for (std::size_t i = 0; i < mailbox_count; ++i) {
      mailboxes[i + 1] = {{}, slots[i], netconn_slots, false};
    }
  } else {
    coop::forget_ports();  // there is a mailbox for every new socket
  }
  for (twinsock_mailbox& candidate : mailboxes) {
    if (candidate.used || candidate.capacity < wanted || (&candidate == mailboxes) != for_core) {
      continue;
    }
    candidate.used = true;
    candidate.mailbox.reset(candidate.slots, wanted);
    *mbox = &candidate;
    SYS_STATS_INC_USED(mbox);
    return ERR_OK;
  }
  SYS_STATS_INC(mbox.err);
  return ERR_MEM;
}

void sys_mbox_free(sys_mbox_t* mbox) {
  if ((*mbox)->mailbox.waited_for()) {
    twinsock_panic("sys_mbox_free: a thread waits for it", __FILE__, __LINE__);
  }
  (*mbox)->used = false;
  SYS_STATS_DEC(mbox.used);
}

void sys_mbox_post(sys_mbox_t* mbox, void* message) {
  (*mbox)->mailbox.post(message, coop::forever);
}

err_t sys_mbox_trypost(sys_mbox_t* mbox, void* message) {
  if ((*mbox)->mailbox.try_post(message)) return ERR_OK;
  SYS_STATS_INC(mbox.err);
  return ERR_MEM;
}

err_t sys_mbox_trypost_fromisr(sys_mbox_t* mbox, void* message) {
  return sys_mbox_trypost(mbox, message);
}

u32_t sys_arch_mbox_fetch(sys_mbox_t* mbox, void** message, u32_t timeout_ms) {
  void* fetched = nullptr;
  const std::uint64_t start_us = coop::now_us();
  const bool got = (*mbox)->mailbox.fetch(fetched, deadline_after(timeout_ms));
  if (message != nullptr) *message = fetched;
  if (!got) return SYS_ARCH_TIMEOUT;
  return static_cast<u32_t>((coop::now_us() - start_us) / 1000);
}

u32_t sys_arch_mbox_tryfetch(sys_mbox_t* mbox, void** message) {
  void* fetched = nullptr;
  const bool got = (*mbox)->mailbox.try_fetch(fetched);
  if (message != nullptr) *message = fetched;
  if (got) return 0;
  coop::poll();
  coop::give_way();
  return SYS_MBOX_EMPTY;
}

// ---- threads

sys_thread_t sys_thread_new(const char* name, lwip_thread_fn function, void* argument,
                            int stack_size, int priority) {
  const std::size_t wanted =
      stack_size > 0 ? static_cast<std::size_t>(stack_size) : TWINSOCK_THREAD_STACK_SIZE;
  coop::Stack stack{};
  twinsock_thread* slot = take_thread((wanted + 7) & ~std::size_t{7}, stack);
  if (slot == nullptr) return nullptr;
  slot->semaphore.semaphore.reset(0);
  slot->handle = &slot->semaphore;
  slot->function = function;
  slot->argument = argument;
  slot->thread.local = slot;
  // Where the seed explores schedules, lwIP's own thread takes its chance among the others.
  if (coop::shuffling()) priority = TWINSOCK_THREAD_PRIORITY;
  if (priority < 0) priority = 0;
  if (priority >= coop::priority_count) priority = coop::priority_count - 1;
  coop::create(slot->thread, name, stack, priority, enter, slot);
  return slot;
}

#if TWINSOCK_CHECK_LOCKING
void twinsock_mark_tcpip_thread() { tcpip_thread = coop::current(); }

void twinsock_assert_core_locked(const char* file, int line) {
  if (tcpip_thread == nullptr) return;  // start-up
#if LWIP_TCPIP_CORE_LOCKING
  if (lock_tcpip_core != nullptr && lock_tcpip_core->owner == coop::current()) return;
#else
  if (coop::current() == tcpip_thread) return;
#endif
  twinsock_panic("lwIP's core is called without its lock", file, line);
}
#endif
