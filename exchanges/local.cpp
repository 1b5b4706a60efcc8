// Names of local sockets, and files that a server leaves.
#include "local.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

namespace {

// Asks with a socket of the other type, so that a server that is there is not disturbed by it.
bool nobody_has(const LocalAddress& name, Type type) {
  Result<Socket> socket = open_local(type == Type::stream ? Type::datagram : Type::stream);
  if (!socket) return false;
  const Result<void> there = connect(*socket, name);
  return !there && there.error() == Errc::connection_refused;
}

}  // namespace

Result<LocalAddress> parse_local(std::string_view word) {
  if (word.starts_with('@')) return LocalAddress::abstract(word.substr(1));
  if (word.find('/') == word.npos) return Errc::malformed_address;
  return LocalAddress::path(word);
}

Line<LocalAddress::longest + 1> text_of(const LocalAddress& name) {
  return Line<LocalAddress::longest + 1>(name.is_abstract() ? "@" : "", name.name());
}

Result<void> bind_anew(Socket& socket, const LocalAddress& name) {
  const Result<void> bound = bind(socket, name);
  if (bound || bound.error() != Errc::address_in_use || name.is_abstract()) return bound;
  if (!nobody_has(name, socket.type()) || !remove_local(name)) return bound;
  return bind(socket, name);
}

Result<LocalAddress> datagram_name(const LocalAddress& stream) {
  const Line<LocalAddress::longest + 6> name(stream.name(), ".dgram");
  return stream.is_abstract() ? LocalAddress::abstract(name) : LocalAddress::path(name);
}

void remove_server(const LocalAddress& stream) {
  (void)remove_local(stream);
  if (const auto datagrams = datagram_name(stream); datagrams) (void)remove_local(*datagrams);
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
