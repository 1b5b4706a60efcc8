// StopSignal: Ctrl-C and SIGTERM as something to wait for together with other descriptors.
#pragma once

#include <array>

namespace host_sim::tool {

// While it lives the two signals do not end the program. One at a time.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  // Waits for ever, until `descriptor` can be read (true) or a signal has come (false).
  bool wait_readable(int descriptor) const;
  // For those who wait for more: can be read as soon as a signal has come.
  int descriptor() const { return pipe_read_; }
  bool came() const;

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
