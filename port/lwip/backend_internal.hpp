// What the files of the lwip backend share.
#pragma once

#include <native/native.hpp>

struct iovec;
struct netconn;

namespace twinsock::inline TWINSOCK_BACKEND::native {

Error to_error(int code, During context);

// What stands behind a handle; nullptr if that is not open. Its fields are read without lwIP's
// lock: the layer alone uses this connection, and a PCB that ends stays readable in its pool.
netconn* connection_of(int handle);
bool is_stream(const netconn* connection);
bool listens(const netconn* connection);

// Functions, as a call costs less flash than what they do.
int fail_with(int code);  // failed, with that errno
int set_blocking(int handle, bool blocking);

// A datagram into the buffers list[1] … list[count]; list[0] is for the function's own use.
int receive_list(int handle, iovec* list, int count, int flags, Endpoint& peer, Datagram& datagram);

// An accepted socket gets the defaults that a new one has, whatever its listener handed on.
void reset_inherited(int handle);

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
