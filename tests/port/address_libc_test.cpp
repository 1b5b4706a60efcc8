// IpAddress beside the desktop C library's inet_pton and inet_ntop, on many texts and addresses.
//
// The only differences, each asserted here: ours takes a numeric scope where there is one; ours
// prints an IPv4-compatible address (::192.0.2.1, deprecated) in hexadecimal.
#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include <twinsock/address.hpp>

namespace twinsock {
namespace {

Result<IpAddress> parsed_by_libc(const std::string& text) {
  std::array<std::uint8_t, 16> bytes{};
  if (text.find('\0') != std::string::npos) return Errc::malformed_address;
  if (inet_pton(AF_INET, text.c_str(), bytes.data()) == 1) {
    return IpAddress::v4(bytes[0], bytes[1], bytes[2], bytes[3]);
  }
  if (inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1) return IpAddress::v6(bytes);
  return Errc::malformed_address;
}

// Without gtest's macros, which would take most of the time; returns how many were addresses.
bool agree(const std::string& text, int& addresses) {
  const Result<IpAddress> ours = IpAddress::parse(text);
  addresses += ours.has_value();
  return ours == parsed_by_libc(text);
}

int addresses_among_all(std::string_view alphabet, std::size_t longest) {
  int addresses = 0;
  std::vector<std::size_t> digits;
  std::string text;
  while (text.size() <= longest) {
    if (!agree(text, addresses)) ADD_FAILURE() << '"' << text << '"';
    std::size_t place = 0;  // the next text: count up, in base alphabet.size()
    while (place < digits.size() && digits[place] + 1 == alphabet.size()) {
      digits[place] = 0;
      text[place++] = alphabet[0];
    }
    if (place == digits.size()) {
      digits.push_back(0);
      text.push_back(alphabet[0]);
    } else {
      text[place] = alphabet[++digits[place]];
    }
  }
  return addresses;
}

TEST(IpAddressLikeLibc, OnAllTextsOfFourCharacters) {
  EXPECT_EQ(addresses_among_all("0159afAFgGxX:.%/[]+- \t\n\x80\xb1", 4), 1 + 2 * 8 + 3 * 8 * 8);
}

TEST(IpAddressLikeLibc, OnAllShortTextsOfIpv4Characters) {
  EXPECT_EQ(addresses_among_all("12.0", 9), 4617);
}

TEST(IpAddressLikeLibc, OnAllShortTextsOfIpv6Characters) {
  EXPECT_GT(addresses_among_all(":1.", 12), 100);
  EXPECT_GT(addresses_among_all(":1f0", 8), 100);
}

std::array<std::uint8_t, 16> random_bytes(std::mt19937& random) {
  std::array<std::uint8_t, 16> bytes{};
  const auto zeros = random() & random();  // many groups of zeros, so many runs
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if ((zeros >> (i / 2) & 1) == 0 && random() % 4 != 0) {
      bytes[i] = static_cast<std::uint8_t>(random());
    }
  }
  if (random() % 16 == 0) {
    std::fill_n(bytes.begin(), 10, std::uint8_t{0});
    bytes[10] = bytes[11] = 0xff;
  }
  return bytes;
}

TEST(IpAddressLikeLibc, OnRandomIpv6Addresses) {
  std::mt19937 random(4291);
  for (int i = 0; i < 200'000; ++i) {
    const auto bytes = random_bytes(random);
    const IpAddress address = IpAddress::v6(bytes);
    char libc_text[INET6_ADDRSTRLEN];
    ASSERT_NE(inet_ntop(AF_INET6, bytes.data(), libc_text, sizeof libc_text), nullptr);
    ASSERT_EQ(IpAddress::parse(libc_text), address) << libc_text;
    ASSERT_EQ(parsed_by_libc(address.to_text().c_str()), address) << address.to_text().view();
    const bool compatible =
        std::all_of(bytes.begin(), bytes.begin() + 12, [](int b) { return !b; });
    if (!compatible) {
      ASSERT_EQ(address.to_text(), libc_text);
    }
  }
}

TEST(IpAddressLikeLibc, OnRandomIpv4Addresses) {
  std::mt19937 random(791);
  for (int i = 0; i < 100'000; ++i) {
    const std::uint32_t bits = static_cast<std::uint32_t>(random());
    std::uint8_t bytes[4];
    std::memcpy(bytes, &bits, 4);
    const IpAddress address = IpAddress::v4(bytes[0], bytes[1], bytes[2], bytes[3]);
    char libc_text[INET_ADDRSTRLEN];
    ASSERT_NE(inet_ntop(AF_INET, bytes, libc_text, sizeof libc_text), nullptr);
    ASSERT_EQ(address.to_text(), libc_text);
    ASSERT_EQ(IpAddress::parse(libc_text), address);
  }
}

TEST(IpAddressLikeLibc, OnTextsWithOneCharacterChanged) {
  const std::string originals[] = {"192.0.2.1",
                                   "255.255.255.255",
                                   "2001:db8::1:0:0:1",
                                   "::ffff:192.0.2.1",
                                   "::",
                                   "1:2:3:4:5:6:7:8",
                                   "1:2:3:4:5:6:7::",
                                   "1::4:5:6:7:8",
                                   "1:2:3:4:5:6:7:0",
                                   "1:2:3:4:5:6:1.2.3.4",
                                   "::2:3:4:5:6:1.2.3.4",
                                   "abcd:EF01::FFFF"};
  const std::string_view characters = "0129afFg:./ -+x[]\t\x80";
  std::mt19937 random(5952);
  int addresses = 0;
  for (int i = 0; i < 300'000; ++i) {
    std::string text = originals[random() % std::size(originals)];
    for (auto changes = 1 + random() % 2; changes != 0; --changes) {
      const std::size_t at = random() % (text.size() + 1);
      const char c = characters[random() % characters.size()];
      switch (random() % 3) {
        case 0: text.insert(at, 1, c); break;
        case 1: text.erase(at, 1); break;
        default:
          if (at < text.size()) text[at] = c;
      }
    }
    if (!agree(text, addresses)) ADD_FAILURE() << '"' << text << '"';
  }
  EXPECT_GT(addresses, 50'000);
  EXPECT_LT(addresses, 250'000);
}

TEST(IpAddressLikeLibc, OnRandomSequencesOfParts) {
  const std::string_view parts[] = {":", ":",    ":",    "::",    "1",
                                    "0", "0000", "ffff", "abcde", "1.2.3.4"};
  std::mt19937 random(4007);
  int addresses = 0;
  for (int i = 0; i < 300'000; ++i) {
    std::string text;
    const auto groups = 1 + random() % 9;
    for (std::size_t group = 0; group < groups; ++group) {
      text += parts[random() % 32 == 0 ? random() % std::size(parts) : 4 + random() % 4];
      if (group + 1 < groups) text += random() % 8 == 0 ? "::" : ":";
    }
    if (!agree(text, addresses)) ADD_FAILURE() << '"' << text << '"';
  }
  EXPECT_GT(addresses, 20'000);
}

TEST(IpAddressUnlikeLibc, ReadsAScope) {
  EXPECT_TRUE(IpAddress::parse("fe80::1%7"));
  EXPECT_FALSE(parsed_by_libc("fe80::1%7"));
}

TEST(IpAddressUnlikeLibc, PrintsIpv4CompatibleAddressesInHexadecimal) {
  const IpAddress address = parsed_by_libc("::192.0.2.1").value();
  EXPECT_EQ(address.to_text(), "::c000:201");
  EXPECT_EQ(IpAddress::parse("::192.0.2.1"), address);
}

TEST(IpAddressText, ReadsBackWithItsScope) {
  std::mt19937 random(6874);
  for (int i = 0; i < 100'000; ++i) {
    auto bytes = random_bytes(random);
    bytes[0] = random() % 2 ? 0xfe : 0xff;
    const IpAddress address = IpAddress::v6(bytes, static_cast<std::uint32_t>(random()));
    ASSERT_EQ(IpAddress::parse(address.to_text()), address) << address.to_text().view();
  }
}

}  // namespace
}  // namespace twinsock
