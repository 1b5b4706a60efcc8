// The node image that --image, --profile or neither of them means.
#pragma once

#include <host_sim/image.hpp>

#include "arguments.hpp"

namespace host_sim::tool {

struct SimImage {
  std::optional<Image> image;
  std::string missing;  // if there is none: why, and what to do
};

// UsageError for a profile that there is not, and for a file of --image that is no image.
SimImage open_image(const Arguments& arguments);

}  // namespace host_sim::tool
