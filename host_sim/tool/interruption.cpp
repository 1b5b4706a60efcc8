// The run in its thread, the signals in this one.
#include "interruption.hpp"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <mutex>
#include <thread>

namespace host_sim::tool {

namespace {

// For a world that said that it ends.
constexpr std::chrono::seconds longest_stop(5);

// Keeps what it hears, as a role that is not waited for tells nothing any more.
class Recorder final : public Watcher {
 public:
  explicit Recorder(Watcher& watcher) : watcher_(watcher) {}

  void line(Side side, std::string_view line) override {
    {
      const std::lock_guard<std::mutex> hold(lock_);
      (side == Side::client ? client_ : server_).emplace_back(line);
    }
    watcher_.line(side, line);
  }
  void log(Side side, std::string_view line) override { watcher_.log(side, line); }

  void copy_to(Outcome& outcome) {
    const std::lock_guard<std::mutex> hold(lock_);
    outcome.client.transcript = client_;
    outcome.server.transcript = server_;
  }

 private:
  Watcher& watcher_;
  std::mutex lock_;
  std::vector<std::string> client_, server_;
};

}  // namespace

Outcome run_until_signal(World& world, const Exchange& exchange, const Settings& settings,
                         Watcher& watcher, const StopSignal& stop,
                         const std::function<void(const Outcome&)>& abandon) {
  Recorder recorder(watcher);
  Outcome outcome;
  std::exception_ptr error;
  Done done;
  std::thread run([&] {
    try {
      outcome = world.run(exchange, settings, recorder);
    } catch (...) {
      error = std::current_exception();
    }
    done.tell();
  });
  bool ended = stop.wait_readable(done.descriptor());
  if (!ended) StopSignal::hear_no_more();
  ended = ended || StopSignal::wait_readable(done.descriptor(), std::chrono::milliseconds(0)) ||
          (world.stop() && StopSignal::wait_readable(done.descriptor(), longest_stop));
  if (!ended) {
    Outcome known;
    known.interrupted = true;
    recorder.copy_to(known);
    abandon(known);
    std::fflush(stdout);
    std::_Exit(StopSignal::exit_status());
  }
  run.join();
  if (error) std::rethrow_exception(error);
  // An emulator may have heard the signal by itself, and its role have failed.
  outcome.interrupted = outcome.interrupted || (stop.came() && !outcome.passed());
  if (outcome.interrupted) recorder.copy_to(outcome);
  return outcome;
}

}  // namespace host_sim::tool
