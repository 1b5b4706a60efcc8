// JUnit files of sweeps: what CI systems read, and what `merge` reads again.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <host_sim/expected.hpp>

namespace host_sim::tool {

// A run that gave up cleanly is a skipped case: CI systems count those apart, and do not fail.
enum class CaseState { passed, skipped, failed };

struct TestCase {
  std::uint64_t seed = 0;
  CaseState state = CaseState::passed;
  double seconds = 0;
  std::string message{};  // one line; failed and skipped
  std::string body{};     // failed: replay lines, tables
};

struct TestSuite {
  std::string name;  // "tcp_echo.inet"
  std::vector<TestCase> cases;

  std::size_t count(CaseState state) const;
};

struct TestFile {
  // What every shard of one sweep has in common; its own part; how many runs that part has.
  std::string sweep, shard;
  std::uint64_t planned = 0;
  std::vector<TestSuite> suites;

  std::size_t count(CaseState state) const;
  std::size_t size() const;
};

std::string format_junit(const TestFile& file);

// The error names the line, and says what was expected: only files that host_sim wrote are read.
Expected<TestFile> parse_junit(std::string_view text);

}  // namespace host_sim::tool
