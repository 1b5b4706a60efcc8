// The crash handler. A node calls nothing of the host but the three functions of TwinsockHost, so
// that the host's own structures are whole when a node crashes, and can be written out.
#include "crash.hpp"

#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <mutex>

#include "private_directory.hpp"
#include "stacks.hpp"
#include "world.hpp"

// There with a sanitizer only, which ends the process by itself after its report.
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace host_sim {
namespace {

constexpr int kSignals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
constexpr size_t kHandlerStack = 256 * 1024;  // enough to write captures and traces

struct sigaction g_before[sizeof kSignals / sizeof kSignals[0]];
thread_local World* t_world = nullptr;

const char* signal_text(int number) {
  switch (number) {
    case SIGSEGV: return "invalid memory access (SIGSEGV)";
    case SIGBUS: return "invalid memory access (SIGBUS)";
    case SIGFPE: return "arithmetic error (SIGFPE)";
    case SIGILL: return "illegal instruction (SIGILL)";
    default: return "abort (SIGABRT)";
  }
}

// Describes the crash of a node; false if no node's code was running.
bool describe_crash(int number, const siginfo_t* info, char* text, size_t size) {
  LiveNode* const node = t_world == nullptr ? nullptr : t_world->active.load();
  if (node == nullptr || node->table == nullptr) return false;
  const char* thread = node->table->running_thread();
  if (thread == nullptr) thread = "none";
  for (const Stack& stack : node->stacks) {
    if ((number != SIGSEGV && number != SIGBUS) || !in_gap(stack, info->si_addr)) continue;
    std::snprintf(text, size, "node %s crashed: stack overflow of thread %s (%zu bytes of stack)",
                  node->name().c_str(), thread, stack.size);
    return true;
  }
  std::snprintf(text, size, "node %s crashed: %s at %p in thread %s", node->name().c_str(),
                signal_text(number), info->si_addr, thread);
  return true;
}

void hand_on(int number, const siginfo_t* info) {
  for (size_t index = 0; index < sizeof kSignals / sizeof kSignals[0]; ++index) {
    if (kSignals[index] == number) sigaction(number, &g_before[index], nullptr);
  }
  // A fault comes again by itself when the handler returns; what was sent must be sent again.
  if (number == SIGABRT || info->si_code <= 0) ::raise(number);
}

bool was_handled(int number) {
  for (size_t index = 0; index < sizeof kSignals / sizeof kSignals[0]; ++index) {
    if (kSignals[index] != number) continue;
    const struct sigaction& before = g_before[index];
    return (before.sa_flags & SA_SIGINFO) != 0 || before.sa_handler != SIG_DFL;
  }
  return false;
}

volatile sig_atomic_t g_entered = 0;

extern "C" void handle_sanitizer_report() {
  LiveNode* const node = t_world == nullptr ? nullptr : t_world->active.load();
  if (g_entered != 0 || node == nullptr || node->table == nullptr) return;
  g_entered = 1;
  const char* const thread = node->table->running_thread();
  char text[300];
  std::snprintf(text, sizeof text, "node %s crashed: a sanitizer's report, in thread %s",
                node->name().c_str(), thread != nullptr ? thread : "none");
  report_end(*t_world, text);
}

extern "C" void handle_crash(int number, siginfo_t* info, void*) {
  char text[300];
  if (g_entered != 0) _exit(1);  // writing out crashed too
  if (!describe_crash(number, info, text, sizeof text)) {
    remove_private_directory();
    return hand_on(number, info);
  }
  g_entered = 1;
  report_end(*t_world, text);
  if (!was_handled(number)) _exit(1);
  hand_on(number, info);  // a sanitizer has more to say, and ends the process
}

// A stack for the handler, for the life of the thread. A sanitizer's own is left as it is.
struct HandlerStack {
  void* memory = nullptr;

  HandlerStack() {
    stack_t present{};
    if (sigaltstack(nullptr, &present) != 0) return;
    if ((present.ss_flags & SS_DISABLE) == 0 && present.ss_size >= kHandlerStack) return;
    memory =
        mmap(nullptr, kHandlerStack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
      memory = nullptr;
      return;
    }
    before = present;
    stack_t ours{};
    ours.ss_sp = memory;
    ours.ss_size = kHandlerStack;
    sigaltstack(&ours, nullptr);
  }
  ~HandlerStack() {
    if (memory == nullptr) return;
    sigaltstack(&before, nullptr);
    munmap(memory, kHandlerStack);
  }

  stack_t before{};
};

}  // namespace

void install_crash_handler() {
  static std::once_flag once;
  std::call_once(once, [] {
    if (__sanitizer_set_death_callback != nullptr) {
      __sanitizer_set_death_callback(handle_sanitizer_report);
    }
    for (size_t index = 0; index < sizeof kSignals / sizeof kSignals[0]; ++index) {
      struct sigaction ours {};
      ours.sa_sigaction = handle_crash;
      ours.sa_flags = SA_SIGINFO | SA_ONSTACK;
      sigemptyset(&ours.sa_mask);
      sigaction(kSignals[index], &ours, &g_before[index]);
    }
  });
}

CrashScope::CrashScope(World& world) : before_(t_world) {
  thread_local HandlerStack stack;
  static_cast<void>(stack.memory);
  t_world = &world;
}

CrashScope::~CrashScope() { t_world = before_; }

void report_end(World& world, const char* what) {
  char text[400];
  const int size =
      std::snprintf(text, sizeof text, "host_sim: %s, at %s s of virtual time, seed %llu\n", what,
                    format_instant(Instant(world.now_ns)).c_str(),
                    static_cast<unsigned long long>(world.options.seed));
  if (size > 0) {
    const size_t count = static_cast<size_t>(size) < sizeof text ? size : sizeof text - 1;
    static_cast<void>(!write(STDERR_FILENO, text, count));
  }
  world.flush_for_the_end();
  remove_private_directory();
}

void end_process(World& world, const char* what) {
  report_end(world, what);
  _exit(1);
}

}  // namespace host_sim
