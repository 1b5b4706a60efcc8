// getaddrinfo: addresses and services are read here, only true names go to the backend.
#include <native/native_resolve.hpp>
#include <twinsock/resolve.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace {

struct Service {
  const char* name;
  std::uint16_t port;
};
constexpr Service services[] = {
    {"echo", 7},    {"discard", 9},  {"daytime", 13},    {"ftp", 21},           {"ssh", 22},
    {"telnet", 23}, {"smtp", 25},    {"time", 37},       {"domain", 53},        {"tftp", 69},
    {"http", 80},   {"pop3", 110},   {"ntp", 123},       {"imap", 143},         {"snmp", 161},
    {"ldap", 389},  {"https", 443},  {"syslog", 514},    {"mqtt", 1883},        {"mdns", 5353},
    {"coap", 5683}, {"coaps", 5684}, {"http-alt", 8080}, {"secure-mqtt", 8883},
};

constexpr std::size_t longest_host = 253;  // RFC 1035 2.3.4, in text form

Result<std::uint16_t> parse_service(std::string_view service) {
  if (service.empty()) return std::uint16_t{0};
  std::uint32_t port = 0;
  for (const char c : service) {
    if (c < '0' || c > '9') {
      const Result<std::uint16_t> known = getservbyname(service);
      return known ? known : Result<std::uint16_t>(Errc::invalid_argument);
    }
    port = port * 10 + static_cast<std::uint32_t>(c - '0');
    if (port > 65535) return Errc::invalid_argument;
  }
  return static_cast<std::uint16_t>(port);
}

// Appends to the list, and counts.
class List {
 public:
  List(std::span<AddressInfo> room, Type type, std::uint16_t port)
      : room_(room), type_(type), port_(port) {}
  void add(const IpAddress& address) {
    if (size_ == room_.size()) return;
    const Protocol protocol = type_ == Type::stream ? 6 : type_ == Type::datagram ? 17 : 0;
    room_[size_++] = {address.family(), type_, protocol, Endpoint(address, port_)};
  }
  std::size_t left() const { return room_.size() - size_; }
  std::span<AddressInfo> found() const { return room_.first(size_); }

 private:
  std::span<AddressInfo> room_;
  std::size_t size_ = 0;
  Type type_;
  std::uint16_t port_;
};

bool wants(const ResolveOptions& options, Family family) {
  return options.family == Family::unspecified || options.family == family;
}

Result<void> ask(std::string_view host, const ResolveOptions& options, List& list) {
  char name[longest_host + 1];
  std::memcpy(name, host.data(), host.size());
  name[host.size()] = '\0';
  Result<void> outcome = Errc::name_not_found;
  for (const Family family : {Family::inet6, Family::inet}) {
    if (!wants(options, family) || list.left() == 0) continue;
    // IPv6 must not take the whole room while IPv4 may still come (RFC 8305 wants both).
    IpAddress addresses[4];
    const bool both = options.family == Family::unspecified && family == Family::inet6;
    const std::size_t most = both && list.left() > 1 ? list.left() - 1 : list.left();
    const auto room = std::span(addresses).first(most < 4 ? most : 4);
    const Result<std::size_t> count = native::resolve(name, family, room);
    if (!count) {
      if (!outcome && count.error() != Errc::name_not_found) outcome = count.error();
      continue;
    }
    for (std::size_t i = 0; i < *count; ++i) list.add(addresses[i]);
    if (*count > 0) outcome = {};
  }
  return outcome;
}

}  // namespace

Result<std::uint16_t> getservbyname(std::string_view service) {
  for (const Service& known : services) {
    if (service == known.name) return known.port;
  }
  return Errc::name_not_found;
}

Result<std::span<AddressInfo>> getaddrinfo(std::string_view host, std::string_view service,
                                           std::span<AddressInfo> room,
                                           const ResolveOptions& options) {
  const Result<std::uint16_t> port = parse_service(service);
  if (!port) return port.error();
  if (room.empty() || host.size() > longest_host) return Errc::invalid_argument;
  if (host.find('\0') != std::string_view::npos) return Errc::invalid_argument;
  List list(room, options.type, *port);
  if (host.empty()) {
    for (const Family family : {Family::inet6, Family::inet}) {
      if (!wants(options, family)) continue;
      list.add(options.passive ? IpAddress::any(family) : IpAddress::loopback(family));
    }
    return list.found();
  }
  if (const Result<IpAddress> address = IpAddress::parse(host)) {
    if (!wants(options, address->family())) return Errc::name_not_found;
    list.add(*address);
    return list.found();
  }
  if (options.numeric_only) return Errc::name_not_found;
  if (const Result<void> asked = ask(host, options, list); !asked) return asked.error();
  return list.found();
}

Result<IpAddress> gethostbyname(std::string_view host) {
  AddressInfo room[1];
  const auto found = getaddrinfo(host, "", room, {.family = Family::inet});
  if (!found) return found.error();
  return room[0].endpoint.address();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
