// AF_PACKET (PF_PACKET): Ethernet frames of one EtherType, below IP.
//
//   auto socket = PacketSocket::open(0x88b5);            // IEEE 802: for local experiments
//   socket->sendto("hello", MacAddress::broadcast());
//   std::array<std::byte, PacketSocket::longest_payload> buffer;
//   auto frame = socket->recvfrom(buffer);               // Result<PacketReceived>
//
// The header of 14 bytes is the layer's part. Ethernet pads a payload to 46 bytes, and no length
// tells how many were meant: what arrives may be longer than what was sent, with zeros.
// Needs: POSIX CAP_NET_RAW (as root), lwIP an interface whose driver calls netif->input; there each
// socket takes a UDP PCB, and frames wait where datagrams do (DEFAULT_UDP_RECVMBOX_SIZE).
// Lifetime, blocking, threads and interrupts: as Socket's. Nothing is allocated; nothing of this is
// linked into a program that does not use it.
#pragma once

#include <twinsock/socket.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

using MacText = FixedText<18>;

// An Ethernet address: a value of 6 bytes, in the order of the wire.
struct MacAddress {
  std::array<std::uint8_t, 6> bytes{};

  // "02:00:5e:10:00:01": six pairs of hexadecimal digits between colons. malformed_address.
  static Result<MacAddress> parse(std::string_view text);
  static constexpr MacAddress broadcast() { return {{255, 255, 255, 255, 255, 255}}; }
  constexpr bool is_group() const { return (bytes[0] & 1) != 0; }  // multicast, broadcast
  MacText to_text() const;                                         // in lower case
  friend constexpr auto operator<=>(const MacAddress&, const MacAddress&) = default;
};

struct PacketReceived {
  MutableBytes data;  // the payload, the padding included
  MacAddress peer;    // who sent it
  MacAddress to;      // this interface's address, or a group's
  bool truncated;     // the payload was longer than the buffer; the rest is gone
};

class PacketSocket {
 public:
  static constexpr std::size_t longest_payload = 1500;

  PacketSocket() = default;  // closed

  // Frames of that EtherType, 0x0600 … 0xffff, of the interface of that number (1, 2, … as the
  // world counts them); 0: the world's first Ethernet. Those that were sent to this interface's
  // address or to a group; IP's own go on to the stack as well.
  // protocol_not_supported (no EtherType), address_family_not_supported (this world has no
  // Ethernet), permission_denied, address_not_available (no such interface, or none with frames),
  // too_many_sockets.
  static Result<PacketSocket> open(std::uint16_t ether_type, std::uint32_t interface = 0);

  // One frame, whole or not at all: the payload's size. message_too_long (more than 1,500 bytes),
  // network_down, no_buffer_space, timed_out, would_block.
  Result<std::size_t> sendto(Bytes payload, const MacAddress& peer, Flags flags = Flags::none);
  // timed_out, would_block: no frame is lost by them. Flags::peek leaves the frame there.
  Result<PacketReceived> recvfrom(MutableBytes buffer, Flags flags = Flags::none);

  MacAddress address() const { return address_; }  // the interface's own
  std::uint32_t interface() const { return interface_; }
  std::uint16_t ether_type() const { return ether_type_; }

  Result<void> settimeout(Timeout timeout) { return socket_.settimeout(timeout); }
  Timeout gettimeout() const { return socket_.gettimeout(); }
  bool is_open() const { return socket_.is_open(); }
  void close() { socket_.close(); }
  // For poll, select and Selector alone: its own sends and receives are no use here.
  const Socket& socket() const { return socket_; }

 private:
  Socket socket_;
  MacAddress address_;
  std::uint16_t ether_type_ = 0;
  std::uint32_t interface_ = 0;
};

// The number of the interface of that name ("lo", "eth0"; lwIP: "en0"). address_not_available.
Result<std::uint32_t> interface_number(std::string_view name);

}  // namespace twinsock::inline TWINSOCK_BACKEND
