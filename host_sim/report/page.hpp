// The page's parts that never change.
#pragma once

namespace host_sim::report {

extern const char* const page_style;

}  // namespace host_sim::report
