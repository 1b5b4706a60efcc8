// SIGINT, SIGTERM and SIGHUP through a pipe, as a handler may do nothing but write to one.
#include "stop_signal.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <system_error>

namespace host_sim::tool {

namespace {

volatile int pipe_write = -1;
volatile std::sig_atomic_t last_signal = 0;

void on_signal(int number) {
  last_signal = number;
  const int kept = errno;
  const char byte = 0;
  const ssize_t ignored = write(pipe_write, &byte, 1);
  static_cast<void>(ignored);
  errno = kept;
}

void handle(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  struct sigaction hang_up {};
  sigaction(SIGHUP, nullptr, &hang_up);
  if (hang_up.sa_handler != SIG_IGN) sigaction(SIGHUP, &action, nullptr);
}

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot make a pipe");
  }
  return ends;
}

}  // namespace

StopSignal::StopSignal() {
  const std::array<int, 2> ends = make_pipe();
  pipe_read_ = ends[0];
  pipe_write = ends[1];
  handle(on_signal);
}

StopSignal::~StopSignal() {
  handle(SIG_DFL);
  close(pipe_read_);
  close(pipe_write);
}

bool StopSignal::wait_readable(int descriptor) const {
  for (;;) {
    std::array<pollfd, 2> waits{{{pipe_read_, POLLIN, 0}, {descriptor, POLLIN, 0}}};
    if (poll(waits.data(), waits.size(), -1) < 0 && errno != EINTR) {
      throw std::system_error(errno, std::generic_category(), "cannot wait for peers");
    }
    if (waits[0].revents != 0) return false;
    if (waits[1].revents != 0) return true;
  }
}

bool StopSignal::wait_readable(int descriptor, std::chrono::milliseconds longest) {
  const auto end = std::chrono::steady_clock::now() + longest;
  for (;;) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    pollfd wait{descriptor, POLLIN, 0};
    const int count = poll(&wait, 1, left.count() > 0 ? static_cast<int>(left.count()) : 0);
    if (count >= 0 || errno != EINTR) return count > 0;
  }
}

void StopSignal::hear_no_more() { handle(SIG_DFL); }

int StopSignal::exit_status() { return 128 + last_signal; }

bool StopSignal::came() const {
  pollfd wait{pipe_read_, POLLIN, 0};
  return poll(&wait, 1, 0) > 0;
}

Done::Done() : ends_(make_pipe()) {}

Done::~Done() {
  for (const int end : ends_) close(end);
}

void Done::tell() {
  const char byte = 0;
  const ssize_t ignored = write(ends_[1], &byte, 1);
  static_cast<void>(ignored);
}

}  // namespace host_sim::tool
