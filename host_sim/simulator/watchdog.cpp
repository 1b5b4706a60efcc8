// One thread for all simulations of the process, there while there are any.
#include "watchdog.hpp"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

#include "crash.hpp"
#include "world.hpp"

namespace host_sim {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto kPeriod = std::chrono::milliseconds(100);

struct Watched {
  World* world;
  uint64_t calls = 0;
  Clock::time_point since{};
};

class Watchdog {
 public:
  void add(World& world) {
    const std::lock_guard lock(mutex_);
    watched_.push_back({&world});
    if (owner_ != getpid()) start();
    wakes_.notify_all();
  }

  void remove(World& world) {
    const std::lock_guard lock(mutex_);
    std::erase_if(watched_, [&](const Watched& watched) { return watched.world == &world; });
  }

 private:
  void start() {
    owner_ = getpid();
    sigset_t all, before;  // signals are for the threads that run nodes
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    std::thread([this] { watch(); }).detach();
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  void watch() {
    std::unique_lock lock(mutex_);
    while (true) {
      if (watched_.empty()) {
        wakes_.wait(lock);
        continue;
      }
      wakes_.wait_for(lock, kPeriod);
      for (Watched& watched : watched_) look(watched);
    }
  }

  void look(Watched& watched) {
    const uint64_t calls = watched.world->calls.load(std::memory_order_acquire);
    const auto now = Clock::now();
    if (calls % 2 == 0 || calls != watched.calls) {
      watched.calls = calls;
      watched.since = now;
      return;
    }
    const auto limit = std::chrono::seconds(watched.world->options.watchdog_s);
    if (now - watched.since < limit) return;
    const LiveNode* const node = watched.world->active.load();
    if (node == nullptr || node->table == nullptr) return;
    const char* const thread = node->table->running_thread();
    char text[300];
    std::snprintf(text, sizeof text,
                  "node %s hangs: thread %s has been running for %u s without a wait",
                  node->name().c_str(), thread != nullptr ? thread : "none",
                  watched.world->options.watchdog_s);
    end_process(*watched.world, text);
  }

  std::mutex mutex_;
  std::condition_variable wakes_;
  std::vector<Watched> watched_;
  pid_t owner_ = 0;
};

Watchdog& watchdog() {
  // Never destroyed: its thread ends with the process, and is not there in a forked child.
  static auto* const only = new Watchdog;
  return *only;
}

}  // namespace

void watchdog_add(World& world) { watchdog().add(world); }
void watchdog_remove(World& world) { watchdog().remove(world); }

}  // namespace host_sim
