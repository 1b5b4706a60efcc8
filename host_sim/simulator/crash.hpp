// A crash in a node's code: named with its node and thread, the others' traces kept, exit status 1.
#pragma once

namespace host_sim {

class World;

// Once per process; what handled these signals before (a sanitizer) still gets them afterwards.
void install_crash_handler();

// While it lives, this thread runs that world; makes sure that the handler has a stack of its own.
class CrashScope {
 public:
  explicit CrashScope(World& world);
  ~CrashScope();
  CrashScope(const CrashScope&) = delete;
  CrashScope& operator=(const CrashScope&) = delete;

 private:
  World* before_;
};

// The last words of a process: `what` on standard error, everything flushed, exit status 1.
[[noreturn]] void end_process(World& world, const char* what);
void report_end(World& world, const char* what);

}  // namespace host_sim
