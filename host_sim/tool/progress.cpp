// The progress line of a sweep.
#include "progress.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace host_sim::tool {

namespace {
constexpr std::uint64_t bar_length = 20;
}

std::string rough_time(double seconds) {
  const auto whole = static_cast<std::uint64_t>(std::ceil(std::max(0.0, seconds)));
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {} s", whole / 60, whole % 60);
  return fmt::format("{} h {} min", whole / 3600, whole % 3600 / 60);
}

std::string progress_line(const Progress& progress) {
  const std::uint64_t planned = std::max<std::uint64_t>(1, progress.planned);
  const std::uint64_t filled = bar_length * progress.done / planned;
  const double rate =
      progress.seconds > 0 ? static_cast<double>(progress.done) / progress.seconds : 0;
  std::string line =
      fmt::format("[{:#>{}}{:.>{}}] {:3}% {}/{}", "", filled, "", bar_length - filled,
                  100 * progress.done / planned, progress.done, progress.planned);
  if (rate > 0) {
    line += fmt::format("  {:.{}f}/s  {} left", rate, rate < 10 ? 1 : 0,
                        rough_time(static_cast<double>(progress.planned - progress.done) / rate));
  }
  if (progress.failed > 0) line += fmt::format("  {} failed", progress.failed);
  if (progress.gave_up > 0) line += fmt::format("  {} gave up", progress.gave_up);
  return line;
}

}  // namespace host_sim::tool
