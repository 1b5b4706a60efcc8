// One run of a sweep, in a worker process.
#include "trial.hpp"

#include <fmt/format.h>

#include "text.hpp"

namespace host_sim::tool {

namespace {

constexpr std::size_t longest_details = 24 * 1024;

class NobodyListens final : public Watcher {
 public:
  void line(Side, std::string_view) override {}
  void log(Side, std::string_view) override {}
};

std::string text_of(const Outcome& outcome) {
  std::vector<std::string> parts;
  for (const Side side : {Side::client, Side::server}) {
    const std::string& failure = outcome.role(side).failure;
    if (!failure.empty()) parts.push_back(fmt::format("{}: {}", name(side), failure));
  }
  parts.insert(parts.end(), outcome.broken.begin(), outcome.broken.end());
  const std::vector<std::string_view> views(parts.begin(), parts.end());
  return printable(joined(views, " | "));
}

}  // namespace

// Fields end in a zero byte, which no option and no line of text holds.
std::string encode(const Trial& trial) {
  std::string text = fmt::format("{}{}{}{}{}", trial.exchange->name, '\0',
                                 twinsock::name(trial.family), '\0', trial.seed);
  for (const GivenOption& option : trial.network) {
    text += fmt::format("{}{}{}{}", '\0', option.name, '\0', option.value);
  }
  return text;
}

Trial decode_trial(const std::string& text) {
  const std::vector<std::string> fields = split(text, '\0');
  Trial trial{
      &parse_exchange(fields.at(0)), parse_family(fields.at(1)), parse_seed(fields.at(2)), {}};
  for (std::size_t i = 3; i + 1 < fields.size(); i += 2) {
    trial.network.push_back({fields[i], fields[i + 1]});
  }
  return trial;
}

std::string encode(const TrialResult& result) {
  return fmt::format("{}{}{}{}", static_cast<int>(result.ending), result.text, '\0',
                     result.details);
}

TrialResult decode_result(const std::string& text) {
  const std::size_t end = text.find('\0');
  return {static_cast<Ending>(text.at(0) - '0'), text.substr(1, end - 1), text.substr(end + 1)};
}

TrialResult run_trial(SimRunner& runner, const Trial& trial, std::chrono::milliseconds deadline) {
  try {
    const Settings settings{
        .family = trial.family, .seed = trial.seed, .deadline = deadline, .say = {}};
    const Scenario network = read_network(trial.network);
    NobodyListens nobody;
    const Outcome outcome = runner.run(*trial.exchange, settings, network, {}, nobody);
    TrialResult result{ending_of(outcome, adversity_of(network)), text_of(outcome), ""};
    if (result.ending == Ending::failed) {
      for (const std::string& note : outcome.notes) result.details += note + "\n";
      if (result.details.size() > longest_details) result.details.resize(longest_details);
    }
    return result;
  } catch (const std::exception& error) {
    return {Ending::failed, printable(error.what()), ""};
  }
}

}  // namespace host_sim::tool
