// Bytes and MutableBytes: views of the caller's memory, what every send takes and every recv fills.
//
//   socket.send("hello");                        // text: up to its end, without the final zero
//   std::array<char, 64> buffer;                 // or std::byte, unsigned char, std::span, vector
//   … auto got = socket.recv(buffer);              // Result<MutableBytes>: the part that was
//   filled
//
// They own nothing and are two words. The memory must outlive the call, and no longer.
#pragma once

#include <cstddef>
#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>

#include <twinsock_backend/backend.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace detail {
template <class T>
concept Text = std::is_same_v < std::remove_cv_t<T>,
char > || std::is_same_v<std::remove_cv_t<T>, char8_t>;
template <class T>
concept ByteLike = Text<T> || std::is_same_v < std::remove_cv_t<T>,
unsigned char > || std::is_same_v<std::remove_cv_t<T>, std::byte>;
template <class R>  // of an array, a std::span, a string, a vector …
using ElementOf = std::remove_pointer_t<decltype(std::data(std::declval<R&>()))>;
template <class R>
concept ByteRange =
    ByteLike<ElementOf<R>> && std::is_convertible_v<R, std::span<const ElementOf<R>>>;
template <class R>  // refuses what is const, and what would die before the bytes are read
concept MutableByteRange = ByteLike<ElementOf<R>> &&
    std::is_convertible_v<R, std::span<ElementOf<R>>> && !std::is_const_v<ElementOf<R>>;
}  // namespace detail

class MutableBytes {
 public:
  constexpr MutableBytes() = default;
  MutableBytes(void* data, std::size_t size) : data_(static_cast<std::byte*>(data)), size_(size) {}
  constexpr MutableBytes(std::byte* data, std::size_t size) : data_(data), size_(size) {}
  template <detail::MutableByteRange R>
  requires(!std::is_same_v<std::remove_cvref_t<R>, MutableBytes>) MutableBytes(R&& range)
      : data_(reinterpret_cast<std::byte*>(std::data(range))), size_(std::size(range)) {}

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
  Bytes(const void* data, std::size_t size)
      : data_(static_cast<const std::byte*>(data)), size_(size) {}
  constexpr Bytes(const std::byte* data, std::size_t size) : data_(data), size_(size) {}
  constexpr Bytes(MutableBytes bytes) : Bytes(bytes.data(), bytes.size()) {}
  // Text, up to its final zero; an array of char that has none goes whole.
  template <class P>
  requires(std::is_pointer_v<std::remove_cvref_t<P>>&&
               detail::Text<std::remove_pointer_t<std::remove_cvref_t<P>>>) Bytes(P&& text)
      : Bytes(text, std::strlen(reinterpret_cast<const char*>(text))) {}
  template <detail::Text T, std::size_t N>
  Bytes(const T (&text)[N]) : Bytes(text, N) {
    if (const void* zero = std::memchr(text, 0, N)) {
      size_ = static_cast<std::size_t>(static_cast<const std::byte*>(zero) - data_);
    }
  }
  // Everything else goes whole, zeros and all.
  template <detail::ByteRange R>
  requires(!std::is_same_v<std::remove_cvref_t<R>, Bytes> &&
           !std::is_same_v<std::remove_cvref_t<R>, MutableBytes> &&
           !(std::is_array_v<std::remove_cvref_t<R>> && detail::Text<detail::ElementOf<R>>))
      Bytes(R&& range)
      : data_(reinterpret_cast<const std::byte*>(std::data(range))), size_(std::size(range)) {}

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
