// OneAtATime: two roles talk at once; the watcher hears one at a time.
#pragma once

#include <mutex>

#include "world.hpp"

namespace host_sim::tool {

class OneAtATime final : public Watcher {
 public:
  explicit OneAtATime(Watcher& watcher) : watcher_(watcher) {}

  void line(Side side, std::string_view line) override {
    const std::lock_guard<std::mutex> hold(lock_);
    watcher_.line(side, line);
  }
  void log(Side side, std::string_view line) override {
    const std::lock_guard<std::mutex> hold(lock_);
    watcher_.log(side, line);
  }

 private:
  Watcher& watcher_;
  std::mutex lock_;
};

}  // namespace host_sim::tool
