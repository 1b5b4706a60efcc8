// Opens, checks and copies node images.
#include "image_file.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <tuple>

namespace host_sim {
namespace {

bool program_has(const char* symbol) { return dlsym(RTLD_DEFAULT, symbol) != nullptr; }

Expected<void> check_sanitizer(const std::string& path, const char* name, bool image,
                               const char* symbol) {
  if (image == program_has(symbol)) return {};
  const std::string with = std::string(image ? "with " : "without ") + name;
  const std::string other = std::string(image ? "without" : "with") + " it";
  return Error{path + " is from another build: it was compiled " + with + ", this program " +
               other + "; compile both alike"};
}

// Files that are open, by what identifies them: one that was built anew is another.
using Identity = std::tuple<dev_t, ino_t, off_t, time_t, long>;
struct Registry {
  std::mutex mutex;
  std::map<Identity, std::shared_ptr<ImageFile>> files;
};
Registry& registry() {
  static auto* const only = new Registry;  // never destroyed: copies stay until the process ends
  return *only;
}

}  // namespace

Expected<std::shared_ptr<ImageFile>> ImageFile::open(const std::string& path,
                                                     const ImageOptions& options) {
  const int master = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (master < 0 || fstat(master, &status) != 0) {
    const std::string why = strerror(errno);
    if (master >= 0) close(master);
    return Error{"cannot open the node image " + path + ": " + why};
  }
  if (!S_ISREG(status.st_mode)) {
    close(master);
    return Error{path + " is no node image: allowed is a shared object (ELF)"};
  }
  const Identity identity{status.st_dev, status.st_ino, status.st_size, status.st_mtim.tv_sec,
                          status.st_mtim.tv_nsec};
  const std::lock_guard lock(registry().mutex);
  auto& known = registry().files[identity];
  const auto forget = [&](const std::string& why) {
    registry().files.erase(identity);
    return Error{why};
  };
  if (known) {
    close(master);
  } else {
    known = std::make_shared<ImageFile>();
    known->path = path;
    known->master_ = master;
    known->size_ = static_cast<size_t>(status.st_size);
    known->self_ = known;
    if (auto checked = known->check(); !checked) return forget(checked.error());
  }
  known->share_from_ = options.share_text_from;
  return known;
}

Expected<void> ImageFile::check() {
  void* const bytes = mmap(nullptr, std::max<size_t>(size_, 1), PROT_READ, MAP_PRIVATE, master_, 0);
  if (bytes == MAP_FAILED) return Error{"cannot read the node image " + path};
  auto facts = inspect_elf(path, bytes, size_);
  munmap(bytes, std::max<size_t>(size_, 1));
  if (!facts) return Error{facts.error()};
  facts_ = *facts;
  if (!facts_.exports_node) {
    return Error{path + " is no node image: it does not export twinsock_node"};
  }
  auto same = check_sanitizer(path, "AddressSanitizer", facts_.address_sanitizer, "__asan_init");
  if (!same) return same;
  same = check_sanitizer(path, "ThreadSanitizer", facts_.thread_sanitizer, "__tsan_init");
  if (!same) return same;
  auto copy = NodeCopy::load(path, master_, size_, false);
  if (!copy) return Error{copy.error()};
  copy_count_ = 1;
  const uint32_t abi = (*copy)->table()->abi;
  if (abi != TWINSOCK_NODE_ABI) {
    (*copy)->unload();
    return Error{path + " is from another build: its node interface is version " +
                 std::to_string(abi) + ", this program's is " + std::to_string(TWINSOCK_NODE_ABI) +
                 "; build both again"};
  }
  describe(*(*copy)->table());
  if (!build.ends_with(TWINSOCK_NODE_INTERFACE)) {
    (*copy)->unload();
    return Error{path + " is from another build: it is '" + build +
                 "', this program's node interface is " TWINSOCK_NODE_INTERFACE
                 "; build both again"};
  }
  free_.push_back(std::move(*copy));
  return {};
}

void ImageFile::describe(const TwinsockNode& node) {
  build = node.build != nullptr ? node.build : "";
  profile = node.profile != nullptr ? node.profile : "";
  for (size_t index = 0; index < node.role_count(); ++index) {
    roles.push_back({node.role_name(index), node.role_summary(index)});
  }
}

std::shared_ptr<ImageFile> ImageFile::of(const TwinsockNode& node, std::string name) {
  auto file = std::make_shared<ImageFile>();
  file->path = std::move(name);
  file->in_process_ = &node;
  file->self_ = file;
  file->describe(node);
  return file;
}

ImageFile::~ImageFile() {
  if (master_ >= 0) close(master_);
}

Expected<std::shared_ptr<NodeCopy>> ImageFile::take() {
  const std::lock_guard lock(mutex_);
  std::unique_ptr<NodeCopy> copy;
  if (in_process_ != nullptr) {
    if (in_use_) return Error{path + ": an image within the program is one node at a time"};
    in_use_ = true;
    copy = NodeCopy::of(*in_process_);
  } else if (!free_.empty()) {
    copy = std::move(free_.back());
    free_.pop_back();
  } else {
    const bool instrumented =
        facts_.address_sanitizer || facts_.thread_sanitizer || facts_.coverage;
    const bool share = !instrumented && copy_count_ >= share_from_;
    auto loaded = NodeCopy::load(path, master_, share ? facts_.loaded_size : size_, share);
    if (!loaded) return Error{loaded.error()};
    ++copy_count_;
    copy = std::move(*loaded);
  }
  const auto keep = self_.lock();
  return std::shared_ptr<NodeCopy>(copy.release(),
                                   [keep](NodeCopy* used) { keep->give_back(used); });
}

void ImageFile::give_back(NodeCopy* copy) {
  std::unique_ptr<NodeCopy> used(copy);
  const std::lock_guard lock(mutex_);
  if (in_process_ != nullptr) {
    in_use_ = false;
  } else if (facts_.coverage) {
    used->unload();  // its counters are written now; setting it back would lose them
  } else {
    used->restore();
    free_.push_back(std::move(used));
  }
}

Expected<Image> Image::open(const std::string& path, const ImageOptions& options) {
  auto file = ImageFile::open(path, options);
  if (!file) return Error{file.error()};
  return Image(*file);
}

Image Image::of(const TwinsockNode& node, std::string name) {
  return Image(ImageFile::of(node, std::move(name)));
}

const std::string& Image::path() const { return file_->path; }
std::string Image::profile() const { return file_->profile; }
std::string Image::build() const { return file_->build; }
const std::vector<RoleInfo>& Image::roles() const { return file_->roles; }

const RoleInfo* Image::find_role(std::string_view name) const {
  for (const RoleInfo& role : file_->roles) {
    if (role.name == name) return &role;
  }
  return nullptr;
}

}  // namespace host_sim
