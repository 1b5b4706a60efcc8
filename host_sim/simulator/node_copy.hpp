// One loaded copy of a node image, and how its variables were before anything ran in it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <coop/host/node_abi.hpp>
#include <host_sim/expected.hpp>

namespace host_sim {

// The bytes of writable memory, of which most are zero: only pages that are not are kept.
class Snapshot {
 public:
  void take(uint8_t* begin, size_t size);
  void restore() const;  // not through memcpy: sanitizers refuse to overwrite their redzones

 private:
  struct Piece {
    uint8_t* begin;
    size_t size;
    size_t kept;  // where in bytes_; SIZE_MAX: it was zero
  };
  std::vector<Piece> pieces_;
  std::vector<uint64_t> bytes_;
};

class NodeCopy {
 public:
  // Copies the first `size` bytes of `master` into a private file and loads it. share: its
  // code is then that of the master.
  static Expected<std::unique_ptr<NodeCopy>> load(const std::string& path, int master, size_t size,
                                                  bool share);
  NodeCopy() = default;
  NodeCopy(const NodeCopy&) = delete;
  NodeCopy& operator=(const NodeCopy&) = delete;

  const TwinsockNode* table() const { return table_; }
  void restore() const { snapshot_.restore(); }
  void unload();

  static std::unique_ptr<NodeCopy> of(const TwinsockNode& node);

 private:
  Expected<void> find_segments(const std::string& path, int master, bool share);

  void* handle_ = nullptr;
  const TwinsockNode* table_ = nullptr;
  std::string file_;
  Snapshot snapshot_;
};

}  // namespace host_sim
