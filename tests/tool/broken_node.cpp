// A program whose roles break one promise each, under the names of exchanges: what a sweep must
// see.
#include <twinsock/clock.hpp>
#include <twinsock/program.hpp>
#include <twinsock/socket.hpp>

namespace {

using twinsock::RoleContext;

int serve(RoleContext& context) {
  context.ready();
  return 0;
}

int pass(RoleContext&) { return 0; }

int crash(RoleContext&) {
  __builtin_trap();  // what no sanitizer takes for its own
}

int hang(RoleContext&) {
  for (volatile bool always = true; always;) {
  }
  return 0;
}

int leak(RoleContext&) {
  auto socket = twinsock::Socket::open(twinsock::Family::inet, twinsock::Type::stream);
  return socket && socket->detach() >= 0 ? 0 : 1;
}

int end_late(RoleContext&) {
  twinsock::sleep_for(std::chrono::seconds(20));
  return 0;
}

int see_wrong_bytes(RoleContext& context) {
  context.log("failed at size 4: expected byte 3 to be 17, came 18");
  return 1;
}

constexpr twinsock::Role roles[] = {
    {"tcp_reply.server", serve, "is fine"},      {"tcp_reply.client", pass, "is fine"},
    {"tcp_greeting.server", serve, "is fine"},   {"tcp_greeting.client", crash, "crashes"},
    {"tcp_chat.server", serve, "is fine"},       {"tcp_chat.client", hang, "never blocks"},
    {"tcp_half_close.server", serve, "is fine"}, {"tcp_half_close.client", leak, "leaks"},
    {"udp_timeout.server", serve, "is fine"},    {"udp_timeout.client", end_late, "ends late"},
    {"udp_echo.server", serve, "is fine"},       {"udp_echo.client", see_wrong_bytes, "fails"},
};

}  // namespace

TWINSOCK_PROGRAM(roles)
