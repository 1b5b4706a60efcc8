// An image on the disk and its loaded copies, shared by all handles on it.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <host_sim/image.hpp>

#include "elf.hpp"
#include "node_copy.hpp"

namespace host_sim {

class ImageFile {
 public:
  static Expected<std::shared_ptr<ImageFile>> open(const std::string& path,
                                                   const ImageOptions& options);
  static std::shared_ptr<ImageFile> of(const TwinsockNode& node, std::string name);
  ~ImageFile();

  // A copy with its variables as they were when it was loaded; a used one if there is one.
  Expected<std::shared_ptr<NodeCopy>> take();

  std::string path, profile, build;
  std::vector<RoleInfo> roles;

 private:
  Expected<void> check();
  void describe(const TwinsockNode& node);
  void give_back(NodeCopy* copy);

  std::weak_ptr<ImageFile> self_;
  const TwinsockNode* in_process_ = nullptr;
  bool in_use_ = false;  // of in_process_
  int master_ = -1;
  size_t size_ = 0, share_from_ = 0;
  ElfFacts facts_;
  std::mutex mutex_;
  size_t copy_count_ = 0;
  std::vector<std::unique_ptr<NodeCopy>> free_;
};

}  // namespace host_sim
