// Names of local sockets as people type them, and the server's pair of them.
#pragma once

#include <twinsock/unix.hpp>

#include "text.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

// "@thermo" is an abstract name; "/run/thermo" and "./thermo", with a slash in it, a path.
// malformed_address: anything else, or more than 107 bytes.
Result<LocalAddress> parse_local(std::string_view word);
Line<LocalAddress::longest + 1> text_of(const LocalAddress& name);

// As bind. The file of a server that was killed, behind which nobody is any more, is replaced.
Result<void> bind_anew(Socket& socket, const LocalAddress& name);

// The name of a server's datagram socket, beside that of its stream: "NAME.dgram".
Result<LocalAddress> datagram_name(const LocalAddress& stream);
// Removes the files of both, where they are paths and there.
void remove_server(const LocalAddress& stream);

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
