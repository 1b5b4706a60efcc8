// The seam's part for Ethernet frames: a backend needs it only for programs that use them.
#pragma once

#include <native/native.hpp>
#include <twinsock/packet.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

inline constexpr std::size_t ethernet_header_size = 14;

struct Interface {
  std::uint32_t number;  // 0: choose one
  MacAddress address;
};

// A handle for whole frames of the interface, which is filled in.
Result<int> packet_open(std::uint16_t ether_type, Interface& interface);
// Header and payload of one frame, in two parts. Neither waits. 0, or failed.
int packet_receive(int handle, MutableBytes header, MutableBytes payload, int flags,
                   Datagram& datagram);
int packet_send(int handle, std::uint32_t interface, Bytes header, Bytes payload);
Error packet_error();  // as last_error, after either
Result<std::uint32_t> find_interface(const char* name);

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
