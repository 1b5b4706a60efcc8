// Ethernet frames. One node hears nothing of what it sends itself, so that frames that arrive are
// seen on the desktop's loopback here, and between nodes by the exchange packet_echo.
#include <array>

#include <conformance/context.hpp>
#include <twinsock/packet.hpp>
#include <twinsock/poll.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

constexpr std::uint16_t experimental = 0x88b5;  // IEEE 802: for whoever wants it

// The interface on which this program hears itself, if there is one; else the world's choice.
std::uint32_t own_interface() { return interface_number("lo").value_or(0); }

bool open_packet(Context& t, PacketSocket& socket) {
  Result<PacketSocket> opened = PacketSocket::open(experimental, own_interface());
  if (!opened || !opened->settimeout(t.patience())) {
    t.fail(__FILE__, __LINE__, "PacketSocket::open");
    return false;
  }
  socket = std::move(*opened);
  return true;
}

constexpr Case cases[] = {
    {"Packet.FrameArrivesWithItsAddresses", "PACKET-2", any_family,
     [](Context& t) {
       PacketSocket first;
       PacketSocket second;
       if (!open_packet(t, first) || !open_packet(t, second)) return;
       CHECK_VALUE(first.sendto("hello", second.address()), 5);
       std::array<char, 64> buffer;
       const Result<PacketReceived> got = second.recvfrom(buffer);
       CHECK_OK(got);
       CHECK(got->data.text().substr(0, 5) == "hello" && !got->truncated);
       CHECK(got->peer == first.address() && got->to == second.address());
     },
     everywhere, nullptr, own_frames},
    {"Packet.LongFrameIsTruncated", "PACKET-3", any_family,
     [](Context& t) {
       PacketSocket socket;
       if (!open_packet(t, socket)) return;
       std::array<std::byte, 4> room;
       CHECK_VALUE(socket.sendto("0123456789", MacAddress::broadcast()), 10);
       Result<PacketReceived> got = socket.recvfrom(room, Flags::peek);
       CHECK_OK(got);
       got = socket.recvfrom(room);
       CHECK_OK(got);
       CHECK(got->truncated && got->data.text() == "0123" && got->to.is_group());
       CHECK_ERROR(socket.recvfrom(room, Flags::dont_wait), Errc::would_block);
     },
     everywhere, nullptr, own_frames},
    {"Packet.ReceiveHasADeadline", "PACKET-4", any_family,
     [](Context& t) {
       PacketSocket socket;
       if (!open_packet(t, socket)) return;
       CHECK_OK(socket.settimeout(std::chrono::milliseconds(120)));
       std::array<std::byte, 64> buffer;
       const std::uint32_t began = now_ms();
       CHECK_ERROR(socket.recvfrom(buffer), Errc::timed_out);
       const std::uint32_t elapsed_ms = now_ms() - began;
       CHECK(elapsed_ms >= 120 && elapsed_ms <= 120 + t.slack_ms());
       PollItem item(socket.socket(), Ready::read);
       CHECK_VALUE(poll(std::span(&item, 1), Timeout::zero()), 0);
     },
     everywhere, nullptr, raw_sockets},
    {"Packet.SendTakesAFrame", "PACKET-3", any_family,
     [](Context& t) {
       PacketSocket socket;
       if (!open_packet(t, socket)) return;
       fill_pattern(t.scratch().first(1501), 7);
       CHECK_VALUE(socket.sendto(t.scratch().first(1500), MacAddress::broadcast()), 1500);
       CHECK_VALUE(socket.sendto({}, MacAddress::broadcast()), 0);
       CHECK_ERROR(socket.sendto(t.scratch().first(1501), MacAddress::broadcast()),
                   Errc::message_too_long);
       socket.close();
       CHECK_ERROR(socket.sendto("x", MacAddress::broadcast()), Errc::closed);
     },
     everywhere, nullptr, raw_sockets},
    {"Packet.NeedsAnEtherTypeAndAnInterface", "PACKET-1", any_family,
     [](Context& t) {
       CHECK_ERROR(PacketSocket::open(0x05ff), Errc::protocol_not_supported);
       CHECK_ERROR(PacketSocket::open(experimental, 250), Errc::address_not_available);
       CHECK_ERROR(interface_number("none9"), Errc::address_not_available);
       CHECK_ERROR(interface_number(""), Errc::address_not_available);
       CHECK_ERROR(Socket::open(Family::packet, Type::raw, experimental),
                   Errc::address_family_not_supported);
     },
     everywhere, nullptr, raw_sockets},
    {"Packet.IpGoesOn", "PACKET-2", each_family,
     [](Context& t) {
       Result<PacketSocket> listener = PacketSocket::open(0x0800, own_interface());
       CHECK_OK(listener);
       Pair pair;
       if (!t.connect(pair)) return;
       std::array<char, 4> buffer;
       CHECK_OK(pair.client.sendall("ping"));
       CHECK_OK(pair.server.recv_exactly(buffer));
     },
     everywhere, nullptr, raw_sockets},
    {"Packet.AddressIsSixPairs", "PACKET-5", any_family,
     [](Context& t) {
       const Result<MacAddress> address = MacAddress::parse("02:00:5E:10:fF:01");
       CHECK_OK(address);
       CHECK(address->to_text() == "02:00:5e:10:ff:01");
       CHECK(!address->is_group() && MacAddress::broadcast().is_group());
       for (const char* text : {"", "02:00:5e:10:ff", "02:00:5e:10:ff:01:", "02-00-5e-10-ff-01",
                                "2:00:5e:10:ff:01", "02:00:5e:10:ff:0g"}) {
         CHECK_ERROR(MacAddress::parse(text), Errc::malformed_address);
       }
     }},
};

}  // namespace

std::span<const Case> packet_cases() { return cases; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
