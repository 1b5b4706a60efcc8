// Bytes and MutableBytes: what converts to them, and which part of the memory they then view.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <twinsock/bytes.hpp>

namespace twinsock {
namespace {

static_assert(sizeof(Bytes) == 2 * sizeof(void*) && sizeof(MutableBytes) == 2 * sizeof(void*));
static_assert(std::is_trivially_copyable_v<Bytes> && std::is_trivially_copyable_v<MutableBytes>);

template <class T>
constexpr bool sends = std::is_convertible_v<T, Bytes>;
template <class T>
constexpr bool receives = std::is_convertible_v<T, MutableBytes>;

static_assert(sends<const char*> && sends<char*> && sends<const char8_t*> &&
              sends<const char (&)[3]>);
static_assert(sends<std::string> && sends<const std::string&> && sends<std::string_view>);
static_assert(sends<std::vector<std::byte>&> && sends<std::array<std::uint8_t, 4>>);
static_assert(sends<std::span<const std::byte>> && sends<std::span<char, 4>> &&
              sends<MutableBytes>);
static_assert(!sends<std::vector<int>&> && !sends<int (&)[4]> && !sends<int*> &&
              !sends<std::byte*>);
static_assert(!sends<std::nullptr_t> && !sends<std::vector<bool>&> && !sends<char>);

static_assert(receives<char (&)[4]> && receives<std::byte (&)[4]> && receives<std::string&>);
static_assert(receives<std::vector<unsigned char>&> && receives<std::array<char, 4>&>);
static_assert(receives<std::span<std::byte>> && receives<std::span<char, 4>&>);
static_assert(!receives<const std::string&> && !receives<std::span<const char>> &&
              !receives<Bytes>);
static_assert(!receives<const char (&)[4]> && !receives<const char*> && !receives<char*>);
static_assert(!receives<std::string> && !receives<std::array<char, 4>>,
              "would die before it is read");
static_assert(!receives<std::vector<std::uint16_t>&>);

std::string_view view(Bytes bytes) { return bytes.text(); }

TEST(Bytes, ViewsTextUpToItsFinalZero) {
  EXPECT_EQ(view("hello"), "hello");
  EXPECT_EQ(view(""), "");
  EXPECT_EQ(view(u8"é"), "\xc3\xa9");
  const char* pointer = "abc";
  EXPECT_EQ(view(pointer), "abc");
  char buffer[16] = "def";
  EXPECT_EQ(view(buffer), "def");
  char* writable = buffer;
  EXPECT_EQ(view(writable), "def");
}

TEST(Bytes, DoesNotReadPastACharArrayWithoutAZero) {
  const char letters[3] = {'a', 'b', 'c'};
  EXPECT_EQ(view(letters), "abc");
}

TEST(Bytes, ViewsEverythingElseWhole) {
  using namespace std::string_view_literals;
  const std::string string("a\0b", 3);
  EXPECT_EQ(view(string), "a\0b"sv);
  EXPECT_EQ(view("a\0b"sv), "a\0b"sv);
  const std::vector<char> vector{'x', '\0'};
  EXPECT_EQ(view(vector), "x\0"sv);
  const unsigned char octets[] = {1, 0, 2};
  EXPECT_EQ(view(octets), "\1\0\2"sv);
  const std::byte bytes[2] = {};
  EXPECT_EQ(Bytes(bytes).size(), 2u);
  std::array<char, 4> array{'a'};
  EXPECT_EQ(Bytes(array).size(), 4u);
  EXPECT_EQ(Bytes(std::span(array).first(3)).size(), 3u);
  const std::uint32_t word = 0;
  EXPECT_EQ(Bytes(&word, sizeof word).size(), 4u);
}

TEST(Bytes, ViewsTheCallersMemory) {
  std::string string = "abc";
  const Bytes bytes = string;
  EXPECT_EQ(static_cast<const void*>(bytes.data()), string.data());
  string[0] = 'x';
  EXPECT_EQ(bytes.text(), "xbc");
  EXPECT_EQ(bytes[0], std::byte{'x'});
}

TEST(Bytes, IsEmptyByDefault) {
  constexpr Bytes none;
  static_assert(none.empty() && none.size() == 0 && none.begin() == none.end());
  EXPECT_EQ(none.text(), "");
  EXPECT_TRUE(none.first(3).empty());
  EXPECT_TRUE(none.without_first(3).empty());
  EXPECT_TRUE(Bytes(std::vector<char>()).empty());
}

TEST(Bytes, DividesAndClampsToItsEnd) {
  const Bytes bytes = "hello";
  EXPECT_EQ(bytes.first(2).text(), "he");
  EXPECT_EQ(bytes.first(0).text(), "");
  EXPECT_EQ(bytes.first(6).text(), "hello");
  EXPECT_EQ(bytes.without_first(2).text(), "llo");
  EXPECT_EQ(bytes.without_first(5).text(), "");
  EXPECT_EQ(bytes.without_first(SIZE_MAX).text(), "");
  EXPECT_EQ(bytes.without_first(SIZE_MAX).data(), bytes.end());
}

TEST(Bytes, IsARange) {
  int sum = 0;
  for (const std::byte byte : Bytes("\1\2\3")) sum += std::to_integer<int>(byte);
  EXPECT_EQ(sum, 6);
}

TEST(MutableBytes, ViewsArraysWhole) {
  char chars[8] = "abc";
  std::byte bytes[3];
  std::array<unsigned char, 4> array;
  EXPECT_EQ(MutableBytes(chars).size(), 8u);
  EXPECT_EQ(MutableBytes(bytes).size(), 3u);
  EXPECT_EQ(MutableBytes(array).size(), 4u);
  int number = 0;
  EXPECT_EQ(MutableBytes(&number, sizeof number).size(), sizeof(int));
}

TEST(MutableBytes, WritesToTheCallersMemory) {
  std::string string = "abc";
  const MutableBytes bytes = string;
  bytes[1] = std::byte{'x'};
  *bytes.begin() = std::byte{'y'};
  EXPECT_EQ(string, "yxc");
  EXPECT_EQ(bytes.text(), "yxc");
  EXPECT_EQ(Bytes(bytes).text(), "yxc");
}

TEST(MutableBytes, DividesAndClampsToItsEnd) {
  std::string string = "hello";
  const MutableBytes bytes = string;
  EXPECT_EQ(bytes.first(2).text(), "he");
  EXPECT_EQ(bytes.first(9).text(), "hello");
  EXPECT_EQ(bytes.without_first(4).text(), "o");
  EXPECT_EQ(bytes.without_first(9).size(), 0u);
  EXPECT_TRUE(MutableBytes().first(1).empty());
}

}  // namespace
}  // namespace twinsock
