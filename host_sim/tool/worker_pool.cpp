// Processes and their pipes. Messages are a length, seconds (answers only) and bytes.
#include "worker_pool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <system_error>
#include <thread>

namespace host_sim::tool {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t jobs_ahead = 2;
constexpr std::size_t longest_said = 16 * 1024;
constexpr milliseconds time_to_end{1000};

struct Head {
  std::uint64_t size;
  double seconds;
};

std::array<int, 2> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "cannot make a pipe to a process");
  }
  return ends;
}

bool write_all(int descriptor, const void* data, std::size_t size) {
  const char* at = static_cast<const char*>(data);
  while (size > 0) {
    const ssize_t count = write(descriptor, at, size);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    at += count;
    size -= static_cast<std::size_t>(count);
  }
  return true;
}

bool write_message(int descriptor, const std::string& text, double seconds) {
  const Head head{text.size(), seconds};
  std::string message(sizeof head + text.size(), '\0');
  std::memcpy(message.data(), &head, sizeof head);
  std::memcpy(message.data() + sizeof head, text.data(), text.size());
  return write_all(descriptor, message.data(), message.size());
}

// Reads what is there; false at the end.
bool read_some(int descriptor, std::string& to) {
  std::array<char, 65536> buffer;
  const ssize_t count = read(descriptor, buffer.data(), buffer.size());
  if (count > 0) to.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0 || (count < 0 && (errno == EINTR || errno == EAGAIN));
}

bool take_message(std::string& from, std::string& text, double& seconds) {
  Head head{};
  if (from.size() < sizeof head) return false;
  std::memcpy(&head, from.data(), sizeof head);
  if (from.size() < sizeof head + head.size) return false;
  text = from.substr(sizeof head, head.size);
  seconds = head.seconds;
  from.erase(0, sizeof head + head.size);
  return true;
}

std::string ending_text(int status) {
  if (WIFSIGNALED(status)) {
    return fmt::format("the process was ended by signal {} ({})", WTERMSIG(status),
                       strsignal(WTERMSIG(status)));
  }
  return fmt::format("the process ended with status {}", WEXITSTATUS(status));
}

}  // namespace

WorkerPool::WorkerPool(unsigned workers, Work work, milliseconds limit)
    : work_(std::move(work)), limit_(limit), workers_(workers) {
  signal(SIGPIPE, SIG_IGN);  // a process that ended is seen by its answers' end
  for (Worker& worker : workers_) start(worker);
}

WorkerPool::~WorkerPool() {
  for (Worker& worker : workers_) {
    if (worker.process > 0 && !worker.jobs.empty()) kill(worker.process, SIGTERM);
  }
  for (Worker& worker : workers_) end(worker, !worker.jobs.empty());
}

void WorkerPool::start(Worker& worker) {
  const std::array<int, 2> requests = make_pipe(), answers = make_pipe(), errors = make_pipe();
  std::fflush(nullptr);
  // A SIGTERM for the new process waits until it is no longer the parent's to handle.
  sigset_t held, before;
  sigemptyset(&held);
  sigaddset(&held, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &held, &before);
  const pid_t process = fork();
  if (process != 0) pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (process < 0) {
    throw std::system_error(errno, std::generic_category(), "cannot start another process");
  }
  if (process == 0) {
    // The terminal sends Ctrl-C to all; which of them end, and when, is for the parent to say.
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    for (Worker& other : workers_) close_pipes(other);  // or they would never see their end
    for (const int theirs : {requests[1], answers[0], errors[0]}) close(theirs);
    dup2(errors[1], STDERR_FILENO);
    serve(requests[0], answers[1]);
  }
  for (const int its : {requests[0], answers[1], errors[1]}) close(its);
  fcntl(answers[0], F_SETFL, O_NONBLOCK);
  fcntl(errors[0], F_SETFL, O_NONBLOCK);
  worker.process = process;
  worker.requests = requests[1];
  worker.answers = answers[0];
  worker.errors = errors[0];
}

void WorkerPool::serve(int requests, int answers) const {
  std::string received, request;
  double unused = 0;
  for (;;) {
    while (!take_message(received, request, unused)) {
      if (!read_some(requests, received)) std::exit(0);
    }
    const Clock::time_point begin = Clock::now();
    const std::string answer = work_(request);
    const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
    if (!write_message(answers, answer, seconds)) std::exit(0);
  }
}

void WorkerPool::close_pipes(Worker& worker) {
  for (int* const end : {&worker.requests, &worker.answers, &worker.errors}) {
    if (*end >= 0) close(*end);
    *end = -1;
  }
}

// How it ended. Without kill_first it ends by itself, as it has nothing more to read.
std::string WorkerPool::end(Worker& worker, bool kill_first) {
  if (worker.process <= 0) return "";
  close_pipes(worker);
  int status = 0;
  if (kill_first) {
    kill(worker.process, SIGTERM);
    const Clock::time_point until = Clock::now() + time_to_end;
    while (waitpid(worker.process, &status, WNOHANG) == 0) {
      if (Clock::now() >= until) {
        kill(worker.process, SIGKILL);
        waitpid(worker.process, &status, 0);
        break;
      }
      std::this_thread::sleep_for(milliseconds(2));
    }
  } else {
    waitpid(worker.process, &status, 0);
  }
  worker.process = -1;
  worker.received.clear();
  return ending_text(status);
}

bool WorkerPool::has_room() const {
  return std::ranges::any_of(workers_,
                             [](const Worker& worker) { return worker.jobs.size() < jobs_ahead; });
}

void WorkerPool::give(Job job) {
  const auto worker = std::ranges::min_element(
      workers_, {}, [](const Worker& candidate) { return candidate.jobs.size(); });
  send(*worker, job);
  if (worker->jobs.empty()) worker->since = Clock::now();
  worker->jobs.push_back(std::move(job));
}

void WorkerPool::send(Worker& worker, const Job& job) {
  // If this fails the process has ended, which wait() sees.
  static_cast<void>(write_message(worker.requests, job.request, 0));
}

std::size_t WorkerPool::pending() const {
  std::size_t count = 0;
  for (const Worker& worker : workers_) count += worker.jobs.size();
  return count;
}

void WorkerPool::take_answers(Worker& worker, std::vector<Answer>& answers) {
  Answer answer{0, Answer::Fate::answered, "", 0};
  while (!worker.jobs.empty() && take_message(worker.received, answer.text, answer.seconds)) {
    answer.id = worker.jobs.front().id;
    worker.jobs.pop_front();
    worker.since = Clock::now();
    worker.said.clear();
    answers.push_back(answer);
  }
}

// Its request is lost; those behind it go to the process that takes its place.
void WorkerPool::replace(Worker& worker, Answer::Fate fate, std::vector<Answer>& answers) {
  while (worker.errors >= 0) {
    const std::size_t before = worker.said.size();
    if (!read_some(worker.errors, worker.said) || worker.said.size() == before) break;
  }
  const double seconds = std::chrono::duration<double>(Clock::now() - worker.since).count();
  std::string text = end(worker, fate == Answer::Fate::hung);
  if (fate == Answer::Fate::hung) text = fmt::format("no end after {:.0f} s", seconds);
  if (!worker.jobs.empty()) {
    answers.push_back({worker.jobs.front().id, fate, text + "\n" + worker.said, seconds});
    worker.jobs.pop_front();
  }
  worker.said.clear();
  start(worker);
  for (const Job& job : worker.jobs) send(worker, job);
  worker.since = Clock::now();
}

std::vector<Answer> WorkerPool::wait(milliseconds at_most, int descriptor) {
  std::vector<pollfd> waits;
  Clock::time_point until = Clock::now() + at_most;
  for (const Worker& worker : workers_) {
    waits.push_back({worker.answers, POLLIN, 0});
    waits.push_back({worker.errors, POLLIN, 0});
    if (!worker.jobs.empty()) until = std::min(until, worker.since + limit_);
  }
  waits.push_back({descriptor, POLLIN, 0});
  const auto left = std::chrono::ceil<milliseconds>(until - Clock::now());
  if (poll(waits.data(), waits.size(), static_cast<int>(std::max<long>(0, left.count()))) < 0 &&
      errno != EINTR) {
    throw std::system_error(errno, std::generic_category(), "cannot wait for processes");
  }
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < workers_.size(); ++i) {
    Worker& worker = workers_[i];
    bool lives = true;
    if (waits[2 * i].revents != 0) {
      lives = read_some(worker.answers, worker.received);
      take_answers(worker, answers);  // before its words: they may be of the request behind it
    }
    if (waits[2 * i + 1].revents != 0) {
      read_some(worker.errors, worker.said);
      if (worker.said.size() > longest_said) {
        worker.said.erase(0, worker.said.size() - longest_said);
      }
    }
    if (!lives) {
      replace(worker, Answer::Fate::crashed, answers);
    } else if (!worker.jobs.empty() && Clock::now() >= worker.since + limit_) {
      replace(worker, Answer::Fate::hung, answers);
    }
  }
  return answers;
}

}  // namespace host_sim::tool
