// Where the node images are: beside the program in a build tree, or where they were installed.
#pragma once

#include <string>
#include <string_view>

namespace host_sim::tool {

struct ImageFile {
  std::string path;     // "" if there is none
  std::string missing;  // then: why, and what to do
};

// The image of the exchanges with that lwIP profile. Looks only at places fixed relative to the
// program's own file, never at the environment or the current folder.
ImageFile find_exchanges_image(std::string_view profile);

}  // namespace host_sim::tool
