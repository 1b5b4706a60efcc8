// twinsock_conformance: the conformance cases over the desktop's own sockets.
#include <dirent.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstring>
#include <vector>

#include <conformance/runner.hpp>

namespace {

// Counts the descriptors of this process, and sends signals that restart no system call.
class DesktopHost final : public twinsock::conformance::Host {
 public:
  DesktopHost() {
    struct sigaction action {};
    action.sa_handler = [](int) {};
    ::sigaction(SIGUSR1, &action, nullptr);
    const rlimit few{64, 64};  // so that a case can open all there are
    ::setrlimit(RLIMIT_NOFILE, &few);
    file_ = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    home_ = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
  }

  int open_sockets() override {
    DIR* folder = ::opendir("/proc/self/fd");
    if (folder == nullptr) return -1;
    int count = 0;
    while (::readdir(folder) != nullptr) ++count;
    ::closedir(folder);
    return count;
  }

  void start_signals() override {
    running_ = true;
    target_ = ::pthread_self();
    ::pthread_create(&sender_, nullptr, &DesktopHost::send_signals, this);
  }

  void stop_signals() override {
    if (!running_.exchange(false)) return;
    ::pthread_join(sender_, nullptr);
  }

  int not_a_socket() override { return file_; }

  bool silence(int socket) override {
    if (socket < 0) return true;  // it can be done
    sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
    const sock_fprog program{1, &nothing};
    return ::setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program) == 0;
  }

  // A network namespace of its own, where the loopback is down at first.
  bool leave_network(bool loopback_is_up) override {
    if (home_ < 0 || ::unshare(CLONE_NEWNET) != 0) return false;
    if (!loopback_is_up || set_loopback_up()) return true;
    return_to_network();
    return false;
  }
  void return_to_network() override {
    if (::setns(home_, CLONE_NEWNET) != 0) std::perror("setns");
  }

  bool drop_rights() override {
    std::FILE* file = std::fopen("/proc/sys/net/ipv4/ip_unprivileged_port_start", "r");
    int first_free = 1024;
    if (file != nullptr) {
      if (std::fscanf(file, "%d", &first_free) != 1) first_free = 0;
      std::fclose(file);
    }
    constexpr uid_t nobody = 65534;
    return first_free >= 1024 && (::geteuid() != 0 || ::seteuid(nobody) == 0);
  }
  void restore_rights() override {
    if (::getuid() == 0 && ::seteuid(0) != 0) std::perror("seteuid");
  }

 private:
  static bool set_loopback_up() {
    ifreq request{};
    std::memcpy(request.ifr_name, "lo", sizeof "lo");
    request.ifr_flags = IFF_UP;
    const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const bool is_up = ::ioctl(socket, SIOCSIFFLAGS, &request) == 0;
    ::close(socket);
    return is_up;
  }

  static void* send_signals(void* self) {
    auto& host = *static_cast<DesktopHost*>(self);
    while (host.running_) {
      ::pthread_kill(host.target_, SIGUSR1);
      const timespec pause{0, 3'000'000};
      ::nanosleep(&pause, nullptr);
    }
    return nullptr;
  }

  std::atomic<bool> running_ = false;
  pthread_t target_{};
  pthread_t sender_{};
  int file_ = -1;
  int home_ = -1;
};

class DesktopRole final : public twinsock::RoleContext {
 public:
  DesktopRole(int argc, char** argv) : words_(argv + 1, argv + argc) {}

  std::span<const std::string_view> arguments() const override { return words_; }
  twinsock::IpAddress address(twinsock::Family family) const override {
    return twinsock::IpAddress::loopback(family);
  }
  void report(std::string_view line) override { print(stdout, line); }
  void log(std::string_view line) override { print(stderr, line); }
  void ready() override {}
  int ask(std::string_view, std::span<char>) override { return -1; }

 private:
  static void print(std::FILE* file, std::string_view line) {
    std::fprintf(file, "%.*s\n", static_cast<int>(line.size()), line.data());
    std::fflush(file);
  }

  std::vector<std::string_view> words_;
};

}  // namespace

int main(int argc, char** argv) {
  DesktopRole role(argc, argv);
  DesktopHost host;
  if (argc == 2 && std::string_view(argv[1]) == "--help") {
    std::puts(
        "usage: twinsock_conformance [list] [NAME | GROUP.*]...\n"
        "Runs the cases of docs/SOCKET_CONTRACT.md over this machine's sockets; no name: all.\n"
        "exit status: 0 all as declared, 1 not so, 2 wrong use");
    return 0;
  }
  return twinsock::conformance::run(role, host);
}
