// What the files of the lwip backend share.
#pragma once

#include <native/native.hpp>

struct iovec;

namespace twinsock::inline TWINSOCK_BACKEND::native {

Error to_error(int code, During context);

// A datagram into the buffers list[1] … list[count]; list[0] is for the function's own use.
int receive_list(int handle, iovec* list, int count, int flags, Endpoint& peer, Datagram& datagram);

// An accepted socket gets the defaults that a new one has, whatever its listener handed on.
void reset_inherited(int handle);

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
