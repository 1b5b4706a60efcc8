// --chaos: the faults of a seed as the options that stand for them.
#pragma once

#include "arguments.hpp"

namespace host_sim::tool {

inline constexpr const char* chaos_deadline = "10min";  // where --deadline is not given

// UsageError if --chaos comes with other faults.
void check_chaos(const Arguments& arguments);
std::vector<GivenOption> chaos_options(std::uint64_t seed);

}  // namespace host_sim::tool
