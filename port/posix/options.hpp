// What the files of the posix backend share.
#pragma once

#include <native/native.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

Error to_error(int code);

// An accepted socket gets the defaults that a new one has, whatever its listener handed on.
void reset_inherited(int handle);

// Notes once when stamps and clock agree; every later stamp is turned into time from there.
void anchor_stamps();

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
