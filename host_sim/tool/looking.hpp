// Looking: what somebody wants to see of one run on a simulated link, and the files it is written
// to.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <host_sim/report.hpp>
#include <host_sim/trace.hpp>

#include "world.hpp"

namespace host_sim::tool {

struct Looking {
  bool trace = false;    // on standard error
  bool sockets = false;  // among the notes
  bool hash = false;     // of the trace, among the notes
  std::optional<std::string> pcap;
  std::optional<std::string> report;
  std::string replay;                                         // for the report
  std::vector<std::pair<std::string, std::string>> settings;  // for the report
};

// Before a run, so that a name that cannot be written costs none. UsageError that names `option`.
void check_writable(const std::string& path, std::string_view option);

// UsageError if two of these are one file, or one is where standard output or standard error goes:
// each would overwrite the other. Devices are no such files.
void check_apart(const std::vector<std::pair<std::string, std::optional<std::string>>>& files);

// The observers that write, for as long as they are wanted.
class Writers {
 public:
  // UsageError for a file that cannot be written. All that is given outlives it.
  Writers(Simulation& simulation, const Link& link, const char* title, const Looking& looking);

  // After the run: files are whole, and named among the notes.
  void finish(Outcome& outcome);
  // Last of all, as it tells the verdict; the leaks too.
  void write_report(Outcome& outcome);

 private:
  Simulation& simulation_;
  const Looking& looking_;
  std::optional<TextTrace> trace_;
  std::unique_ptr<Capture> capture_;
  std::optional<Report> report_;
};

}  // namespace host_sim::tool
