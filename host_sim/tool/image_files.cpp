// Where the node images are, relative to the program's own file.
#include "image_files.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace host_sim::tool {

ImageFile find_exchanges_image(std::string_view profile) {
  namespace fs = std::filesystem;
  const std::string file = fmt::format("exchanges-{}.node", profile);
  std::error_code error;
  const fs::path folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const char* place : {".", HOST_SIM_IMAGES_FROM_BUILD, HOST_SIM_IMAGES_FROM_INSTALL}) {
    const fs::path candidate = (folder / place / file).lexically_normal();
    if (fs::is_regular_file(candidate, error)) return {candidate.string(), ""};
  }
  constexpr bool built_with_lwip = HOST_SIM_HAS_LWIP;
  if (!built_with_lwip) {
    return {"",
            "this host_sim was built without lwIP; run tools/setup, which brings it, then "
            "build again"};
  }
  return {"",
          fmt::format("the node image {} is neither beside host_sim nor where it was installed; "
                      "build it, or name it with --image",
                      file)};
}

}  // namespace host_sim::tool
