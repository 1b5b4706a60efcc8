// The last frames of a run.
#include "flight_recorder.hpp"

#include <algorithm>

#include <host_sim/trace.hpp>

namespace host_sim {

void FlightRecorder::add(const FrameRecord& record) {
  if (entries_.empty()) return;
  Entry& entry = entries_[count_++ % entries_.size()];
  entry.record = record;
  entry.frame.assign(record.frame.begin(), record.frame.end());
}

std::string FlightRecorder::text() const {
  std::string text;
  const size_t kept = std::min(count_, entries_.size());
  for (size_t index = count_ - kept; index < count_; ++index) {
    const Entry& entry = entries_[index % entries_.size()];
    FrameRecord record = entry.record;
    record.frame = entry.frame;
    text += format_frame(record) + "\n";
  }
  return text;
}

}  // namespace host_sim
