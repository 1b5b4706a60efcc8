// The seam's part for multicast: a backend needs it only for programs that use it.
#pragma once

#include <native/native.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

Result<void> change_group(int handle, const IpAddress& group, std::uint32_t interface, bool join);
int set_multicast_option(int handle, Family family, OptionId id, std::int32_t value);
int get_multicast_option(int handle, Family family, OptionId id, std::int32_t& value);

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
