// Difference: where two transcripts part, in the manner of diff -u.
#pragma once

#include <string>
#include <vector>

namespace host_sim::tool {

// Lines without their ends; empty if both are equal. At most about twenty lines: what both begin
// and end with is left out but for two lines of context, and a long middle is cut.
std::vector<std::string> difference(const std::string& name_a, const std::vector<std::string>& a,
                                    const std::string& name_b, const std::vector<std::string>& b);

}  // namespace host_sim::tool
