// The last frames of a run, for the report of a failure: their beginnings alone, kept cheaply.
#pragma once

#include <string>
#include <vector>

#include <host_sim/observer.hpp>

namespace host_sim {

class FlightRecorder {
 public:
  explicit FlightRecorder(size_t capacity) : entries_(capacity) {}

  void add(const FrameRecord& record);
  std::string text() const;  // a line of the text trace for each
  bool empty() const { return count_ == 0; }

 private:
  struct Entry {
    FrameRecord record;
    std::vector<uint8_t> frame;
  };
  std::vector<Entry> entries_;
  size_t count_ = 0;
};

}  // namespace host_sim
