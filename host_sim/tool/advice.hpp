// Advice: what a person can do about a failure, in the words that go behind it.
#pragma once

#include <string>
#include <string_view>

#include <twinsock/errc.hpp>

namespace host_sim::tool {

// "nobody listens at that address and port (connection_refused)"
std::string described(twinsock::Error error);

// "start the server first, …"; never empty.
std::string_view advice(twinsock::Errc code);
// The same where no role is a stranger's: in a simulation.
std::string_view advice_between_ours(twinsock::Errc code);
// The same, `of` a code, for the words of a role's verdict, "STEP: expected X, came Y" or Y alone,
// where an error stands by its name or sentence; what names none came from a peer that spoke
// otherwise than the exchange.
std::string_view advice(std::string_view verdict, std::string_view (*of)(twinsock::Errc) = advice);

}  // namespace host_sim::tool
