// A page to look at: what two or eight nodes said to each other, as a ladder and as plots, in one
// HTML file that needs nothing else.
//
//   Report report(simulation, {.title = "tcp_echo"});       // an observer; before the run
//   …run…
//   Expected<void> written = report.write("run.html");
//
// It keeps about 150 bytes for each frame, and asks the sending node for its congestion window at
// each TCP segment: for one run that somebody wants to see, not for a sweep.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <host_sim/simulation.hpp>

namespace host_sim {

struct ReportOptions {
  std::string title = "simulation";
  std::string verdict{};                                        // one line: how it ended
  bool failed = false;                                          // colours the verdict
  std::vector<std::pair<std::string, std::string>> settings{};  // name, value: what was asked for
  size_t ladder_frames = 1200;  // more: the first two thirds and the last third of these are drawn
};

class Report : public Observer {
 public:
  Report(Simulation& simulation, ReportOptions options);
  ~Report() override;  // removes itself from the simulation, which must still be there
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;

  ReportOptions& options();  // title, verdict and settings may be set until write()
  // Writes the page as things stand now. Refuses a file that cannot be written, with the reason.
  Expected<void> write(const std::string& path) const;

  void on_frame(const FrameRecord& record) override;
  void on_node(const NodeRecord& record) override;

 private:
  struct Data;
  std::unique_ptr<Data> data_;
};

}  // namespace host_sim
