// Process: fork and exec with the ends in our hands.
#include "board/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "text.hpp"

namespace host_sim::tool {

namespace {

constexpr int exec_failed = 127;

// In the child, between fork and exec: nothing but system calls.
[[noreturn]] void become(char* const* words, const char* path, pid_t parent, int console,
                         int errors, const std::vector<int>& kept) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(exec_failed);
  dup2(console, STDIN_FILENO);
  dup2(console, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  for (const int descriptor : kept) fcntl(descriptor, F_SETFD, 0);
  signal(SIGINT, SIG_DFL);
  signal(SIGPIPE, SIG_DFL);
  execv(path, words);
  _exit(exec_failed);
}

}  // namespace

Process::Process(const std::vector<std::string>& command, const std::vector<int>& kept) {
  const std::string path = find_program(command[0]);
  if (path.empty()) throw BoardError(fmt::format("{} is not installed", command[0]));
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  std::array<int, 2> ends{-1, -1};
  errors_ = memfd_create("errors", MFD_CLOEXEC);
  if (errors_ < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
    const int reason = errno;
    if (errors_ >= 0) close(errors_);
    throw BoardError(fmt::format("cannot start {}: {}", command[0], std::strerror(reason)));
  }
  const pid_t parent = getpid();
  pid_ = fork();
  if (pid_ == 0) become(words.data(), path.c_str(), parent, ends[1], errors_, kept);
  const int reason = errno;
  close(ends[1]);
  console_ = ends[0];
  fcntl(console_, F_SETFL, O_NONBLOCK);
  if (pid_ < 0) {
    close(console_);
    close(errors_);
    throw BoardError(fmt::format("cannot start {}: {}", command[0], std::strerror(reason)));
  }
}

Process::~Process() {
  if (ending_.empty()) {
    kill(pid_, SIGKILL);
    ending();
  }
  close(console_);
  close(errors_);
}

std::string Process::ending() {
  int status = 0;
  siginfo_t unused{};
  while (ending_.empty()) {
    if (waitid(P_PID, static_cast<id_t>(pid_), &unused, WEXITED | WNOWAIT) < 0 && errno == EINTR) {
      continue;
    }
    const std::lock_guard<std::mutex> hold(reaping_);
    if (waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
    ending_ = WIFSIGNALED(status) ? fmt::format("was ended by signal {}", WTERMSIG(status))
                                  : fmt::format("ended with exit status {}", WEXITSTATUS(status));
  }
  return ending_;
}

void Process::stop() {
  const std::lock_guard<std::mutex> hold(reaping_);
  if (ending_.empty()) kill(pid_, SIGKILL);
}

std::string Process::errors() const {
  std::string text(4096, '\0');
  const ssize_t size = pread(errors_, text.data(), text.size(), 0);
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

std::string find_program(const std::string& name) {
  const char* path = std::getenv("PATH");
  for (const std::string& folder : split(path ? path : "/usr/local/bin:/usr/bin:/bin", ':')) {
    std::string candidate = (folder.empty() ? "." : folder) + "/" + name;
    if (access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return "";
}

}  // namespace host_sim::tool
