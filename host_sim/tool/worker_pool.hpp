// WorkerPool: processes that answer requests. One that crashes or hangs costs its request alone: it
// is named, another process takes its place, and the rest goes on.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace host_sim::tool {

struct Job {
  std::uint64_t id;
  std::string request;
};

struct Answer {
  enum class Fate { answered, crashed, hung };

  std::uint64_t id;
  Fate fate;
  std::string text;  // the answer; else how the process ended, then what it wrote last
  double seconds;    // of wall time
};

class WorkerPool {
 public:
  using Clock = std::chrono::steady_clock;
  // Runs in a forked process. What it writes on standard error is kept for when it crashes.
  using Work = std::function<std::string(const std::string& request)>;

  // A request that takes longer than `limit` of wall time hangs. Forks; so the calling process has
  // but one thread.
  WorkerPool(unsigned workers, Work work, std::chrono::milliseconds limit);
  ~WorkerPool();  // ends all processes, also in the middle of a request
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  bool has_room() const;  // give() may be called: every process has one request ahead at most
  void give(Job job);
  std::size_t pending() const;  // given and not answered

  // Waits until there are answers, `at_most` has passed, or `descriptor` can be read (-1: none).
  std::vector<Answer> wait(std::chrono::milliseconds at_most, int descriptor);

 private:
  struct Worker {
    pid_t process = -1;
    int requests = -1, answers = -1, errors = -1;  // our ends of its pipes
    std::string received, said;
    std::deque<Job> jobs;  // the first is under way
    Clock::time_point since{};
  };

  void start(Worker& worker);
  [[noreturn]] void serve(int requests, int answers) const;
  void close_pipes(Worker& worker);
  std::string end(Worker& worker, bool kill_first);
  void send(Worker& worker, const Job& job);
  void take_answers(Worker& worker, std::vector<Answer>& answers);
  void replace(Worker& worker, Answer::Fate fate, std::vector<Answer>& answers);

  Work work_;
  std::chrono::milliseconds limit_;
  std::vector<Worker> workers_;
};

}  // namespace host_sim::tool
