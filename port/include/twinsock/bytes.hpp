// Bytes and MutableBytes: views of the caller's memory, what every send takes and every recv fills.
//
//   socket.send("hello");                        // text: up to its end, without the final zero
//   std::array<char, 64> buffer;                 // or std::byte, unsigned char, std::span, vector …
//   auto got = socket.recv(buffer);              // Result<MutableBytes>: the part that was filled
//
// They own nothing and are two words. The memory must outlive the call, and no longer.
#pragma once

#include <cstddef>
#include <cstring>
#include <ranges>
#include <string_view>
#include <type_traits>

#include <twinsock_backend/backend.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace detail {
template <class T>
concept ByteLike = std::is_same_v<std::remove_cv_t<T>, char> ||
                   std::is_same_v<std::remove_cv_t<T>, unsigned char> ||
                   std::is_same_v<std::remove_cv_t<T>, std::byte> ||
                   std::is_same_v<std::remove_cv_t<T>, char8_t>;
template <class R>
concept ByteRange = std::ranges::contiguous_range<R> && std::ranges::sized_range<R> &&
                    ByteLike<std::remove_reference_t<std::ranges::range_reference_t<R>>>;
template <class R>
concept MutableByteRange =
    ByteRange<R> && !std::is_const_v<std::remove_reference_t<std::ranges::range_reference_t<R>>>;
}  // namespace detail

class MutableBytes {
 public:
  constexpr MutableBytes() = default;
  constexpr MutableBytes(void* data, std::size_t size)
      : data_(static_cast<std::byte*>(data)), size_(size) {}
  template <detail::MutableByteRange R>
    requires(!std::is_same_v<std::remove_cvref_t<R>, MutableBytes>)
  MutableBytes(R&& range)
      : data_(reinterpret_cast<std::byte*>(std::ranges::data(range))),
        size_(std::ranges::size(range)) {}

  constexpr std::byte* data() const { return data_; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr std::byte* begin() const { return data_; }
  constexpr std::byte* end() const { return data_ + size_; }
  constexpr std::byte& operator[](std::size_t index) const { return data_[index]; }
  // The first `count` bytes / all but these; a count beyond the end means the end.
  constexpr MutableBytes first(std::size_t count) const {
    return {data_, count < size_ ? count : size_};
  }
  constexpr MutableBytes without_first(std::size_t count) const {
    const std::size_t skipped = count < size_ ? count : size_;
    return {data_ + skipped, size_ - skipped};
  }
  std::string_view text() const { return {reinterpret_cast<const char*>(data_), size_}; }

 private:
  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

class Bytes {
 public:
  constexpr Bytes() = default;
  constexpr Bytes(const void* data, std::size_t size)
      : data_(static_cast<const std::byte*>(data)), size_(size) {}
  Bytes(const char* text) : Bytes(text, std::strlen(text)) {}
  Bytes(MutableBytes bytes) : Bytes(bytes.data(), bytes.size()) {}
  template <detail::ByteRange R>
    requires(!std::is_same_v<std::remove_cvref_t<R>, Bytes> &&
             !std::is_same_v<std::remove_cvref_t<R>, MutableBytes> &&
             !std::is_array_v<std::remove_cvref_t<R>>)
  Bytes(R&& range)
      : data_(reinterpret_cast<const std::byte*>(std::ranges::data(range))),
        size_(std::ranges::size(range)) {}
  template <detail::ByteLike T, std::size_t N>  // an array that is not text goes whole
    requires(!std::is_same_v<T, char>)
  Bytes(const T (&array)[N]) : Bytes(array, N * sizeof(T)) {}

  constexpr const std::byte* data() const { return data_; }
  constexpr std::size_t size() const { return size_; }
  constexpr bool empty() const { return size_ == 0; }
  constexpr const std::byte* begin() const { return data_; }
  constexpr const std::byte* end() const { return data_ + size_; }
  constexpr const std::byte& operator[](std::size_t index) const { return data_[index]; }
  constexpr Bytes first(std::size_t count) const { return {data_, count < size_ ? count : size_}; }
  constexpr Bytes without_first(std::size_t count) const {
    const std::size_t skipped = count < size_ ? count : size_;
    return {data_ + skipped, size_ - skipped};
  }
  std::string_view text() const { return {reinterpret_cast<const char*>(data_), size_}; }

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace twinsock::inline TWINSOCK_BACKEND
