// Seeds: which of many runs are this machine's.
#pragma once

#include <cstdint>
#include <string>

namespace host_sim::tool {

struct SeedRange {
  std::uint64_t first, last;  // both belong to it
};

struct Shard {
  std::uint64_t index = 1, count = 1;  // index: 1 to count
};

// "1..1000", "7" alone; at most 100,000,000 seeds. UsageError says what is allowed.
SeedRange parse_seeds(const std::string& word);
// "2/8": 1/N to N/N with N up to 100,000.
Shard parse_shard(const std::string& word);
// 1 to 1024.
unsigned parse_jobs(const std::string& word);
// As many as this process may use.
unsigned processor_count();

}  // namespace host_sim::tool
