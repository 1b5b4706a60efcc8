// host_sim merge: the shards of a sweep put together again.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <map>
#include <sstream>

#include "command.hpp"
#include "junit.hpp"
#include "seeds.hpp"
#include "text.hpp"

namespace host_sim::tool {

namespace {

constexpr std::size_t most_named = 20;

void add_options(CLI::App& app, Arguments& arguments) {
  app.add_option("FILE...", arguments.files, "The --junit file of each shard, in any order.");
  add_text(app, "--junit", "FILE", arguments.junit,
           "Write the joined results to FILE, in JUnit's format. Default: only the summary.");
}

TestFile read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) {
    throw UsageError(fmt::format("cannot read '{}': {}; name the --junit files of host_sim sweep",
                                 path, std::strerror(errno)));
  }
  auto tests = parse_junit(text.str());
  if (!tests) throw UsageError(fmt::format("{}: {}", path, tests.error()));
  return *std::move(tests);
}

struct Shards {
  std::uint64_t count = 0;
  std::map<std::uint64_t, std::string> files;  // by index
  std::vector<std::string> interrupted;        // one line each
};

void add_shard(Shards& shards, const TestFile& tests, const std::string& path) {
  const Shard shard = parse_shard(tests.shard);
  if (shards.count != 0 && shards.count != shard.count) {
    throw UsageError(
        fmt::format("{} is shard {}, the files before it are of {} shards; allowed "
                    "are the shards of one sweep",
                    path, tests.shard, shards.count));
  }
  shards.count = shard.count;
  const auto [place, is_new] = shards.files.try_emplace(shard.index, path);
  if (!is_new) {
    throw UsageError(fmt::format("{} and {} are both shard {}; name each shard once", place->second,
                                 path, tests.shard));
  }
  if (tests.size() < tests.planned) {
    shards.interrupted.push_back(fmt::format("shard {} was interrupted: {} of {} runs were made",
                                             tests.shard, tests.size(), tests.planned));
  }
}

void join(TestFile& all, TestFile&& more) {
  all.planned += more.planned;
  for (TestSuite& suite : more.suites) {
    const auto same = std::ranges::find(all.suites, suite.name, &TestSuite::name);
    if (same == all.suites.end()) {
      all.suites.push_back(std::move(suite));
    } else {
      std::ranges::move(suite.cases, std::back_inserter(same->cases));
    }
  }
}

std::vector<std::string> missing(const Shards& shards) {
  std::vector<std::string> lines;
  for (std::uint64_t index = 1; index <= shards.count; ++index) {
    if (!shards.files.contains(index)) {
      lines.push_back(fmt::format("shard {}/{} is missing", index, shards.count));
    }
  }
  return lines;
}

void print_failures(const TestFile& all, Console& console) {
  std::size_t named = 0;
  for (const TestSuite& suite : all.suites) {
    for (const TestCase& test : suite.cases) {
      if (test.state != CaseState::failed || ++named > most_named) continue;
      console.complain(
          fmt::format("{}, seed {}: {}", suite.name, test.seed, printable(test.message)));
      for (const std::string& line : split(test.body, '\n')) {
        if (line.starts_with("replay: ")) console.say(printable(line));
      }
    }
  }
  if (named > most_named) {
    console.say(fmt::format("and {} failures more", named - most_named));
  }
}

bool write_file(const std::string& path, const TestFile& all) {
  std::ofstream file(path, std::ios::binary);
  file << format_junit(all);
  file.close();
  return static_cast<bool>(file);
}

int run(const Arguments& arguments, Console& console) {
  if (arguments.files.empty()) {
    throw UsageError("FILE is missing; name the --junit files of host_sim sweep");
  }
  TestFile all;
  Shards shards;
  for (const std::string& path : arguments.files) {
    TestFile tests = read_file(path);
    if (!all.sweep.empty() && tests.sweep != all.sweep) {
      throw UsageError(
          fmt::format("{} is of another sweep, `{}`, than the files before it, `{}`; "
                      "allowed are the shards of one sweep",
                      path, tests.sweep, all.sweep));
    }
    all.sweep = tests.sweep;
    add_shard(shards, tests, path);
    join(all, std::move(tests));
  }
  all.shard = "1/1";
  std::ranges::sort(all.suites, {}, &TestSuite::name);
  for (TestSuite& suite : all.suites) std::ranges::sort(suite.cases, {}, &TestCase::seed);

  print_failures(all, console);
  std::vector<std::string> incomplete = missing(shards);
  std::ranges::copy(shards.interrupted, std::back_inserter(incomplete));
  for (const std::string& line : incomplete) console.complain(line);
  console.say(
      fmt::format("sweep: {} runs: {} passed, {} gave up cleanly, {} failed; {} of {} shards",
                  all.size(), all.count(CaseState::passed), all.count(CaseState::skipped),
                  all.count(CaseState::failed), shards.files.size(), shards.count));
  if (arguments.junit && !write_file(*arguments.junit, all)) {
    console.complain(
        fmt::format("cannot write '{}': {}; name a file in a folder that exists and "
                    "may be written",
                    *arguments.junit, std::strerror(errno)));
    return exit_failed;
  }
  return all.count(CaseState::failed) > 0 || !incomplete.empty() ? exit_failed : exit_passed;
}

}  // namespace

const Command merge_command{
    {"merge", "join the results of a sweep's shards", "host_sim merge FILE... [OPTION...]",
     R"(Reads the --junit files that the shards of one sweep wrote, prints the
failures with their replay lines and the sum of all, and joins them into
one file if --junit is given. A shard that is missing or was interrupted is
named.)",
     R"(0   All shards are there and whole, and no run failed.
1   A run failed, or a shard is missing or was interrupted.
2   Wrong use: a file that cannot be read, or that is of another sweep.)",
     R"(host_sim merge 1.xml 2.xml 3.xml 4.xml --junit all.xml)"},
    add_options,
    run};

}  // namespace host_sim::tool
