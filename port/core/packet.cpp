// Ethernet frames: the header, and whose a frame is, over the backend's whole frames.
#include <core/socket_core.hpp>
#include <native/native_packet.hpp>

namespace twinsock::inline TWINSOCK_BACKEND {

namespace {

constexpr std::uint16_t least_ether_type = 0x0600;  // below it stand lengths (IEEE 802.3 3.2.6)
// A wait for a frame cannot be ended from outside on every stack: it looks for that so often.
constexpr std::int32_t slice_ms = 100;

using Header = std::array<std::uint8_t, native::ethernet_header_size>;

int value_of_digit(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

MacAddress address_at(const Header& header, std::size_t first) {
  MacAddress address;
  for (std::size_t i = 0; i < address.bytes.size(); ++i) address.bytes[i] = header[first + i];
  return address;
}

bool has(Flags flags, Flags flag) {
  return (static_cast<std::uint8_t>(flags) & static_cast<std::uint8_t>(flag)) != 0;
}

// Errc::none: it may be ready.
Errc wait_a_while(const Socket& socket, bool for_write, const CallTime& time) {
  if (!time.waits()) return Errc::would_block;
  const Timeout remaining = time.remaining();
  if (remaining.is_zero()) return Errc::timed_out;
  const bool all = !remaining.is_none() && remaining.ms() < slice_ms;
  const int handle = socket.fileno();
  if (handle < 0) return Errc::closed;
  const Timeout slice = all ? remaining : Timeout::from_ms(slice_ms);
  if (native::wait(handle, for_write, slice) == native::failed && !native::was_interrupted()) {
    return native::last_error(native::During::other).code();
  }
  return socket.is_open() ? Errc::none : Errc::closed;
}

}  // namespace

Result<MacAddress> MacAddress::parse(std::string_view text) {
  MacAddress address;
  constexpr std::size_t pair = 3;  // two digits, and what separates them from the next
  if (text.size() != address.bytes.size() * pair - 1) return Errc::malformed_address;
  for (std::size_t i = 0; i < address.bytes.size(); ++i) {
    const int high = value_of_digit(text[i * pair]);
    const int low = value_of_digit(text[i * pair + 1]);
    const bool separated = i + 1 == address.bytes.size() || text[i * pair + 2] == ':';
    if (high < 0 || low < 0 || !separated) return Errc::malformed_address;
    address.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return address;
}

MacText MacAddress::to_text() const {
  static constexpr char digits[] = "0123456789abcdef";
  MacText text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const char pair[] = {digits[bytes[i] >> 4], digits[bytes[i] & 15], ':'};
    text.append({pair, i + 1 < bytes.size() ? 3U : 2U});
  }
  return text;
}

Result<PacketSocket> PacketSocket::open(std::uint16_t ether_type, std::uint32_t interface) {
  if (ether_type < least_ether_type) return Errc::protocol_not_supported;
  native::Interface found{interface, {}};
  const Result<int> handle = native::packet_open(ether_type, found);
  if (!handle) return handle.error();
  PacketSocket socket;
  socket.socket_ = SocketCore::make(*handle, Family::packet, Type::raw);
  socket.address_ = found.address;
  socket.ether_type_ = ether_type;
  socket.interface_ = found.number;
  return socket;
}

Result<std::size_t> PacketSocket::sendto(Bytes payload, const MacAddress& peer, Flags flags) {
  const CallTime time(native::stamp(), has(flags, Flags::dont_wait) ? 0 : gettimeout().ms());
  if (const Errc closed = SocketCore::check_open(socket_); closed != Errc::none) return closed;
  if (payload.size() > longest_payload) return Errc::message_too_long;
  const SocketCore::Inside inside(socket_, true);
  Header header;
  for (std::size_t i = 0; i < peer.bytes.size(); ++i) {
    header[i] = peer.bytes[i];
    header[6 + i] = address_.bytes[i];
  }
  header[12] = static_cast<std::uint8_t>(ether_type_ >> 8);
  header[13] = static_cast<std::uint8_t>(ether_type_ & 0xff);
  while (native::packet_send(socket_.fileno(), interface_, header, payload) == native::failed) {
    const bool interrupted = native::was_interrupted();
    const Error error = native::packet_error();
    if (!interrupted && error != Errc::would_block) return error;
    const Errc outcome = wait_a_while(socket_, true, time);
    if (outcome != Errc::none) return outcome;
  }
  return payload.size();
}

Result<PacketReceived> PacketSocket::recvfrom(MutableBytes buffer, Flags flags) {
  const CallTime time(native::stamp(), has(flags, Flags::dont_wait) ? 0 : gettimeout().ms());
  if (const Errc closed = SocketCore::check_open(socket_); closed != Errc::none) return closed;
  const int bits = native::to_flags(flags | Flags::dont_wait);
  const SocketCore::Inside inside(socket_, false);
  while (true) {
    Header header;
    native::Datagram frame{};
    if (native::packet_receive(socket_.fileno(), header, buffer, bits, frame) == native::failed) {
      const bool interrupted = native::was_interrupted();
      const Error error = native::packet_error();
      if (!interrupted && error != Errc::would_block) return error;
      const Errc outcome = wait_a_while(socket_, false, time);
      if (outcome != Errc::none) return outcome;
      continue;
    }
    const MacAddress to = address_at(header, 0);
    const MacAddress peer = address_at(header, 6);
    if (to == address_ || to.is_group()) {
      return PacketReceived{buffer.first(frame.size), peer, to, frame.truncated};
    }
    // Somebody else's, which a switch or the interface let through.
    if (has(flags, Flags::peek)) {
      (void)native::packet_receive(socket_.fileno(), header, buffer,
                                   native::to_flags(Flags::dont_wait), frame);
    }
  }
}

Result<std::uint32_t> interface_number(std::string_view name) {
  FixedText<32> text;
  text.append(name);
  if (name.empty() || text.size() != name.size()) return Errc::address_not_available;
  return native::find_interface(text.c_str());
}

}  // namespace twinsock::inline TWINSOCK_BACKEND
