// What `run` and `compare` share: settings from words, the live transcript, and the closing lines.
#pragma once

#include "world.hpp"

namespace host_sim::tool {

Settings parse_settings(const Arguments& arguments, const Exchange& exchange);

// Prints the transcript as it comes, and log lines on standard error.
class LiveWatcher final : public Watcher {
 public:
  explicit LiveWatcher(Console& console) : console_(console) {}
  void line(Side side, std::string_view line) override;
  void log(Side side, std::string_view line) override;

 private:
  Console& console_;
};

// Notes, failures and the verdict on standard error.
void report_outcome(Console& console, const Exchange& exchange, const World& world,
                    const Settings& settings, const Outcome& outcome);

// "host_sim run …": a command that a shell takes as it is, and that does the same again.
std::string replay_words(const Exchange& exchange, std::string_view world, const Settings& settings,
                         const Arguments& arguments);

}  // namespace host_sim::tool
