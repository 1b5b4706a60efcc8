// Process: a program that this one starts, talks with, and that never outlives it.
#pragma once

#include <sys/types.h>

#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

namespace host_sim::tool {

// A board that cannot be had, or does otherwise than it should; what() is one line for people.
class BoardError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Process {
 public:
  // Found in PATH. Descriptors other than `kept` are not inherited. BoardError if it cannot start.
  // The thread that calls this must live as long as the program shall: the system kills the program
  // with it, however it ends.
  explicit Process(const std::vector<std::string>& command, const std::vector<int>& kept = {});
  ~Process();  // kills it
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  // Its standard input and output: a stream socket, non-blocking.
  int console() const { return console_; }
  // Waits for its end: "ended with exit status 99", "was ended by signal 9".
  std::string ending();
  // Kills it; from any thread, also while another one waits for its end.
  void stop();
  // What it wrote on standard error so far.
  std::string errors() const;

 private:
  pid_t pid_ = -1;
  int console_ = -1;
  int errors_ = -1;
  std::string ending_;
  std::mutex reaping_;  // as long as the system keeps its number for us
};

// Where PATH has that program; "": nowhere.
std::string find_program(const std::string& name);

}  // namespace host_sim::tool
