// The faults of a seed as options.
#include "chaos_options.hpp"

#include <fmt/format.h>

#include <host_sim/chaos.hpp>

#include "text.hpp"

namespace host_sim::tool {

void check_chaos(const Arguments& arguments) {
  if (!arguments.chaos || arguments.network.empty()) return;
  throw UsageError(
      fmt::format("--chaos draws all faults from the seed, and {} is given too; leave "
                  "one of them out",
                  arguments.network.front().name));
}

std::vector<GivenOption> chaos_options(std::uint64_t seed) {
  std::vector<GivenOption> options;
  const std::string text = format_faults(chaos_faults(seed));
  if (text.empty()) return options;
  for (const std::string& setting : split(text, ' ')) {
    const std::size_t equals = setting.find('=');
    options.push_back({"--" + setting.substr(0, equals), setting.substr(equals + 1)});
  }
  return options;
}

}  // namespace host_sim::tool
