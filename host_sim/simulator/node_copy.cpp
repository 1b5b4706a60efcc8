// Loads copies of node images with dlopen(), shares their code, and sets their variables back.
#include "node_copy.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "private_directory.hpp"

namespace host_sim {
namespace {

constexpr size_t kPage = 4096;

uintptr_t round_down(uintptr_t value, size_t page) { return value & ~(uintptr_t{page} - 1); }
uintptr_t round_up(uintptr_t value, size_t page) { return round_down(value + page - 1, page); }

// dlopen() knows a library by its name and its inode: each copy has both of its own.
Expected<std::string> copy_file(int master, size_t size) {
  auto path = new_private_file();
  if (!path) return path;
  const int file = open(path->c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
  if (file < 0) return Error{"cannot make " + *path + ": " + strerror(errno)};
  off_t offset = 0;
  while (static_cast<size_t>(offset) < size) {
    const ssize_t count = sendfile(file, master, &offset, size - static_cast<size_t>(offset));
    if (count > 0 || (count < 0 && errno == EINTR)) continue;
    const std::string why = count < 0 ? strerror(errno) : "the image became shorter";
    close(file);
    unlink(path->c_str());
    return Error{"cannot copy a node image to " + *path + ": " + why};
  }
  close(file);
  return path;
}

struct Segments {
  uintptr_t base;
  std::vector<ElfW(Phdr)> loads;
  uintptr_t relro_end = 0;
  bool found = false;
};

int collect_segments(dl_phdr_info* info, size_t, void* argument) {
  auto& segments = *static_cast<Segments*>(argument);
  if (info->dlpi_addr != segments.base) return 0;
  segments.found = true;
  for (size_t index = 0; index < info->dlpi_phnum; ++index) {
    const ElfW(Phdr)& header = info->dlpi_phdr[index];
    if (header.p_type == PT_LOAD) segments.loads.push_back(header);
    if (header.p_type == PT_GNU_RELRO) {
      segments.relro_end = segments.base + header.p_vaddr + header.p_memsz;
    }
  }
  return 1;
}

// Position-independent code has no relocations: every copy's is that of the master, page for page.
void share_code(const Segments& segments, int master, const std::string& copy) {
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const int file = open(copy.c_str(), O_RDWR | O_CLOEXEC);
  for (const ElfW(Phdr) & load : segments.loads) {
    if ((load.p_flags & PF_W) != 0 || load.p_filesz != load.p_memsz) continue;
    const uintptr_t begin = round_down(segments.base + load.p_vaddr, page);
    const uintptr_t end = round_up(segments.base + load.p_vaddr + load.p_memsz, page);
    const auto offset = static_cast<off_t>(round_down(load.p_offset, page));
    const int protection = PROT_READ | ((load.p_flags & PF_X) != 0 ? PROT_EXEC : 0);
    void* const place = reinterpret_cast<void*>(begin);
    if (mmap(place, end - begin, protection, MAP_PRIVATE | MAP_FIXED, master, offset) != place) {
      continue;  // the copy's own code stays where it is
    }
    // The copy's pages would otherwise be kept though nobody maps them. Headers stay for gdb.
    const off_t keep = offset == 0 ? static_cast<off_t>(page) : 0;
    const auto size = static_cast<off_t>(round_down(load.p_filesz, page)) - keep;
    if (file >= 0 && size > 0) {
      static_cast<void>(
          fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset + keep, size));
    }
  }
  if (file >= 0) close(file);
}

__attribute__((no_sanitize("address", "undefined"))) void store_words(volatile uint64_t* to,
                                                                      const uint64_t* from,
                                                                      size_t count) {
  for (size_t index = 0; index < count; ++index) to[index] = from != nullptr ? from[index] : 0;
}

__attribute__((no_sanitize("address", "undefined"))) bool load_words(const volatile uint64_t* from,
                                                                     uint64_t* to, size_t count) {
  uint64_t any = 0;
  for (size_t index = 0; index < count; ++index) any |= to[index] = from[index];
  return any != 0;
}

}  // namespace

void Snapshot::take(uint8_t* begin, size_t size) {
  uint64_t page[kPage / 8];
  while (size != 0) {
    const size_t part = std::min<size_t>(size, kPage - reinterpret_cast<uintptr_t>(begin) % kPage);
    const size_t count = part / 8;
    const bool any = load_words(reinterpret_cast<uint64_t*>(begin), page, count);
    pieces_.push_back({begin, part, any ? bytes_.size() : SIZE_MAX});
    if (any) bytes_.insert(bytes_.end(), page, page + count);
    begin += part, size -= part;
  }
}

void Snapshot::restore() const {
  for (const Piece& piece : pieces_) {
    const uint64_t* from = piece.kept == SIZE_MAX ? nullptr : &bytes_[piece.kept];
    store_words(reinterpret_cast<volatile uint64_t*>(piece.begin), from, piece.size / 8);
  }
}

Expected<void> NodeCopy::find_segments(const std::string& path, int master, bool share) {
  link_map* map = nullptr;
  if (dlinfo(handle_, RTLD_DI_LINKMAP, &map) != 0) return Error{path + ": " + dlerror()};
  Segments segments{map->l_addr, {}, 0, false};
  dl_iterate_phdr(collect_segments, &segments);
  if (!segments.found) return Error{path + ": the loader does not list its segments"};
  if (share) share_code(segments, master, file_);
  for (const ElfW(Phdr) & load : segments.loads) {
    if ((load.p_flags & PF_W) == 0) continue;
    uintptr_t begin = segments.base + load.p_vaddr;
    const uintptr_t end = round_down(begin + load.p_memsz, 8);
    // What the loader made read-only after relocating it does not change.
    const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
    const uintptr_t protected_end = round_down(segments.relro_end, page);
    if (protected_end > begin && protected_end <= round_up(end, page)) begin = protected_end;
    begin = round_up(begin, 8);
    if (begin < end) snapshot_.take(reinterpret_cast<uint8_t*>(begin), end - begin);
  }
  return {};
}

Expected<std::unique_ptr<NodeCopy>> NodeCopy::load(const std::string& path, int master, size_t size,
                                                   bool share) {
  auto file = copy_file(master, size);
  if (!file) return Error{file.error()};
  auto copy = std::make_unique<NodeCopy>();
  copy->file_ = *file;
  copy->handle_ = dlopen(file->c_str(), RTLD_NOW | RTLD_LOCAL);
  if (copy->handle_ == nullptr) {
    const char* const why = dlerror();
    unlink(file->c_str());
    return Error{"cannot load " + path + ": " + (why != nullptr ? why : "no reason given")};
  }
  using Entry = const TwinsockNode* (*)();
  const auto entry = reinterpret_cast<Entry>(dlsym(copy->handle_, "twinsock_node"));
  copy->table_ = entry != nullptr ? entry() : nullptr;
  if (copy->table_ == nullptr) {
    copy->unload();
    return Error{path + " is no node image: its twinsock_node() returns nothing"};
  }
  if (auto found = copy->find_segments(path, master, share); !found) return Error{found.error()};
  return copy;
}

void NodeCopy::unload() {
  if (handle_ != nullptr) dlclose(handle_);
  if (!file_.empty()) unlink(file_.c_str());
  handle_ = nullptr, table_ = nullptr;
}

std::unique_ptr<NodeCopy> NodeCopy::of(const TwinsockNode& node) {
  auto copy = std::make_unique<NodeCopy>();
  copy->table_ = &node;
  return copy;
}

}  // namespace host_sim
