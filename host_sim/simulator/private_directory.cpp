// The private directory of a process, removed at exit, on SIGINT, SIGTERM and SIGHUP; that of a
// killed one by the next process. Who lives holds a lock on its directory.
#include "private_directory.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace host_sim {
namespace {

constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

// Plain memory, so that a signal handler can use it.
char g_path[512];
volatile pid_t g_owner = 0;
volatile uint64_t g_file_count = 0;
volatile int g_lock = -1;

char* append_number(char* end, uint64_t number) {
  char digits[20];
  int count = 0;
  do digits[count++] = static_cast<char>('0' + number % 10);
  while ((number /= 10) != 0);
  while (count > 0) *end++ = digits[--count];
  return end;
}

// "DIR/N.so": a name that a signal handler can make again.
void file_path(char* path, uint64_t number) {
  const size_t size = strlen(g_path);
  std::copy_n(g_path, size, path);
  path[size] = '/';
  char* end = append_number(path + size + 1, number);
  memcpy(end, ".so", 4);
}

extern "C" void remove_and_end(int signal_number) {
  remove_private_directory();
  ::signal(signal_number, SIG_DFL);
  ::raise(signal_number);
}

void watch_signals() {
  for (const int number : kSignals) {
    struct sigaction now {};
    if (sigaction(number, nullptr, &now) != 0 || now.sa_handler != SIG_DFL) continue;
    struct sigaction ours {};
    ours.sa_handler = remove_and_end;
    sigemptyset(&ours.sa_mask);
    sigaction(number, &ours, nullptr);
  }
}

class HeldSignals {
 public:
  HeldSignals() {
    sigset_t held;
    sigemptyset(&held);
    for (const int number : kSignals) sigaddset(&held, number);
    pthread_sigmask(SIG_BLOCK, &held, &before_);
  }
  ~HeldSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;

 private:
  sigset_t before_;
};

bool can_execute_from(const char* directory) {
  struct statvfs system {};
  return statvfs(directory, &system) == 0 && (system.f_flag & ST_NOEXEC) == 0 &&
         access(directory, W_OK | X_OK) == 0;
}

constexpr std::string_view prefix = "twinsock-images-";

// A descriptor that holds the directory's lock until it is closed, by whom ever; -1: another does.
int lock_directory(const char* path) {
  const int directory = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (directory >= 0 && flock(directory, LOCK_EX | LOCK_NB) == 0) return directory;
  if (directory >= 0) close(directory);
  return -1;
}

// The copies in it, and itself if it had nothing else.
void remove_copies(const std::string& directory) {
  const std::unique_ptr<DIR, int (*)(DIR*)> all(opendir(directory.c_str()), closedir);
  while (const dirent* entry = all ? readdir(all.get()) : nullptr) {
    if (std::string_view(entry->d_name).ends_with(".so"))
      unlinkat(dirfd(all.get()), entry->d_name, 0);
  }
  rmdir(directory.c_str());
}

// Those of processes that were killed: nobody holds their locks.
void remove_abandoned(const char* candidate) {
  const std::unique_ptr<DIR, int (*)(DIR*)> all(opendir(candidate), closedir);
  while (const dirent* entry = all ? readdir(all.get()) : nullptr) {
    if (!std::string_view(entry->d_name).starts_with(prefix)) continue;
    const std::string path = std::string(candidate) + "/" + entry->d_name;
    struct stat status {};
    if (lstat(path.c_str(), &status) != 0 || status.st_uid != geteuid()) continue;
    const int lock = lock_directory(path.c_str());
    if (lock < 0) continue;
    remove_copies(path);
    close(lock);
  }
}

// False: it cannot be made there.
bool make_directory_in(const char* candidate) {
  for (;;) {
    char path[sizeof g_path];
    snprintf(path, sizeof path, "%s/%.*s%ld-XXXXXX", candidate, static_cast<int>(prefix.size()),
             prefix.data(), static_cast<long>(getpid()));
    if (mkdtemp(path) == nullptr) return false;
    const int lock = lock_directory(path);
    struct stat status {};
    // Before it was locked, another process may have taken it for abandoned.
    if (lock < 0 || fstat(lock, &status) != 0 || status.st_nlink == 0) {
      if (lock >= 0) close(lock);
      continue;
    }
    memcpy(g_path, path, sizeof path);
    g_lock = lock;
    g_file_count = 0;
    g_owner = getpid();
    return true;
  }
}

Expected<void> make_directory() {
  const char* const temporary = getenv("TMPDIR");
  const char* const candidates[] = {"/dev/shm", temporary, "/tmp", "/var/tmp"};
  for (const char* candidate : candidates) {
    if (candidate == nullptr || strlen(candidate) > 400 || !can_execute_from(candidate)) continue;
    remove_abandoned(candidate);
    if (make_directory_in(candidate)) return {};
  }
  return Error{
      "no directory for copies of node images: /dev/shm, $TMPDIR, /tmp and /var/tmp are "
      "not writable, or nothing may be executed from them (noexec)"};
}

}  // namespace

Expected<std::string> new_private_file() {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  if (g_owner != getpid()) {
    watch_signals();  // again in a forked process, which may have other handlers
    static bool once = (atexit(remove_private_directory), true);
    static_cast<void>(once);
    const HeldSignals held;  // until the handler knows the directory
    if (auto made = make_directory(); !made) return Error{made.error()};
  }
  char path[sizeof g_path + 32];
  file_path(path, g_file_count);
  g_file_count = g_file_count + 1;
  return std::string(path);
}

void remove_private_directory() {
  if (g_owner == 0 || g_owner != getpid()) return;
  g_owner = 0;
  char path[sizeof g_path + 32];
  for (uint64_t number = 0; number < g_file_count; ++number) {
    file_path(path, number);
    unlink(path);
  }
  rmdir(g_path);
  close(g_lock);
}

}  // namespace host_sim
