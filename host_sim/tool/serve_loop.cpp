// ServeLoop: threads and signals around one exchange after another.
#include "serve_loop.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <thread>

#include "command.hpp"

namespace host_sim::tool {

namespace {

// A peer that fails at once, again and again, may not fill the terminal as fast as it can be
// written.
constexpr std::chrono::milliseconds pause_after_failure(10);

}  // namespace

bool ServedExchanges::tell(const std::string& failure) {
  ++count_;
  const std::string what = fmt::format("{}, exchange {}", exchange_.name, count_);
  if (failure.empty()) {
    console_.say(fmt::format("{}: {}", what, console_.painted("passed", Paint::good)));
  } else {
    console_.complain(fmt::format("{}: {}", what, failure));
  }
  return failure.empty();
}

int ServedExchanges::stop() {
  console_.say(fmt::format("stopped after {} exchange{}", count_, count_ == 1 ? "" : "s"));
  return arguments_.once ? exit_failed : exit_passed;
}

int ServeLoop::run(const std::function<Served()>& serve_one, const std::function<void()>& leave) {
  leave_ = leave;
  const int status = run_until_last(serve_one);
  leave_();
  return status;
}

int ServeLoop::run_until_last(const std::function<Served()>& serve_one) {
  for (;;) {
    const Served served = hear_one(serve_one);
    const bool passed = served_.tell(served.outcome.failure);
    if (is_once_) return passed ? exit_passed : exit_failed;
    if (served.is_last) return exit_failed;
    if (!passed) std::this_thread::sleep_for(pause_after_failure);
  }
}

ServeLoop::Served ServeLoop::hear_one(const std::function<Served()>& serve_one) {
  Served served{};
  Done done;
  std::thread role([&] {
    served = serve_one();
    done.tell();
  });
  if (!stop_.wait_readable(done.descriptor())) end_program();
  role.join();
  // The signal may have ended the role too: an emulator is of the same process group.
  if (!served.outcome.failure.empty() && stop_.came()) end_program();
  return served;
}

// A call that blocks cannot be called off; the system closes all that the role holds.
void ServeLoop::end_program() {
  leave_();
  std::_Exit(served_.stop());
}

}  // namespace host_sim::tool
