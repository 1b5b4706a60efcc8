// Ranges of seeds, shards and jobs, from words.
#include "seeds.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <charconv>
#include <string_view>
#include <thread>

#include "arguments.hpp"

namespace host_sim::tool {

namespace {

constexpr std::uint64_t most_seeds = 100'000'000;
constexpr std::uint64_t most_shards = 100'000;
constexpr std::uint64_t most_jobs = 1024;

bool parse_whole(std::string_view text, std::uint64_t& number) {
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return !text.empty() && error == std::errc() && stopped == end;
}

// "A", separator, "B".
bool parse_two(std::string_view text, std::string_view separator, std::uint64_t& first,
               std::uint64_t& second) {
  const std::size_t at = text.find(separator);
  return at != std::string_view::npos && parse_whole(text.substr(0, at), first) &&
         parse_whole(text.substr(at + separator.size()), second);
}

}  // namespace

SeedRange parse_seeds(const std::string& word) {
  if (word.empty()) throw UsageError("--seeds is missing; it takes A..B, as in 1..1000");
  SeedRange range{};
  const bool one = parse_whole(word, range.first);
  if (one) range.last = range.first;
  if ((!one && !parse_two(word, "..", range.first, range.last)) || range.last < range.first) {
    throw UsageError(
        fmt::format("--seeds: '{}' is no range; allowed: A..B with 0 <= A <= B <= "
                    "18446744073709551615, as in 1..1000",
                    word));
  }
  if (range.last - range.first >= most_seeds) {
    throw UsageError(
        fmt::format("--seeds: {} are more than {}; allowed: a smaller range, and more "
                    "of them",
                    word, most_seeds));
  }
  return range;
}

Shard parse_shard(const std::string& word) {
  Shard shard{};
  const bool sound = parse_two(word, "/", shard.index, shard.count);
  if (!sound || shard.index < 1 || shard.index > shard.count || shard.count > most_shards) {
    throw UsageError(
        fmt::format("--shard: '{}' is no shard; allowed: I/N with 1 <= I <= N <= {}, as in 2/8",
                    word, most_shards));
  }
  return shard;
}

unsigned parse_jobs(const std::string& word) {
  std::uint64_t jobs = 0;
  if (!parse_whole(word, jobs) || jobs < 1 || jobs > most_jobs) {
    throw UsageError(
        fmt::format("--jobs: '{}' is no number of processes; allowed: 1 to {}", word, most_jobs));
  }
  return static_cast<unsigned>(jobs);
}

unsigned processor_count() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    return static_cast<unsigned>(std::max(1, CPU_COUNT(&allowed)));
  }
  return std::max(1U, std::thread::hardware_concurrency());
}

}  // namespace host_sim::tool
