// SHA-256 (FIPS 180-4).
#include "sha256.hpp"

#include <algorithm>
#include <bit>
#include <cstdio>
#include <cstring>

namespace host_sim {
namespace {

constexpr std::array<uint32_t, 64> kRound{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

uint32_t load(const uint8_t* bytes) {
  return static_cast<uint32_t>(bytes[0]) << 24 | static_cast<uint32_t>(bytes[1]) << 16 |
         static_cast<uint32_t>(bytes[2]) << 8 | bytes[3];
}

}  // namespace

void Sha256::compress(const uint8_t* block) {
  uint32_t words[64];
  for (size_t t = 0; t < 16; ++t) words[t] = load(block + 4 * t);
  for (size_t t = 16; t < 64; ++t) {
    const uint32_t w15 = words[t - 15], w2 = words[t - 2];
    words[t] = words[t - 16] + (std::rotr(w15, 7) ^ std::rotr(w15, 18) ^ w15 >> 3) + words[t - 7] +
               (std::rotr(w2, 17) ^ std::rotr(w2, 19) ^ w2 >> 10);
  }
  auto [a, b, c, d, e, f, g, h] = state_;
  for (size_t t = 0; t < 64; ++t) {
    const uint32_t first = h + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) +
                           ((e & f) ^ (~e & g)) + kRound[t] + words[t];
    const uint32_t second =
        (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g, g = f, f = e, e = d + first, d = c, c = b, b = a, a = first + second;
  }
  const uint32_t added[8] = {a, b, c, d, e, f, g, h};
  for (size_t index = 0; index < 8; ++index) state_[index] += added[index];
}

void Sha256::update(const void* bytes, size_t size) {
  if (size == 0) return;  // bytes may be null
  const auto* from = static_cast<const uint8_t*>(bytes);
  size_t used = size_ % 64;
  size_ += size;
  if (used != 0) {
    const size_t part = std::min(size, 64 - used);
    std::memcpy(&rest_[used], from, part);
    from += part, size -= part, used += part;
    if (used < 64) return;
    compress(rest_.data());
  }
  for (; size >= 64; from += 64, size -= 64) compress(from);
  if (size != 0) std::memcpy(rest_.data(), from, size);
}

std::string Sha256::hex() const {
  Sha256 last = *this;
  const uint64_t bits = size_ * 8;
  uint8_t tail[72] = {0x80};
  const size_t zeros = (119 - size_ % 64) % 64;  // up to the length, in the last eight bytes
  uint8_t length[8];
  for (size_t index = 0; index < 8; ++index) {
    length[index] = static_cast<uint8_t>(bits >> (56 - 8 * index));
  }
  last.update(tail, 1 + zeros);
  last.update(length, 8);
  std::string text;
  for (uint32_t word : last.state_) {
    char digits[9];
    std::snprintf(digits, sizeof digits, "%08x", word);
    text += digits;
  }
  return text;
}

}  // namespace host_sim
