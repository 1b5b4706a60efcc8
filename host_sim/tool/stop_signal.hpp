// StopSignal: Ctrl-C, SIGTERM and a terminal that hangs up as something to wait for together with
// other descriptors.
#pragma once

#include <array>
#include <chrono>

namespace host_sim::tool {

// While it lives SIGINT, SIGTERM and SIGHUP do not end the program; a SIGHUP that is ignored
// (nohup) stays so. One at a time.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  // Waits for ever, until `descriptor` can be read (true) or a signal has come (false).
  bool wait_readable(int descriptor) const;
  // The same for so long at most; then false, too. A signal is none of its business.
  static bool wait_readable(int descriptor, std::chrono::milliseconds longest);
  // For those who wait for more: can be read as soon as a signal has come.
  int descriptor() const { return pipe_read_; }
  bool came() const;
  // From now on a further signal ends the program at once.
  static void hear_no_more();
  // What a program that a signal ended has for a status: 128 and the last that came.
  static int exit_status();

 private:
  int pipe_read_ = -1;
};

// A pipe by which one thread tells another that it is done.
class Done {
 public:
  Done();
  ~Done();
  Done(const Done&) = delete;
  Done& operator=(const Done&) = delete;

  void tell();
  int descriptor() const { return ends_[0]; }

 private:
  std::array<int, 2> ends_{-1, -1};
};

}  // namespace host_sim::tool
