// IpAddress: an IPv4 or IPv6 address, parsed strictly, printed as RFC 5952 asks.
//
//   auto address = IpAddress::parse("2001:db8::1");          // Result<IpAddress>
//   if (*address == IpAddress::loopback(Family::inet6)) …
//   AddressText text = address->to_text();                   // "2001:db8::1", no heap
//
// A value of 24 bytes: copy it freely. Nothing here blocks; all of it is safe from an interrupt.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <twinsock/result.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

enum class Family : std::uint8_t {
  unspecified,  // no address at all; as an argument: either IP family
  inet,         // IPv4
  inet6,        // IPv6
  local,        // AF_UNIX: names in the file system
  packet,       // AF_PACKET: Ethernet frames
};
std::string_view name(Family family);  // "inet", "inet6", …

// Text of bounded length in place of a std::string.
template <std::size_t N>
class FixedText {
 public:
  constexpr std::string_view view() const { return {chars_.data(), size_}; }
  constexpr operator std::string_view() const { return view(); }
  constexpr const char* c_str() const { return chars_.data(); }
  constexpr std::size_t size() const { return size_; }
  // To write in place: room for N - 1 characters, of which resize keeps the first `size`.
  constexpr char* data() { return chars_.data(); }
  constexpr void resize(std::size_t size) {
    size_ = static_cast<std::uint8_t>(size < N ? size : N - 1);
    chars_[size_] = 0;
  }
  constexpr void append(std::string_view text) {  // what does not fit is cut off
    for (const char c : text) {
      if (size_ < N - 1) chars_[size_++] = c;
    }
  }
  friend constexpr bool operator==(const FixedText& a, std::string_view b) { return a.view() == b; }
  template <std::size_t M>
  friend constexpr bool operator==(const FixedText& a, const FixedText<M>& b) {
    return a.view() == b.view();
  }

 private:
  std::array<char, N> chars_{};
  std::uint8_t size_ = 0;
  static_assert(1 <= N && N <= 256);
};

using AddressText = FixedText<52>;   // the longest: 39 of IPv6, '%', a scope of 10 digits
using EndpointText = FixedText<64>;  // the same in brackets with a port

class IpAddress {
 public:
  constexpr IpAddress() = default;  // Family::unspecified: no address

  // Strict: four decimal parts without leading zeros (RFC 6943 3.1.1), or RFC 4291 2.2 text, there
  // with an optional "%" and the number of an interface, 1 … 4,294,967,295 (RFC 4007), if the
  // address has a scope (see v6). Nothing may stand before or after. Errc::malformed_address
  // otherwise.
  static Result<IpAddress> parse(std::string_view text);
  static constexpr IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    IpAddress address;
    address.family_ = Family::inet;
    address.bytes_ = {a, b, c, d};
    return address;
  }
  // Sixteen bytes in network order; `scope` is an interface's number, or 0. Only fe80::/10 and
  // multicast to the interface or link (ff01::, ff02::) have one: elsewhere, as the stacks do, it
  // is left out, so that equal addresses compare equal.
  static constexpr IpAddress v6(const std::array<std::uint8_t, 16>& bytes,
                                std::uint32_t scope = 0) {
    IpAddress address;
    address.family_ = Family::inet6;
    address.bytes_ = bytes;
    address.scope_ = address.has_scope() ? scope : 0;
    return address;
  }
  // 0.0.0.0 or ::, the address of every interface; 127.0.0.1 or ::1; for another family: none.
  static constexpr IpAddress any(Family family) {
    return family == Family::inet ? v4(0, 0, 0, 0) : family == Family::inet6 ? v6({}) : IpAddress();
  }
  static constexpr IpAddress loopback(Family family) {
    if (family == Family::inet) return v4(127, 0, 0, 1);
    if (family != Family::inet6) return {};
    return v6({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
  }
  static constexpr IpAddress broadcast() { return v4(255, 255, 255, 255); }

  constexpr Family family() const { return family_; }
  constexpr std::uint32_t scope() const { return scope_; }
  // Network order; the first 4 (IPv4) or all 16 (IPv6) count, the others are 0.
  constexpr const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }

  constexpr bool has_scope() const {  // an interface's number belongs to it: see v6
    return family_ == Family::inet6 &&
           (bytes_[0] == 0xff ? (bytes_[1] & 15) == 1 || (bytes_[1] & 15) == 2
                              : bytes_[0] == 0xfe && (bytes_[1] & 0xc0) == 0x80);
  }
  bool is_any() const;         // 0.0.0.0, ::
  bool is_loopback() const;    // 127.0.0.0/8, ::1
  bool is_multicast() const;   // 224.0.0.0/4, ff00::/8
  bool is_link_local() const;  // 169.254.0.0/16, fe80::/10
  bool is_v4_mapped() const;   // ::ffff:0:0/96
  IpAddress unmapped() const;  // a.b.c.d of ::ffff:a.b.c.d; any other address as it is

  // "192.0.2.1", "2001:db8::1", "fe80::1%2", "::ffff:192.0.2.1"; "" for no address. parse reads all
  // but the last back as the same address.
  AddressText to_text() const;

  // By family, then bytes, then scope. An address and its v4-mapped form differ: see unmapped.
  friend constexpr bool operator==(const IpAddress&, const IpAddress&) = default;
  friend constexpr std::strong_ordering operator<=>(const IpAddress& a, const IpAddress& b) {
    if (a.family_ != b.family_) return a.family_ <=> b.family_;
    if (a.bytes_ != b.bytes_) return a.bytes_ <=> b.bytes_;
    return a.scope_ <=> b.scope_;
  }

 private:
  friend class AddressParser;    // port/core
  friend struct AddressBackend;  // port/native

  // The bytes come first and aligned, so that they are copied and compared as words.
  alignas(std::uint32_t) std::array<std::uint8_t, 16> bytes_{};
  std::uint32_t scope_ = 0;
  Family family_ = Family::unspecified;
};
static_assert(sizeof(IpAddress) == 24);

}  // namespace twinsock::inline TWINSOCK_BACKEND
