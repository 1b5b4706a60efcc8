// Frame buffers, counted and used again: the hot loop allocates nothing.
#pragma once

#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include <host_sim/expected.hpp>

namespace host_sim {

inline constexpr size_t kMaxFrameSize = 2000;

struct Frame {
  uint32_t references;
  uint32_t size;
  Frame* next_free;
  uint8_t bytes[kMaxFrameSize];

  std::span<const uint8_t> view() const { return {bytes, size}; }
};

class FramePool {
 public:
  Frame* copy(std::span<const uint8_t> bytes) {
    if (bytes.size() > kMaxFrameSize) bug("a frame has at most 2,000 bytes");
    if (free_ == nullptr) grow();
    Frame* frame = free_;
    free_ = frame->next_free;
    frame->references = 1;
    frame->size = static_cast<uint32_t>(bytes.size());
    std::memcpy(frame->bytes, bytes.data(), bytes.size());
    ++used_;
    return frame;
  }

  void release(Frame* frame) {
    if (--frame->references != 0) return;
    frame->next_free = free_;
    free_ = frame;
    --used_;
  }

  size_t used() const { return used_; }

 private:
  static constexpr size_t kSlab = 64;

  void grow() {
    slabs_.push_back(std::make_unique_for_overwrite<Frame[]>(kSlab));
    for (size_t index = kSlab; index-- > 0;) {
      slabs_.back()[index].next_free = free_;
      free_ = &slabs_.back()[index];
    }
  }

  std::vector<std::unique_ptr<Frame[]>> slabs_;
  Frame* free_ = nullptr;
  size_t used_ = 0;
};

}  // namespace host_sim
