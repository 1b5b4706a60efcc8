// Records as bytes: little-endian on every machine, each kind with a tag, each text with its size.
#include "trace_hash.hpp"

#include <cstring>

namespace host_sim {
namespace {

struct Bytes {
  uint8_t data[64];
  size_t size = 0;

  Bytes& put(uint64_t value, size_t count = 8) {
    for (size_t index = 0; index < count; ++index) {
      data[size++] = static_cast<uint8_t>(value >> (8 * index));
    }
    return *this;
  }
  Bytes& put(Instant instant) { return put(static_cast<uint64_t>(instant.count())); }
};

}  // namespace

void TraceHash::add(const FrameRecord& record, uint32_t link) {
  const uint64_t flags =
      record.corrupted | record.duplicate << 1 | record.reordered << 2 | record.delayed << 3;
  Bytes bytes;
  bytes.put('F', 1).put(record.sent).put(record.starts).put(record.arrives).put(link, 4);
  bytes.put(static_cast<uint64_t>(record.way), 1).put(static_cast<uint64_t>(record.fate), 1);
  bytes.put(flags, 1).put(record.frame.size(), 4);
  sha_.update(bytes.data, bytes.size);
  sha_.update(record.frame.data(), record.frame.size());
}

void TraceHash::add(const NodeRecord& record, uint32_t node) {
  Bytes bytes;
  bytes.put('N', 1).put(record.at).put(node, 4).put(static_cast<uint64_t>(record.event), 1);
  bytes.put(static_cast<uint64_t>(static_cast<int64_t>(record.value))).put(record.text.size(), 4);
  sha_.update(bytes.data, bytes.size);
  sha_.update(record.text.data(), record.text.size());
}

void TraceHash::add(const RefusedRecord& record, uint32_t node) {
  Bytes bytes;
  bytes.put('R', 1).put(record.at).put(record.number).put(node, 4);
  sha_.update(bytes.data, bytes.size);
}

}  // namespace host_sim
