// The wide Internet checksum against RFC 1071 taken literally.
#include <arch/cc.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <random>
#include <vector>

namespace {

std::uint16_t by_the_book(const std::uint8_t* bytes, std::size_t size) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < size; i += 2) {
    std::uint8_t pair[2] = {bytes[i], i + 1 < size ? bytes[i + 1] : std::uint8_t{0}};
    std::uint16_t word;
    std::memcpy(&word, pair, 2);
    sum += word;
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

}  // namespace

TEST(Checksum, AgreesWithTheBookAtEverySizeAndAlignment) {
  std::mt19937 random(1);
  std::vector<std::uint8_t> bytes(1600);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random());
  for (std::size_t start = 0; start < 33; ++start) {
    for (std::size_t size = 0; size <= 1520; ++size) {
      ASSERT_EQ(twinsock_checksum(&bytes[start], static_cast<int>(size)),
                by_the_book(&bytes[start], size))
          << start << " " << size;
    }
  }
}

TEST(Checksum, CarriesOfAllOnesAreKept) {
  const std::vector<std::uint8_t> ones(65535, 0xff);
  for (const std::size_t size : {1, 2, 3, 31, 32, 33, 64, 1460, 65534, 65535}) {
    EXPECT_EQ(twinsock_checksum(ones.data(), static_cast<int>(size)),
              by_the_book(ones.data(), size))
        << size;
  }
}
