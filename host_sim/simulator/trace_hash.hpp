// The SHA-256 of a run: every frame with its times and fate, every event of a node.
#pragma once

#include <host_sim/observer.hpp>

#include "sha256.hpp"

namespace host_sim {

class TraceHash {
 public:
  void add(const FrameRecord& record, uint32_t link);
  void add(const NodeRecord& record, uint32_t node);
  void add(const RefusedRecord& record, uint32_t node);
  std::string hex() const { return sha_.hex(); }

 private:
  Sha256 sha_;
};

}  // namespace host_sim
