// Observers that write what happens: a text trace for people, captures for Wireshark.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <host_sim/expected.hpp>
#include <host_sim/observer.hpp>

namespace host_sim {

// What the columns and abbreviations of a text trace mean.
const char* trace_legend();

// One line, without its end.
std::string format_frame(const FrameRecord& record);
std::string format_node_event(const NodeRecord& record);

// Writes to a file that the caller owns and that outlives it; its first line follows the legend.
class TextTrace : public Observer {
 public:
  explicit TextTrace(std::FILE* file, bool legend = true) : file_(file), legend_(legend) {}
  void on_frame(const FrameRecord& record) override;
  void on_node(const NodeRecord& record) override;
  void on_refused(const RefusedRecord& record) override;
  void flush() override;

 private:
  void write(const std::string& line);

  std::FILE* file_;
  bool legend_;  // still to come
};

// pcapng with nanoseconds, an interface for each direction, and a comment on each frame that did
// not simply arrive. Frames stand at the time they were handed to their link, lost ones too.
class Capture : public Observer {
 public:
  // One link into PATH itself.
  static Expected<std::unique_ptr<Capture>> open(const std::string& path, const Link* only_link);
  // One file for each link, "run.pcapng" giving "run-client-lan.pcapng".
  static Expected<std::unique_ptr<Capture>> open(const std::string& path);

  const std::vector<std::string>& paths() const;  // of the files so far
  const std::string& error() const;               // a write failed (disk full); empty: none
  void on_link(const Link& link) override;
  void on_frame(const FrameRecord& record) override;
  void flush() override;
  ~Capture() override;

 private:
  struct File;
  Capture();

  std::string path_;
  const Link* only_ = nullptr;
  std::vector<std::string> paths_;
  std::vector<std::unique_ptr<File>> files_;  // by the link's index
  std::string error_;
};

}  // namespace host_sim
