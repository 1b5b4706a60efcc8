// A node image: the shared object that holds kernel, lwIP and program, loaded once for each node.
//
//   Expected<Image> image = Image::open("exchanges-default.node");
//
// Each node gets a uniquely named copy in a private directory, which goes when the process ends,
// also on Ctrl-C. Copies are used again by later nodes, in this and in later simulations, with
// their variables as they were when they were loaded. From `share_text_from` copies on, further
// copies share the code of the file itself, so that a thousand nodes fit into memory; images with
// sanitizers or coverage never share. Images with sanitizers are never unloaded, so that reports
// can name their lines; images with coverage are loaded afresh each time, so that no count is lost.
//
// An Image is a handle: copying it is cheap, and opening the same file twice gives the same one.
// Distinct and shared handles may be used from several threads.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <host_sim/expected.hpp>

struct TwinsockNode;

namespace host_sim {

struct RoleInfo {
  std::string name, summary;
};

struct ImageOptions {
  size_t share_text_from = 16;  // copies with code of their own, for gdb and profilers
};

class ImageFile;  // what the handle is of

class Image {
 public:
  // Refuses, with one line: what is no shared object for this machine, what does not export
  // twinsock_node, another version of the interface or another
  // build of it, and an image with a sanitizer
  // that this program lacks (or the reverse).
  static Expected<Image> open(const std::string& path, const ImageOptions& options = {});

  // A node inside the program, for tests: one node at a time. `node` outlives the image.
  static Image of(const TwinsockNode& node, std::string name = "in-process");

  const std::string& path() const;
  std::string profile() const;
  std::string build() const;
  const std::vector<RoleInfo>& roles() const;
  const RoleInfo* find_role(std::string_view name) const;  // nullptr: no such role

 private:
  friend class World;
  explicit Image(std::shared_ptr<ImageFile> file) : file_(std::move(file)) {}

  std::shared_ptr<ImageFile> file_;
};

}  // namespace host_sim
