// raw_ping: ICMP echoes through raw sockets. The server's stack answers them; the server's role
// hears that they came.
#include <array>
#include <cstring>

#include "table.hpp"
#include "text.hpp"
#include "udp.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::raw_ping {

namespace {

constexpr std::size_t sizes[] = {8, 56, 100, 200, 512};  // of the data
constexpr std::uint16_t ping_count = std::size(sizes);
constexpr std::size_t icmp_header = 8;
constexpr std::size_t longest_header = 60;  // of IPv4 with options
using Packet = std::array<std::uint8_t, longest_header + icmp_header + 512>;
constexpr std::string_view mark = "twinsock";  // what our echoes begin with

struct Echo {
  bool request;
  std::uint16_t identifier, number;
  Bytes data;
};

// The first byte of an echo: ICMP (RFC 792), ICMPv6 (RFC 4443 4).
constexpr std::uint8_t type_of(Family family, bool request) {
  return family == Family::inet6 ? (request ? 128 : 129) : (request ? 8 : 0);
}

// The Internet checksum's sum (RFC 1071), 0xffff over whole bytes with their checksum.
std::uint32_t sum_of(Bytes bytes, std::uint32_t sum = 0) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    sum += static_cast<std::uint32_t>(bytes[i]) << (i % 2 == 0 ? 8 : 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

// What the packet says if it is one of our echoes. An IP header may stand before it; the first
// byte of no echo looks like one. A raw socket is given damaged packets too; an IPv6 one without
// its header is checked by the stack.
bool read_echo(Bytes packet, Echo& echo) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned>(packet[i]); };
  if (packet.size() > 20 && byte(0) >> 4 == 4) {
    packet = packet.without_first((byte(0) & 15) * 4);
    if (sum_of(packet) != 0xffff) return false;
  } else if (packet.size() > 40 && byte(0) >> 4 == 6) {
    const Bytes addresses = packet.without_first(8).first(32);
    packet = packet.without_first(40);
    const auto rest = static_cast<std::uint32_t>(packet.size() + 58);  // RFC 8200 8.1
    if (sum_of(packet, sum_of(addresses, rest)) != 0xffff) return false;
  }
  if (packet.size() < icmp_header + mark.size()) return false;
  echo.request = byte(0) == 8 || byte(0) == 128;
  if (!echo.request && byte(0) != 0 && byte(0) != 129) return false;
  echo.identifier = static_cast<std::uint16_t>(byte(4) << 8 | byte(5));
  echo.number = static_cast<std::uint16_t>(byte(6) << 8 | byte(7));
  echo.data = packet.without_first(icmp_header);
  return echo.data.text().starts_with(mark) && echo.number >= 1 && echo.number <= ping_count;
}

bool is_first_request(Bytes packet) {
  Echo echo;
  return read_echo(packet, echo) && echo.request && echo.number == 1;
}

std::uint8_t pattern(std::size_t index, std::uint16_t number) {
  if (index < mark.size()) return static_cast<std::uint8_t>(mark[index]);
  return static_cast<std::uint8_t>(index * 7 + number);
}

bool has_pattern(const Echo& echo) {
  if (echo.data.size() != sizes[echo.number - 1]) return false;
  for (std::size_t i = 0; i < echo.data.size(); ++i) {
    if (static_cast<std::uint8_t>(echo.data[i]) != pattern(i, echo.number)) return false;
  }
  return true;
}

// For IPv6 the stack fills in the checksum, which covers addresses (RFC 3542 3.1).
Bytes make_request(Packet& packet, Family family, std::uint16_t identifier, std::uint16_t number) {
  const std::size_t size = icmp_header + sizes[number - 1];
  packet[0] = type_of(family, true);
  packet[1] = packet[2] = packet[3] = 0;
  packet[4] = static_cast<std::uint8_t>(identifier >> 8);
  packet[5] = static_cast<std::uint8_t>(identifier);
  packet[6] = 0;
  packet[7] = static_cast<std::uint8_t>(number);
  for (std::size_t i = icmp_header; i < size; ++i) packet[i] = pattern(i - icmp_header, number);
  if (family == Family::inet) {
    const std::uint32_t checksum = ~sum_of(Bytes(packet.data(), size));
    packet[2] = static_cast<std::uint8_t>(checksum >> 8);
    packet[3] = static_cast<std::uint8_t>(checksum);
  }
  return Bytes(packet.data(), size);
}

// Sends one request, again when no reply came in time.
Result<void> ping(Run& run, const Timed& socket, RetryTimer& timer, std::uint16_t identifier,
                  std::uint16_t number) {
  Packet packet;
  const Endpoint host(run.peer.address(), 0);
  const auto send = [&] {
    return send_datagram(socket, make_request(packet, host.family(), identifier, number), host);
  };
  timer.sent();
  Result<void> sent = send();
  while (sent) {
    const Result<Received> came = socket.recvfrom(packet, timer.wait());
    if (!came && came.error() == Errc::timed_out && !run.deadline.expired()) {
      timer.sent_again();
      sent = send();
      continue;
    }
    if (!came) return came.error();
    Echo echo;
    if (!read_echo(came->data, echo) || echo.request || echo.identifier != identifier) continue;
    if (echo.number != number) continue;
    timer.answered();
    return has_pattern(echo) ? Result<void>() : Errc::io_error;
  }
  return sent;
}

}  // namespace

Verdict client(Run& run) {
  const Family family = run.peer.family();
  Result<Socket> raw = Socket::open(family, Type::raw, family == Family::inet6 ? 58 : 1);
  if (!raw) return Verdict::failed("open", "a raw socket", raw.error());
  // A UDP port that is ours meanwhile is an identifier that no other ping of this host has.
  Result<Socket> udp = Socket::open(family, Type::datagram);
  if (!udp) return Verdict::failed("open", "a socket", udp.error());
  const auto bound = udp->bind(Endpoint(IpAddress::any(family), 0));
  const auto own = udp->getsockname();
  if (!bound || !own)
    return Verdict::failed("bind", "a free port", bound ? own.error() : bound.error());

  RetryTimer timer;
  const Timed socket(run, *raw);
  for (std::uint16_t number = 1; number <= ping_count; ++number) {
    if (const auto done = ping(run, socket, timer, own->port(), number); !done) {
      return Verdict::failed(Line("echo ", number), "the same bytes back", done.error());
    }
    run.context.report(Line("echo ", number, ": ", sizes[number - 1], " bytes came back"));
  }
  return Verdict::ok();
}

Verdict server(Run& run, Socket& socket) {
  Packet packet;
  Result<Received> came = first_datagram(run, socket, packet, is_first_request);
  if (!came) return Verdict::failed("first echo", "a client's", came.error());
  Echo echo;
  read_echo(came->data, echo);
  const std::uint16_t identifier = echo.identifier;
  const Timed timed(run, socket);
  std::uint16_t heard = 1;
  while (heard < ping_count) {
    came = timed.recvfrom(packet);
    if (!came) return Verdict::failed(Line("after echo ", heard), "the next", came.error());
    const bool ours = read_echo(came->data, echo) && echo.request && echo.identifier == identifier;
    if (ours && echo.number == heard + 1) ++heard;
  }
  run.context.report(Line("heard ", heard, " echo requests"));
  return Verdict::ok();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::raw_ping
