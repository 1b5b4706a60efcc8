// SHA-256 (FIPS 180-4), for trace hashes.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace host_sim {

class Sha256 {
 public:
  void update(const void* bytes, size_t size);
  // Of everything so far; more may follow.
  std::string hex() const;

 private:
  void compress(const uint8_t* block);

  std::array<uint32_t, 8> state_{0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A,
                                 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19};
  std::array<uint8_t, 64> rest_{};
  uint64_t size_ = 0;
};

}  // namespace host_sim
