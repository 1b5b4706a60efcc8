// Addresses and endpoints as text: a strict parser and RFC 5952's form, small enough for a
// Cortex-M0. Without the C library, whose inet_pton and inet_ntop differ from stack to stack.
#include <twinsock/endpoint.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

// Reads a text from its start. Each take either takes what it is asked for, or returns false, after
// which the whole text is malformed.
class AddressParser {
 public:
  explicit AddressParser(std::string_view text) : at_(text.data()), end_(at_ + text.size()) {}

  bool take(char c);
  bool take_number(std::uint32_t base, std::uint32_t most, std::uint32_t& number);
  bool take_address();
  bool take_endpoint(Family family_if_empty, std::uint32_t& port);

  bool next_is(char c) const { return at_ != end_ && *at_ == c; }
  bool at_end() const { return at_ == end_; }
  const IpAddress& address() const { return address_; }

 private:
  bool take_v4();
  bool take_v6();
  bool take_four_parts(int first);
  bool take_groups();

  const char* at_;
  const char* end_;
  IpAddress address_;
};

namespace {

// 0 … 15, or more for what is no hexadecimal digit.
std::uint32_t digit_value(char c) {
  const std::uint32_t decimal = static_cast<std::uint8_t>(c) - std::uint32_t{'0'};
  if (decimal < 10) return decimal;
  const std::uint32_t letter = (static_cast<std::uint8_t>(c) | 0x20) - std::uint32_t{'a'};
  return letter < 6 ? letter + 10 : UINT32_MAX;
}

}  // namespace

bool AddressParser::take(char c) {
  const bool there = next_is(c);
  at_ += there;
  return there;
}

// Base 10: no leading zeros. Base 16: four digits at most.
bool AddressParser::take_number(std::uint32_t base, std::uint32_t most, std::uint32_t& number) {
  const char* const start = at_;
  std::uint32_t sum = 0;
  for (; at_ != end_; ++at_) {
    const std::uint32_t digit = digit_value(*at_);
    if (digit >= base) break;
    if (base == 16 ? at_ - start == 4 : at_ != start && sum == 0) return false;
    if (sum > (most - digit) / base) return false;
    sum = sum * base + digit;
  }
  number = sum;
  return at_ != start;
}

bool AddressParser::take_four_parts(int first) {
  for (int i = 0; i < 4; ++i) {
    std::uint32_t part;
    if ((i != 0 && !take('.')) || !take_number(10, 255, part)) return false;
    address_.bytes_[first + i] = static_cast<std::uint8_t>(part);
  }
  return true;
}

// RFC 4291 2.2: groups, at most one "::" for one group or more, perhaps four decimal parts last.
bool AddressParser::take_groups() {
  int size = 0;
  int gap = -1;
  bool colon = take(':');
  for (;;) {
    if (colon && take(':')) {
      if (gap >= 0) return false;
      gap = size;
    } else if (colon && size == 0) {
      return false;
    }
    const char* const start = at_;
    std::uint32_t group;
    if (!take_number(16, 0xffff, group)) {
      if (gap != size || at_ != start) return false;
      break;  // nothing need follow a "::"
    }
    if (next_is('.')) {
      at_ = start;
      if (size > 12 || !take_four_parts(size)) return false;
      size += 4;
      break;
    }
    if (size == 16) return false;
    address_.bytes_[size++] = static_cast<std::uint8_t>(group >> 8);
    address_.bytes_[size++] = static_cast<std::uint8_t>(group);
    colon = take(':');
    if (!colon) break;
  }
  if (gap < 0) return size == 16;
  if (size > 14) return false;
  for (int i = size; i-- > gap;) {
    address_.bytes_[16 - size + i] = address_.bytes_[i];
    address_.bytes_[i] = 0;
  }
  return true;
}

bool AddressParser::take_v4() {
  address_.family_ = Family::inet;
  return take_four_parts(0);
}

bool AddressParser::take_v6() {
  address_.family_ = Family::inet6;
  if (!take_groups()) return false;
  if (!take('%')) return true;
  return address_.has_scope() && take_number(10, UINT32_MAX, address_.scope_) &&
         address_.scope_ != 0;
}

bool AddressParser::take_address() {
  const char* const start = at_;
  if (take_v4()) return true;
  at_ = start;  // of four parts at most the first was there, and the first group goes over it
  return take_v6();
}

bool AddressParser::take_endpoint(Family family_if_empty, std::uint32_t& port) {
  if (take('[')) {
    if (!take_v6() || !take(']')) return false;
  } else if (next_is(':')) {
    address_.family_ = family_if_empty;
    if (family_if_empty != Family::inet && family_if_empty != Family::inet6) return false;
  } else if (!take_v4()) {
    return false;
  }
  return take(':') && take_number(10, 65535, port) && at_end();
}

Result<IpAddress> IpAddress::parse(std::string_view text) {
  AddressParser parser(text);
  if (parser.take_address() && parser.at_end()) return parser.address();
  return Errc::malformed_address;
}

Result<Endpoint> Endpoint::parse(std::string_view text, Family family_if_empty) {
  AddressParser parser(text);
  std::uint32_t port;
  if (!parser.take_endpoint(family_if_empty, port)) return Errc::malformed_address;
  return Endpoint(parser.address(), static_cast<std::uint16_t>(port));
}

namespace {

char* put_number(char* to, std::uint32_t base, std::uint32_t number) {
  char digits[10];
  int count = 0;
  do {
    const std::uint32_t digit = number % base;
    digits[count++] = static_cast<char>(digit < 10 ? digit + '0' : digit - 10 + 'a');
    number /= base;
  } while (number != 0);
  while (count != 0) *to++ = digits[--count];
  return to;
}

char* put_four_parts(char* to, const std::uint8_t* bytes) {
  for (int i = 0; i < 4; ++i) {
    if (i != 0) *to++ = '.';
    to = put_number(to, 10, bytes[i]);
  }
  return to;
}

char* put_groups(char* to, const std::uint8_t* bytes) {
  // The first of the longest runs of zeros; one group alone is not shortened (RFC 5952 4.2).
  std::uint32_t groups[8];
  int gap = 8;
  int gap_size = 2;
  int run = 0;
  for (int i = 7; i >= 0; --i) {
    groups[i] = static_cast<std::uint32_t>(bytes[2 * i] << 8 | bytes[2 * i + 1]);
    run = groups[i] == 0 ? run + 1 : 0;
    if (run >= gap_size) {
      gap = i;
      gap_size = run;
    }
  }
  const bool mapped = gap_size == 5 && groups[5] == 0xffff;  // then they are the first five
  for (int i = 0; i < 8; ++i) {
    if (i != 0) *to++ = ':';
    if (mapped && i == 6) return put_four_parts(to, bytes + 12);
    if (i == gap) {
      if (i == 0) *to++ = ':';
      i += gap_size - 1;
      if (i == 7) *to++ = ':';
    } else {
      to = put_number(to, 16, groups[i]);
    }
  }
  return to;
}

char* put_address(char* to, const IpAddress& address) {
  const std::uint8_t* const bytes = address.bytes().data();
  if (address.family() == Family::inet) return put_four_parts(to, bytes);
  if (address.family() != Family::inet6) return to;
  to = put_groups(to, bytes);
  if (address.scope() == 0) return to;
  *to++ = '%';
  return put_number(to, 10, address.scope());
}

}  // namespace

AddressText IpAddress::to_text() const {
  AddressText text;
  text.resize(static_cast<std::size_t>(put_address(text.data(), *this) - text.data()));
  return text;
}

EndpointText Endpoint::to_text() const {
  EndpointText text;
  if (family() == Family::unspecified) return text;
  char* to = text.data();
  if (family() == Family::inet6) *to++ = '[';
  to = put_address(to, address_);
  if (family() == Family::inet6) *to++ = ']';
  *to++ = ':';
  text.resize(static_cast<std::size_t>(put_number(to, 10, port_) - text.data()));
  return text;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
