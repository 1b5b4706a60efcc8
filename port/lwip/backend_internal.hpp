// What the files of the lwip backend share.
#pragma once

#include <native/native.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

Error to_error(int code, During context);

// An accepted socket gets the defaults that a new one has, whatever its listener handed on.
void reset_inherited(int handle);

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
