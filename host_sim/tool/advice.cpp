// Advice: one table from each way to fail to what helps.
#include "advice.hpp"

#include <fmt/format.h>

namespace host_sim::tool {

using twinsock::Errc;

std::string described(twinsock::Error error) {
  return fmt::format("{} ({})", twinsock::describe(error.code()), twinsock::name(error.code()));
}

std::string_view advice(Errc code) {
  switch (code) {
    case Errc::connection_refused: return "start the server first, or check the address and port";
    case Errc::timed_out:
    case Errc::would_block:
      return "check that the peer runs this exchange, or give it longer with --deadline";
    case Errc::connection_reset:
    case Errc::connection_aborted:
    case Errc::broken_pipe:
    case Errc::end_of_stream:
    case Errc::not_connected:
      return "the peer ended early; check that it runs this exchange, and what it says";
    case Errc::address_in_use:
      return "stop the program that holds the port, or take another (port 0: any free one)";
    case Errc::address_not_available:
      return "take an address of this host, or every one, as in :5000";
    case Errc::permission_denied:
      return "the system forbids it; take a port from 1024, and no broadcast address; raw sockets "
             "and frames need root or CAP_NET_RAW";
    case Errc::unreachable:
    case Errc::network_down: return "check the address, and that this host has a route to it";
    case Errc::too_many_sockets:
    case Errc::no_buffer_space: return "close other programs, or raise the limit (ulimit -n)";
    case Errc::address_family_not_supported:
      return "this host lacks that family; take the other with --family";
    default: return "the peer does not speak this exchange; run the same EXCHANGE on both sides";
  }
}

std::string_view advice_between_ours(Errc code) {
  switch (code) {
    case Errc::timed_out:
    case Errc::would_block:
      return "give it longer with --deadline, or take milder faults; --report FILE.html and "
             "--trace show where the time went";
    case Errc::none:
      return "both roles are the tool's own, so it is a bug; --report FILE.html and --trace show "
             "what crossed the link";
    default:
      return "see how the other role ended, and what the network did: --report FILE.html and "
             "--trace show it";
  }
}

std::string_view advice(std::string_view verdict, std::string_view (*of)(Errc)) {
  constexpr std::string_view before = ", came ";  // what was expected may be an error, too
  const std::size_t at = verdict.find(before);
  const std::string_view came = at == verdict.npos ? verdict : verdict.substr(at + before.size());
  for (const Errc code : twinsock::all_errcs()) {
    if (code == Errc::none) continue;
    if (came.find(twinsock::name(code)) != std::string_view::npos ||
        came.find(twinsock::describe(code)) != std::string_view::npos) {
      return of(code);
    }
  }
  if (came.find("end of") != std::string_view::npos) return of(Errc::end_of_stream);
  return of(Errc::none);
}

}  // namespace host_sim::tool
