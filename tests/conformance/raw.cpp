// Cases: raw sockets: who may open them, and an ICMP echo through one.
#include <utility>

#include <conformance/context.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

constexpr Protocol icmp = 1;
constexpr Protocol icmp6 = 58;
constexpr Protocol experimental = 253;  // RFC 3692

using Packet = std::array<std::uint8_t, 16>;

// An echo request of RFC 792 with its checksum.
Packet echo_request(std::uint8_t mark) {
  Packet packet{8, 0, 0, 0, 0x12, mark, 0, 1, 't', 'w', 'i', 'n', 's', 'o', 'c', 'k'};
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < packet.size(); i += 2) {
    sum += static_cast<std::uint32_t>(packet[i] << 8 | packet[i + 1]);
  }
  sum = (sum & 0xffff) + (sum >> 16);
  sum = ~(sum + (sum >> 16));
  packet[2] = static_cast<std::uint8_t>(sum >> 8);
  packet[3] = static_cast<std::uint8_t>(sum);
  return packet;
}

constexpr Case cases[] = {
    {"Raw.NeedsAProtocol", "RAW-1", each_family,
     [](Context& t) {
       CHECK_ERROR(Socket::open(t.family(), Type::raw), Errc::protocol_not_supported);
       CHECK_ERROR(Socket::open(t.family(), Type::raw, 256), Errc::protocol_not_supported);
     }},
    {"Raw.TellsItsProtocol", "RAW-1", each_family,
     [](Context& t) {
       const Protocol protocol = t.family() == Family::inet ? icmp : icmp6;
       const Result<Socket> socket = Socket::open(t.family(), Type::raw, protocol);
       CHECK_OK(socket);
       CHECK_EQUAL(socket->proto(), protocol);
       CHECK(socket->type() == Type::raw && socket->family() == t.family());
     },
     everywhere, nullptr, raw_sockets},
    {"Raw.HasNoListenersAndNoAccept", "RAW-2", each_family,
     [](Context& t) {
       Result<Socket> socket = Socket::open(t.family(), Type::raw, experimental);
       CHECK_OK(socket);
       CHECK_ERROR(socket->listen(), Errc::operation_not_supported);
       CHECK_ERROR(socket->accept(), Errc::operation_not_supported);
     },
     everywhere, nullptr, raw_sockets},
    {"Raw.EchoIsAnswered", "RAW-3", inet_only,
     [](Context& t) {
       Result<Socket> socket = Socket::open(t.family(), Type::raw, icmp);
       CHECK_OK(socket);
       CHECK_OK(socket->settimeout(t.patience()));
       const Packet request = echo_request(1);
       CHECK_VALUE(socket->sendto(request, {t.address(), 0}), request.size());
       std::array<std::uint8_t, 128> buffer{};
       // Our own request may be heard as well; an answer is type 0. Both begin with an IP header.
       for (bool answered = false; !answered;) {
         const Result<Received> got = socket->recvfrom(buffer);
         CHECK_OK(got);
         CHECK(got->data.size() >= 20 + request.size());
         const std::size_t header = std::size_t{4} * (buffer[0] & 15);
         CHECK_EQUAL(buffer[0] >> 4, 4);
         answered = buffer[header] == 0 && buffer[header + 5] == 1;
         if (!answered) continue;
         CHECK(got->peer.address() == t.address());
         CHECK_EQUAL(got->peer.port(), 0);
         for (std::size_t i = 4; i < request.size(); ++i) {
           CHECK_EQUAL(buffer[header + i], request[i]);
         }
       }
     },
     everywhere, nullptr, raw_sockets | undisturbed},
    {"Raw.ConnectedSendNeedsNoAddress", "RAW-3", inet_only,
     [](Context& t) {
       Result<Socket> socket = Socket::open(t.family(), Type::raw, icmp);
       CHECK_OK(socket);
       CHECK_OK(socket->settimeout(t.patience()));
       CHECK_OK(socket->connect({t.address(), 0}));
       CHECK_VALUE(socket->send(echo_request(2)), sizeof(Packet));
       std::array<std::uint8_t, 128> buffer{};
       for (bool answered = false; !answered;) {
         CHECK_OK(socket->recv(buffer));
         const std::size_t header = std::size_t{4} * (buffer[0] & 15);
         answered = buffer[header] == 0 && buffer[header + 5] == 2;
       }
     },
     everywhere, nullptr, raw_sockets | undisturbed},
    {"Raw.WithoutDestinationIsRefused", "RAW-3", inet_only,
     [](Context& t) {
       Result<Socket> socket = Socket::open(t.family(), Type::raw, icmp);
       CHECK_OK(socket);
       CHECK_ERROR(socket->send(echo_request(3)), Errc::destination_required);
     },
     everywhere, nullptr, raw_sockets},
    {"Raw.OwnProtocolTravelsBetweenTwo", "RAW-4", each_family,
     [](Context& t) {
       Result<Socket> receiver = Socket::open(t.family(), Type::raw, experimental);
       Result<Socket> sender = Socket::open(t.family(), Type::raw, experimental);
       CHECK_OK(receiver);
       CHECK_OK(sender);
       CHECK_OK(receiver->settimeout(t.patience()));
       CHECK_VALUE(sender->sendto("payload", {t.address(), 0}), 7);
       std::array<char, 64> buffer{};
       const Result<Received> got = receiver->recvfrom(buffer);
       CHECK_OK(got);
       CHECK(got->data.text().ends_with("payload") && got->peer.address() == t.address());
       CHECK_EQUAL(got->peer.port(), 0);
     },
     everywhere, nullptr, raw_sockets | more_sockets | undisturbed},
    {"Raw.Ipv4HeaderComesWithThePacket", "RAW-5", inet_only,
     [](Context& t) {
       Result<Socket> socket = Socket::open(t.family(), Type::raw, experimental);
       CHECK_OK(socket);
       CHECK_OK(socket->settimeout(t.patience()));
       CHECK_OK(socket->sendto("x", {t.address(), 0}));
       std::array<std::uint8_t, 64> buffer{};
       CHECK_VALUE(socket->recv_into(buffer), 21);
       CHECK_EQUAL(buffer[0], 0x45);
       CHECK_EQUAL(buffer[9], experimental);
     },
     everywhere, nullptr, raw_sockets | undisturbed},
    {"Raw.Ipv6HeaderStaysBehind", "RAW-5", inet6_only,
     [](Context& t) {
       Result<Socket> socket = Socket::open(t.family(), Type::raw, experimental);
       CHECK_OK(socket);
       CHECK_OK(socket->settimeout(t.patience()));
       CHECK_OK(socket->sendto("x", {t.address(), 0}));
       std::array<std::uint8_t, 64> buffer{};
       CHECK_VALUE(socket->recv_into(buffer), 1);
       CHECK_EQUAL(buffer[0], 'x');
     },
     everywhere, nullptr, raw_sockets | undisturbed},
    {"Raw.Ipv6SocketHearsNoIpv4", "RAW-5", inet6_only,
     [](Context& t) {
       Result<Socket> six = Socket::open(Family::inet6, Type::raw, experimental);
       Result<Socket> four = Socket::open(Family::inet, Type::raw, experimental);
       CHECK_OK(six);
       CHECK_OK(four);
       CHECK_OK(four->settimeout(t.patience()));
       CHECK_OK(four->sendto("x", {t.address(Family::inet), 0}));
       std::array<std::uint8_t, 64> buffer{};
       CHECK_VALUE(four->recv_into(buffer), 21);
       CHECK_ERROR(six->recv_into(buffer, Flags::dont_wait), Errc::would_block);
     },
     everywhere, nullptr, raw_sockets | more_sockets | undisturbed},
    {"Raw.Ipv6TellsWhatWasCutOff", "RAW-5", inet6_only,
     [](Context& t) {
       Result<Socket> socket = Socket::open(t.family(), Type::raw, experimental);
       CHECK_OK(socket);
       CHECK_OK(socket->settimeout(t.patience()));
       CHECK_OK(socket->sendto("0123456789", {t.address(), 0}));
       std::array<char, 4> buffer{};
       const Result<Received> got = socket->recvfrom(buffer);
       CHECK_OK(got);
       CHECK(got->truncated && got->data.text() == "0123" && got->peer.address() == t.address());
     },
     everywhere, nullptr, raw_sockets | undisturbed},
    {"Raw.Ipv6EchoNeedsNoChecksum", "RAW-7", inet6_only,
     [](Context& t) {
       Result<Socket> socket = Socket::open(t.family(), Type::raw, icmp6);
       CHECK_OK(socket);
       CHECK_OK(socket->settimeout(t.patience()));
       const Packet request{128, 0, 0, 0, 0x12, 4, 0, 1, 't', 'w', 'i', 'n', 's', 'o', 'c', 'k'};
       CHECK_VALUE(socket->sendto(request, {t.address(), 0}), request.size());
       std::array<std::uint8_t, 128> buffer{};
       for (bool answered = false; !answered;) {
         const Result<std::size_t> got = socket->recv_into(buffer);
         CHECK_OK(got);
         answered = *got == request.size() && buffer[0] == 129 && buffer[5] == 4;
       }
       CHECK_EQUAL(buffer[15], 'k');
     },
     everywhere, nullptr, raw_sockets | undisturbed},
    {"Raw.NothingThereWouldBlock", "RAW-6", each_family,
     [](Context& t) {
       Result<Socket> socket = Socket::open(t.family(), Type::raw, experimental);
       CHECK_OK(socket);
       std::array<char, 4> buffer;
       CHECK_ERROR(socket->recv(buffer, Flags::dont_wait), Errc::would_block);
       CHECK_OK(socket->settimeout(std::chrono::milliseconds(20)));
       CHECK_ERROR(socket->recvfrom(buffer), Errc::timed_out);
     },
     everywhere, nullptr, raw_sockets},
};

}  // namespace

std::span<const Case> raw_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
