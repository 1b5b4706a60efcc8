// Trial: one run of a sweep, as a worker process is asked for it and answers.
#pragma once

#include <string>
#include <vector>

#include "ending.hpp"
#include "sim_runner.hpp"

namespace host_sim::tool {

struct Trial {
  const Exchange* exchange = nullptr;
  Family family = Family::inet;
  std::uint64_t seed = 1;
  std::vector<GivenOption> network;  // fault options, chaos made explicit
};

struct TrialResult {
  Ending ending = Ending::failed;
  std::string text;     // one line: why not passed
  std::string details;  // failed: tables, the last frames
};

std::string encode(const Trial& trial);
Trial decode_trial(const std::string& text);  // of encode() only
std::string encode(const TrialResult& result);
TrialResult decode_result(const std::string& text);

// Runs it. What throws is a failure too.
TrialResult run_trial(SimRunner& runner, const Trial& trial, std::chrono::milliseconds deadline);

}  // namespace host_sim::tool
