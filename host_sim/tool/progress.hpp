// One line that says how far a sweep is.
#pragma once

#include <cstdint>
#include <string>

namespace host_sim::tool {

struct Progress {
  std::uint64_t done = 0, planned = 0;
  std::uint64_t failed = 0, gave_up = 0;
  double seconds = 0;  // since it began
};

// "[#####...............]  26% 260/1000  208/s  3 s left  1 failed  4 gave up"
std::string progress_line(const Progress& progress);

// "3 s", "2 min 5 s", "4 h 10 min"
std::string rough_time(double seconds);

}  // namespace host_sim::tool
