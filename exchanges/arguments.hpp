// The arguments of a role: "peer=10.0.0.2:5005" and the like, checked.
#pragma once

#include <array>

#include "exchange.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

enum class Side : bool { client, server };

struct Arguments {
  Endpoint peer;
  Endpoint closed;
  Endpoint listen;
  Family family = Family::unspecified;
  Timeout deadline = Timeout::from_ms(10'000);
  bool wait_for_client = false;
  bool wait_for_clients = false;  // and for the next one, and so on
  bool interactive = false;
  std::array<std::string_view, 16> say;
  std::size_t say_count = 0;
  std::string_view host;
  IpAddress everyone;
  std::uint32_t interface = 0;
  std::string_view local;
};

// False: there was a mistake, and it has been logged with what is allowed.
bool parse_arguments(RoleContext& context, Side side, Arguments& arguments);

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
