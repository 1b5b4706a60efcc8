// Which of this host's interfaces leads where: frames name one, as addresses do not.
#pragma once

#include <cstdint>

#include <twinsock/address.hpp>

namespace host_sim::tool {

// By its number; 0: none has an address by which `address` is reached. Of an address of this host's
// own it is the interface that has it.
std::uint32_t interface_towards(const twinsock::IpAddress& address);

}  // namespace host_sim::tool
