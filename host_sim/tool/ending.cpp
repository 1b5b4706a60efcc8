// Which failures are a network's doing, from the words of the verdicts.
#include "ending.hpp"

#include <algorithm>
#include <array>

namespace host_sim::tool {

namespace {

using twinsock::Errc;

// What a stack says by itself when nothing comes through.
constexpr std::array of_network{Errc::timed_out, Errc::connection_aborted, Errc::unreachable,
                                Errc::name_lookup_failed};
// What a peer, or its host, brings about by ending early.
constexpr std::array of_peer{Errc::connection_reset, Errc::connection_refused, Errc::broken_pipe,
                             Errc::not_connected, Errc::end_of_stream};

bool begins_with_any(std::string_view text, std::span<const Errc> codes) {
  return std::ranges::any_of(codes,
                             [&](Errc code) { return text.starts_with(twinsock::name(code)); });
}

}  // namespace

std::string_view name(Ending ending) {
  switch (ending) {
    case Ending::passed: return "passed";
    case Ending::gave_up: return "gave up cleanly";
    case Ending::failed: break;
  }
  return "failed";
}

Cause cause_of(std::string_view failure) {
  if (failure.empty()) return Cause::none;
  constexpr std::string_view mark = ", came ";
  const std::size_t at = failure.find(mark);
  if (!failure.starts_with("failed at ") || at == std::string_view::npos) return Cause::broken;
  const std::string_view came = failure.substr(at + mark.size());
  if (begins_with_any(came, of_network)) return Cause::network;
  if (begins_with_any(came, of_peer) || came.starts_with("end of stream")) return Cause::peer;
  return Cause::broken;
}

Ending ending_of(const Outcome& outcome, const Adversity& adversity) {
  if (outcome.passed()) return Ending::passed;
  if (!outcome.broken.empty()) return Ending::failed;
  if (!adversity.faults && !adversity.power_cycles) return Ending::failed;
  const std::array causes{cause_of(outcome.client.failure), cause_of(outcome.server.failure)};
  if (std::ranges::count(causes, Cause::broken) > 0) return Ending::failed;
  const bool explained = adversity.power_cycles || std::ranges::count(causes, Cause::network) > 0;
  return explained ? Ending::gave_up : Ending::failed;
}

}  // namespace host_sim::tool
