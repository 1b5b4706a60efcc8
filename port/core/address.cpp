// What kind of address an IpAddress is. Its text is in address_text.cpp.
#include <bit>
#include <cstring>

#include <native/address_backend.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace {

struct Words {
  std::uint32_t of[4];
};

Words words(const std::array<std::uint8_t, 16>& bytes) {
  Words words;
  std::memcpy(&words, bytes.data(), sizeof(words));
  return words;
}

}  // namespace

std::string_view name(Family family) {
  switch (family) {
    case Family::unspecified: return "unspecified";
    case Family::inet: return "inet";
    case Family::inet6: return "inet6";
    case Family::local: return "local";
    case Family::packet: return "packet";
  }
  return "unknown";
}

bool IpAddress::is_any() const {
  const Words bits = words(bytes_);
  const bool zero = (bits.of[0] | bits.of[1] | bits.of[2] | bits.of[3]) == 0;
  return zero && family_ != Family::unspecified;
}

bool IpAddress::is_loopback() const {
  return family_ == Family::inet ? bytes_[0] == 127 : *this == loopback(Family::inet6);
}

bool IpAddress::is_multicast() const {
  return family_ == Family::inet ? bytes_[0] >> 4 == 14
                                 : family_ == Family::inet6 && bytes_[0] == 0xff;
}

bool IpAddress::is_link_local() const {
  return family_ == Family::inet ? bytes_[0] == 169 && bytes_[1] == 254
                                 : bytes_[0] == 0xfe && has_scope();
}

bool IpAddress::is_v4_mapped() const {
  const Words bits = words(bytes_);
  constexpr std::uint32_t mark = std::endian::native == std::endian::little ? 0xffff'0000 : 0xffff;
  return family_ == Family::inet6 && (bits.of[0] | bits.of[1]) == 0 && bits.of[2] == mark;
}

IpAddress IpAddress::unmapped() const {
  return is_v4_mapped() ? v4(bytes_[12], bytes_[13], bytes_[14], bytes_[15]) : *this;
}

const std::uint8_t* AddressBackend::v4_bytes(const IpAddress& address) {
  if (address.family_ == Family::inet) return address.bytes_.data();
  return address.is_v4_mapped() ? address.bytes_.data() + 12 : nullptr;
}

bool AddressBackend::is_group(const IpAddress& address) {
  const std::uint8_t* v4 = v4_bytes(address);
  if (v4 == nullptr) return address.is_multicast();
  return v4[0] >> 4 == 14 || (v4[0] & v4[1] & v4[2] & v4[3]) == 0xff;
}

void AddressBackend::set(Endpoint& endpoint, Family family, const void* bytes, std::uint16_t port,
                         std::uint32_t scope) {
  std::memset(static_cast<void*>(&endpoint), 0, sizeof(endpoint));
  if (family == Family::unspecified) return;
  IpAddress& address = endpoint.address_;
  std::memcpy(address.bytes_.data(), bytes, family == Family::inet ? 4 : 16);
  address.family_ = family;
  if (address.has_scope()) address.scope_ = scope;
  endpoint.port_ = port;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
