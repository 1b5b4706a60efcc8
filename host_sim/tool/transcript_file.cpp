// The file of --transcript.
#include "transcript_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>

#include "text.hpp"

namespace host_sim::tool {

TranscriptFile::TranscriptFile(const std::string& path)
    : path_(path), file_(std::fopen(path.c_str(), "we")) {
  if (!file_) {
    throw UsageError(
        fmt::format("--transcript: cannot write '{}': {}; name a file in a folder that "
                    "exists and may be written",
                    path, std::strerror(errno)));
  }
}

std::string TranscriptFile::write(const Outcome& outcome) {
  for (const Side side : {Side::client, Side::server}) {
    for (const std::string& line : outcome.role(side).transcript) {
      fmt::print(file_.get(), "{}: {}\n", name(side), printable(line));
    }
  }
  if (std::fflush(file_.get()) == 0 && std::ferror(file_.get()) == 0) return "";
  return fmt::format("cannot write the transcript to '{}': {}; make room, then run again", path_,
                     std::strerror(errno));
}

}  // namespace host_sim::tool
