// Virtual time: nanoseconds, and their text.
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <host_sim/expected.hpp>

namespace host_sim {

using Duration = std::chrono::nanoseconds;  // a length of virtual time
using Instant = std::chrono::nanoseconds;   // virtual time since the simulation began

// Later than everything: "no deadline", "for ever".
inline constexpr Duration forever = Duration::max();

// "20ms", "1.5s", "10us", "3min", "24h", "2d", "7ns"; a number alone is refused. 0 to 10,000 d,
// exact to the nanosecond.
Expected<Duration> parse_duration(std::string_view text);

// The shortest text that parses back to the same duration: "20ms", "1.5s"; "forever".
std::string format_duration(Duration duration);

// Seconds with nine decimals, "12.000250000": columns of a trace.
std::string format_instant(Instant instant);

}  // namespace host_sim
