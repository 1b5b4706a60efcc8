// Looking: traces, captures and reports of one run.
#include "looking.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace host_sim::tool {

namespace {

std::string verdict(const Outcome& outcome) {
  std::string text = outcome.interrupted ? "Interrupted before its end. " : "";
  for (const Side side : {Side::client, Side::server}) {
    const std::string& failure = outcome.role(side).failure;
    if (!failure.empty()) text += fmt::format("{}: {}. ", name(side), failure);
  }
  for (const std::string& line : outcome.broken) text += line + ". ";
  return text.empty() ? "Passed." : text;
}

}  // namespace

void check_writable(const std::string& path, std::string_view option) {
  if (std::FILE* file = std::fopen(path.c_str(), "ab")) {
    std::fclose(file);
    return;
  }
  throw UsageError(
      fmt::format("{}: cannot write '{}': {}; name a file in a folder that exists and may be "
                  "written",
                  option, path, std::strerror(errno)));
}

Writers::Writers(Simulation& simulation, const Link& link, const char* title,
                 const Looking& looking)
    : simulation_(simulation), looking_(looking) {
  if (looking.trace) simulation.add_observer(trace_.emplace(stderr));
  if (looking.pcap) {
    auto capture = Capture::open(*looking.pcap, &link);
    if (!capture) throw UsageError(fmt::format("--pcap: {}", capture.error()));
    capture_ = *std::move(capture);
    simulation.add_observer(*capture_);
  }
  if (looking.report) {
    check_writable(*looking.report, "--report");
    report_.emplace(simulation, ReportOptions{.title = title, .settings = looking.settings});
  }
}

void Writers::finish(Outcome& outcome) {
  if (trace_) simulation_.remove_observer(*trace_);
  if (!capture_) return;
  simulation_.remove_observer(*capture_);
  capture_->flush();
  if (!capture_->error().empty()) outcome.notes.push_back(capture_->error());
  for (const std::string& path : capture_->paths()) {
    outcome.notes.push_back(fmt::format("frames: {}", path));
  }
}

void Writers::write_report(Outcome& outcome) {
  if (!report_) return;
  report_->options().failed = !outcome.passed();
  report_->options().verdict = verdict(outcome);
  if (const auto written = report_->write(*looking_.report); !written) {
    throw UsageError(fmt::format("--report: {}", written.error()));
  }
  outcome.notes.push_back(fmt::format("report: {}", *looking_.report));
}

}  // namespace host_sim::tool
