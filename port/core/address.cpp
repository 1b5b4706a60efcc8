// What kind of address an IpAddress is. Its text is in address_text.cpp.
#include <twinsock/address.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

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

bool IpAddress::is_any() const { return family_ != Family::unspecified && *this == any(family_); }

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
  if (family_ != Family::inet6) return false;
  for (std::size_t i = 0; i < 10; ++i) {
    if (bytes_[i] != 0) return false;
  }
  return bytes_[10] == 0xff && bytes_[11] == 0xff;
}

IpAddress IpAddress::unmapped() const {
  return is_v4_mapped() ? v4(bytes_[12], bytes_[13], bytes_[14], bytes_[15]) : *this;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
