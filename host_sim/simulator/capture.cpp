// pcapng, as draft-ietf-opsawg-pcapng has it: one section, an interface for each direction.
#include <cerrno>
#include <cstring>

#include <host_sim/network.hpp>
#include <host_sim/trace.hpp>

namespace host_sim {
namespace {

enum Option : uint16_t {
  kEnd = 0,
  kComment = 1,
  kInterfaceName = 2,
  kInterfaceDescription = 3,
  kTimeResolution = 9,
  kUserApplication = 4,
};

// One block, built in memory: type, length, body, options, length again. Native byte order.
class Block {
 public:
  explicit Block(std::string& bytes, uint32_t type) : bytes_(bytes) {
    bytes_.clear();
    put(type).put(uint32_t{0});
  }
  template <typename T>
  Block& put(T value) {
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
  }
  Block& put(const void* data, size_t size) {
    bytes_.append(static_cast<const char*>(data), size);
    bytes_.append((4 - size % 4) % 4, '\0');
    return *this;
  }
  Block& option(Option code, std::string_view value) {
    put(static_cast<uint16_t>(code)).put(static_cast<uint16_t>(value.size()));
    has_options_ = true;
    return put(value.data(), value.size());
  }
  void end() {
    if (has_options_) put(uint32_t{kEnd});
    const auto size = static_cast<uint32_t>(bytes_.size() + 4);
    put(size);
    memcpy(&bytes_[4], &size, 4);
  }

 private:
  std::string& bytes_;
  bool has_options_ = false;
};

std::string comment_of(const FrameRecord& record) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (record.fate != Fate::arrives) add(fate_name(record.fate));
  if (record.corrupted) add("corrupted");
  if (record.duplicate) add("duplicate");
  if (record.reordered) add("reordered");
  if (record.delayed) add("delayed by a rule");
  if (record.starts > record.sent) add("queued " + format_duration(record.starts - record.sent));
  return text;
}

std::string file_name(std::string label) {
  for (char& character : label) {
    if (character == '/' || character == ' ') character = '_';
  }
  return label;
}

}  // namespace

struct Capture::File {
  std::FILE* file = nullptr;
  std::string block;

  ~File() {
    if (file != nullptr) std::fclose(file);
  }
  bool write() { return std::fwrite(block.data(), 1, block.size(), file) == block.size(); }
};

Capture::Capture() = default;
Capture::~Capture() = default;

Expected<std::unique_ptr<Capture>> Capture::open(const std::string& path, const Link* only_link) {
  // Opened here already, so that a path that cannot be written is known before the run.
  std::unique_ptr<Capture> capture(new Capture);
  capture->path_ = path;
  capture->only_ = only_link;
  if (only_link != nullptr) capture->on_link(*only_link);
  if (!capture->error_.empty()) return Error{capture->error_};
  return capture;
}

Expected<std::unique_ptr<Capture>> Capture::open(const std::string& path) {
  return open(path, nullptr);
}

const std::vector<std::string>& Capture::paths() const { return paths_; }
const std::string& Capture::error() const { return error_; }

void Capture::on_link(const Link& link) {
  if (only_ != nullptr && only_ != &link) return;
  if (files_.size() <= link.index()) files_.resize(link.index() + 1);
  if (files_[link.index()] != nullptr) return;
  std::string path = path_;
  if (only_ == nullptr) {
    const size_t slash = path.find_last_of('/');
    size_t dot = path.find_last_of('.');
    if (dot == std::string::npos || (slash != std::string::npos && dot < slash)) dot = path.size();
    path.insert(dot, "-" + file_name(link.name()));
  }
  auto file = std::make_unique<File>();
  file->file = std::fopen(path.c_str(), "wb");
  if (file->file == nullptr) {
    error_ = "cannot write " + path + ": " + strerror(errno);
    return;
  }
  std::setvbuf(file->file, nullptr, _IOFBF, 1 << 18);
  Block(file->block, 0x0A0D0D0A)
      .put(uint32_t{0x1A2B3C4D})
      .put(uint16_t{1})
      .put(uint16_t{0})
      .put(int64_t{-1})
      .option(kUserApplication, "twinsock host_sim")
      .option(kComment, "virtual time, from the beginning of the simulation")
      .end();
  bool written = file->write();
  for (const Way way : {Way::out, Way::in}) {
    const std::string& from = link.end(way).name();
    const std::string& to = link.end(way == Way::out ? Way::in : Way::out).name();
    Block(file->block, 1)
        .put(uint16_t{1})  // Ethernet
        .put(uint16_t{0})
        .put(uint32_t{0})
        .option(kInterfaceName, from)
        .option(kInterfaceDescription,
                "link " + link.name() + ": frames from " + from + " to " + to)
        .option(kTimeResolution, std::string_view("\x09", 1))
        .end();
    written = file->write() && written;
  }
  if (!written) error_ = "cannot write " + path + ": " + strerror(errno);
  paths_.push_back(path);
  files_[link.index()] = std::move(file);
}

void Capture::on_frame(const FrameRecord& record) {
  const uint32_t index = record.link->index();
  if (index >= files_.size() || files_[index] == nullptr) return;
  File& file = *files_[index];
  const auto time_ns = static_cast<uint64_t>(record.sent.count());
  const auto size = static_cast<uint32_t>(record.frame.size());
  Block block(file.block, 6);
  block.put(static_cast<uint32_t>(record.way))
      .put(static_cast<uint32_t>(time_ns >> 32))
      .put(static_cast<uint32_t>(time_ns))
      .put(size)
      .put(size)
      .put(record.frame.data(), size);
  const std::string comment = comment_of(record);
  if (!comment.empty()) block.option(kComment, comment);
  block.end();
  if (!file.write() && error_.empty()) {
    error_ = std::string("cannot write a capture: ") + strerror(errno);
  }
}

void Capture::flush() {
  for (const auto& file : files_) {
    if (file != nullptr && std::fflush(file->file) != 0 && error_.empty()) {
      error_ = std::string("cannot write a capture: ") + strerror(errno);
    }
  }
}

}  // namespace host_sim
