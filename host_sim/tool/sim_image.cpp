// The node image that the options mean, opened.
#include "sim_image.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "image_files.hpp"
#include "text.hpp"

namespace host_sim::tool {

SimImage open_image(const Arguments& arguments) {
  if (arguments.image && arguments.profile) {
    throw UsageError("--image and --profile are both given; an image has its profile, give one");
  }
  const std::string profile = arguments.profile.value_or("default");
  constexpr std::array<std::string_view, 4> profiles{"tiny", "default", "default-messages",
                                                     "large"};
  if (std::ranges::find(profiles, profile) == profiles.end()) {
    throw UsageError(
        fmt::format("--profile: there is no profile '{}'; allowed: {}", profile, joined(profiles)));
  }
  const ImageFile file =
      arguments.image ? ImageFile{*arguments.image, ""} : find_exchanges_image(profile);
  if (file.path.empty()) return {std::nullopt, file.missing};
  auto image = Image::open(file.path);
  if (image) return {*image, ""};
  if (arguments.image) throw UsageError(fmt::format("--image: {}", image.error()));
  const bool full = image.error().find(std::strerror(ENOSPC)) != std::string::npos;
  return {std::nullopt, fmt::format("{}; {}", image.error(),
                                    full ? "make room in /dev/shm and /tmp, where nodes have their "
                                           "copies"
                                         : "build it again")};
}

}  // namespace host_sim::tool
