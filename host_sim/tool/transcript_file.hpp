// The file of --transcript: the client's lines, then the server's, so that two files of equal runs
// are equal although two roles that talk at once are heard in no fixed order.
#pragma once

#include <cstdio>
#include <memory>
#include <string>

#include "world.hpp"

namespace host_sim::tool {

class TranscriptFile {
 public:
  // UsageError if the file cannot be made; a file of that name is replaced.
  explicit TranscriptFile(const std::string& path);
  // "" or one line saying why not all was written.
  std::string write(const Outcome& outcome);

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
};

}  // namespace host_sim::tool
