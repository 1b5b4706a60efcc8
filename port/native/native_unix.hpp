// The seam's part for AF_UNIX: a backend needs it only for programs that use it.
#pragma once

#include <native/native.hpp>
#include <twinsock/unix.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::native {

int local_open(Type type);
int local_pair(Type type, int (&handles)[2]);
int local_bind(int handle, const LocalAddress& local);
// Never waits: would_block while the listener's backlog is full.
int local_connect(int handle, Type type, const LocalAddress& peer);
int local_receive_from(int handle, MutableBytes buffer, int flags, LocalAddress& peer,
                       Datagram& datagram);
std::ptrdiff_t local_send_to(int handle, Bytes data, int flags, const LocalAddress& peer);
int local_name(int handle, bool of_peer, LocalAddress& name);
Result<void> local_remove(const LocalAddress& address);  // a path
// As last_error, after any of these.
Error local_error(During context);

}  // namespace twinsock::inline TWINSOCK_BACKEND::native
