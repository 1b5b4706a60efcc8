// dns_connect: the client knows its server by name; create_connection asks for the addresses and
// tries them under one deadline.
#include <array>

#include <twinsock/connection.hpp>

#include "table.hpp"
#include "text.hpp"
#include "timed.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges::dns_connect {

namespace {
constexpr std::string_view greeting = "hello by name";
}

Verdict client(Run& run) {
  const AddressText address = run.peer.address().to_text();
  const std::string_view host = run.host.empty() ? address.view() : run.host;
  std::array<AddressInfo, 2> room;
  const auto numeric = getaddrinfo("server.test", "", room, {.numeric_only = true});
  if (numeric || numeric.error() != Errc::name_not_found) {
    return Verdict::failed("a name, numeric only", "name_not_found",
                           numeric ? "an address" : name(numeric.error().code()));
  }
  run.context.report("a name, numeric only: name_not_found");

  const Timeout rest = run.deadline.remaining();
  Result<Socket> opened = rest.is_zero()
                              ? Result<Socket>(Errc::timed_out)
                              : create_connection(host, std::string_view(Line<8>(run.peer.port())),
                                                  {.timeout = rest, .family = run.peer.family()});
  if (!opened) return Verdict::failed("connect", "a connection", opened.error());
  run.context.report("connected by name");
  const Timed socket(run, *opened);
  if (const auto done = socket.sendall(greeting); !done) {
    return Verdict::failed("greeting", "to send it", done.error());
  }
  Message message;
  const Result<MutableBytes> came = socket.recv(message.room());
  if (!came) return Verdict::failed("answer", "one", came.error());
  if (came->empty()) return Verdict::failed("answer", "one", "end of stream");
  message.set_size(came->size());
  run.context.report(message.report());
  return Verdict::ok();
}

Verdict server(Run& run, Socket& listening) {
  Result<Socket> accepted = accept_client(run, listening);
  if (!accepted) return Verdict::failed("accept", "a client", accepted.error());
  const Timed socket(run, *accepted);
  Message message;
  const Result<MutableBytes> came = socket.recv(message.room());
  if (!came) return Verdict::failed("greeting", "one", came.error());
  if (came->empty()) return Verdict::failed("greeting", "one", "end of stream");
  message.set_size(came->size());
  run.context.report(message.report());
  if (const auto done = socket.sendall("welcome"); !done) {
    return Verdict::failed("answer", "to send it", done.error());
  }
  return Verdict::ok();
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges::dns_connect
