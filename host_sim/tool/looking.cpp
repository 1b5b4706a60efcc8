// Looking: traces, captures and reports of one run.
#include "looking.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

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

void check_apart(const std::vector<std::pair<std::string, std::optional<std::string>>>& files) {
  namespace fs = std::filesystem;
  std::vector<std::pair<std::string, fs::path>> taken;
  std::error_code ignored;
  for (const auto& [stream, link] : {std::pair("standard output", "/proc/self/fd/1"),
                                     std::pair("standard error", "/proc/self/fd/2")}) {
    if (fs::is_regular_file(link, ignored))
      taken.emplace_back(stream, fs::canonical(link, ignored));
  }
  for (const auto& [option, path] : files) {
    if (!path || (fs::exists(*path, ignored) && !fs::is_regular_file(*path, ignored))) continue;
    const fs::path file = fs::weakly_canonical(fs::absolute(*path, ignored), ignored);
    for (const auto& [other, its_file] : taken) {
      if (file != its_file && !fs::equivalent(file, its_file, ignored)) continue;
      throw UsageError(
          fmt::format("{} and {} are one file, '{}'; give each its own", other, option, *path));
    }
    taken.emplace_back(option, file);
  }
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
  if (const std::string& error = capture_->error(); !error.empty()) {
    outcome.unwritten.push_back(
        fmt::format("--pcap: cannot write '{}': {}; make room, then run again", *looking_.pcap,
                    error.substr(error.rfind(": ") + 2)));
    return;
  }
  for (const std::string& path : capture_->paths()) {
    outcome.notes.push_back(fmt::format("frames: {}", path));
  }
}

void Writers::write_report(Outcome& outcome) {
  if (!report_) return;
  report_->options().failed = !outcome.passed();
  report_->options().verdict = verdict(outcome);
  if (const auto written = report_->write(*looking_.report); !written) {
    outcome.unwritten.push_back(
        fmt::format("--report: {}; make room, then run again", written.error()));
    return;
  }
  outcome.notes.push_back(fmt::format("report: {}", *looking_.report));
}

}  // namespace host_sim::tool
