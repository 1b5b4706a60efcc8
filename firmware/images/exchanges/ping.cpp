// ping: ICMP and ICMPv6 echoes through a raw socket.
#include <twinsock/clock.hpp>
#include <twinsock/socket.hpp>

#include "arch/cortex_m/fault.hpp"
#include "console/print.hpp"
#include "images/exchanges/commands.hpp"

namespace firmware {
namespace {

using namespace twinsock;

constexpr std::size_t header_size = 8;
constexpr std::size_t data_size = 24;
constexpr std::uint16_t identifier = 0x7453;
constexpr int count = 4;

struct Echo {
  Protocol number;
  std::uint8_t request, reply;
};
constexpr Echo icmp{1, 8, 0};
constexpr Echo icmp6{58, 128, 129};

using Message = std::array<std::uint8_t, header_size + data_size>;

Message make_request(const Echo& protocol, std::uint8_t sequence) {
  Message message{protocol.request, 0, 0, 0, identifier >> 8, identifier & 0xFF, 0, sequence};
  for (std::size_t i = 0; i < data_size; ++i)
    message[header_size + i] = static_cast<std::uint8_t>(i);
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < message.size(); i += 2) {
    sum += (std::uint32_t{message[i]} << 8) | message[i + 1];
  }
  while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
  if (protocol.number == icmp.number) {  // lwIP adds ICMPv6's, which covers addresses
    message[2] = static_cast<std::uint8_t>(~sum >> 8);
    message[3] = static_cast<std::uint8_t>(~sum);
  }
  return message;
}

// The ICMP message in what a raw socket brings, the IP header included.
std::span<const std::uint8_t> without_ip_header(std::span<const std::uint8_t> packet) {
  if (packet.empty()) return packet;
  const std::size_t size = packet[0] >> 4 == 4   ? 4u * (packet[0] & 15)
                           : packet[0] >> 4 == 6 ? 40
                                                 : 0;
  return size < packet.size() ? packet.subspan(size) : packet.first(0);
}

bool is_answer(const Echo& protocol, std::span<const std::uint8_t> message, std::uint8_t sequence) {
  return message.size() == sizeof(Message) && message[0] == protocol.reply &&
         message[4] == identifier >> 8 && message[5] == (identifier & 0xFF) && message[6] == 0 &&
         message[7] == sequence;
}

Result<void> ask_once(Socket& socket, const Echo& protocol, const Endpoint& peer,
                      std::uint8_t sequence) {
  const Message request = make_request(protocol, sequence);
  const Deadline deadline(std::chrono::seconds(1));
  if (auto sent = socket.sendto(request, peer); !sent) return sent.error();
  for (;;) {
    std::array<std::uint8_t, 128> buffer;
    if (auto ok = socket.settimeout(deadline.remaining()); !ok) return ok;
    const auto got = socket.recvfrom_into(buffer);
    if (!got) return got.error() == Errc::would_block ? Errc::timed_out : got.error();
    const auto packet = std::span<const std::uint8_t>(buffer).first(got->nbytes);
    if (is_answer(protocol, without_ip_header(packet), sequence)) return {};
  }
}

}  // namespace

int ping(Words arguments) {
  const auto address = IpAddress::parse(arguments[0]);
  if (!address) {
    print_line("ping takes an address, as 10.0.2.2 or fe80::1%1");
    return status_wrong_use;
  }
  const Echo& protocol = address->family() == Family::inet6 ? icmp6 : icmp;
  auto socket = Socket::open(address->family(), Type::raw, protocol.number);
  if (!socket) {
    print_line("no raw socket: ", describe(socket.error().code()));
    return status_failed;
  }
  int answered = 0;
  for (std::uint8_t i = 1; i <= count; ++i) {
    const std::uint32_t start = now_ms();
    const auto ok = ask_once(*socket, protocol, {*address, 0}, i);
    answered += ok ? 1 : 0;
    if (ok) {
      print_line("answer ", i, " after ", now_ms() - start, " ms");
    } else {
      print_line("answer ", i, " missing: ", describe(ok.error().code()));
    }
  }
  print_line(answered, " of ", count, " answered");
  return answered > 0 ? status_passed : status_failed;
}

}  // namespace firmware
