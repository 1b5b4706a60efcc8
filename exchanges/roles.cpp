// The exchanges as roles of a program: "tcp_echo.client" with text arguments, and so on.
#include <array>
#include <utility>

#include "arguments.hpp"
#include "exchange.hpp"
#include "local.hpp"
#include "name_server.hpp"
#include "table.hpp"
#include "text.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

namespace {

constexpr int passed = 0;
constexpr int failed = 1;
constexpr int misused = 2;

// A server whose every wait for a client fails at once lets others run.
constexpr Timeout pause_after_failure = Timeout::from_ms(10);

// Each part in a function of its own, as the stack of a role on a small board is short: what these
// need is given back before the exchange begins, or after it has ended.
[[gnu::noinline]] int conclude(RoleContext& context, const Verdict& verdict) {
  if (verdict.passed) return passed;
  context.log(Line<340>("failed at ", verdict.step, ": expected ", verdict.expected, ", came ",
                        verdict.came));
  return failed;
}

Result<Socket> listen_locally(RoleContext& context, std::string_view local) {
  Result<Socket> listening = open_local_server(local);
  if (!listening) return listening;
  if (const auto name = local_name(*listening); name) {
    context.log(Line<130>("listening on ", std::string_view(text_of(*name))));
  }
  return listening;
}

[[gnu::noinline]] Socket listen(RoleContext& context, const Exchange& exchange,
                                const Arguments& arguments) {
  const bool by_name = exchange.over == Over::local;
  Result<Socket> listening =
      by_name ? listen_locally(context, arguments.local) : open_server(exchange, arguments.listen);
  if (!listening) {
    const auto endpoint = arguments.listen.to_text();
    const std::string_view where = by_name ? "a local socket" : endpoint.view();
    conclude(context, Verdict::failed("listen", where, listening.error()));
    return {};
  }
  if (by_name) return std::move(*listening);
  if (const auto actual = listening->getsockname(); actual && exchange.type != Type::raw) {
    context.log(Line("listening on ", actual->to_text()));
  }
  return std::move(*listening);
}

Run make_run(RoleContext& context, const Arguments& arguments) {
  return {.context = context,
          .deadline = Deadline(arguments.deadline),
          .peer = arguments.peer,
          .closed = arguments.closed,
          .say = std::span(arguments.say).first(arguments.say_count),
          .interactive = arguments.interactive,
          .host = arguments.host,
          .everyone = arguments.everyone,
          .interface = arguments.interface,
          .local = arguments.local};
}

int run_client(const Exchange& exchange, RoleContext& context) {
  Arguments arguments;
  if (!parse_arguments(context, Side::client, arguments)) return misused;
  Run run = make_run(context, arguments);
  return conclude(context, exchange.client(run));
}

int run_server(const Exchange& exchange, RoleContext& context) {
  Arguments arguments;
  if (!parse_arguments(context, Side::server, arguments)) return misused;
  Socket listening = listen(context, exchange, arguments);
  if (!listening.is_open()) return failed;
  for (;;) {
    Run run = make_run(context, arguments);
    if (arguments.wait_for_client) run.after_arrival = arguments.deadline;
    const int status = conclude(context, exchange.server(run, listening));
    if (!arguments.wait_for_clients) return status;
    if (status == passed) {
      context.log("passed");
    } else {
      sleep_for(pause_after_failure);
    }
  }
}

template <std::size_t index>
int client(RoleContext& context) {
  return run_client(table[index], context);
}
template <std::size_t index>
int server(RoleContext& context) {
  return run_server(table[index], context);
}

// "tcp_echo" and ".client", put together at compile time.
struct Name {
  constexpr Name(std::string_view exchange, std::string_view side) {
    std::size_t size = 0;
    for (const char c : exchange) chars[size++] = c;
    for (const char c : side) chars[size++] = c;
  }
  char chars[32] = {};
};

template <std::size_t index>
inline constexpr Name client_name{table[index].name, ".client"};
template <std::size_t index>
inline constexpr Name server_name{table[index].name, ".server"};

template <std::size_t index>
constexpr Role client_role() {
  return {client_name<index>.chars, client<index>, table[index].summary};
}
template <std::size_t index>
constexpr Role server_role() {
  return {server_name<index>.chars, server<index>, table[index].summary};
}

template <std::size_t... index>
constexpr std::array<Role, role_count> make_roles(std::index_sequence<index...>) {
  std::array<Role, role_count> roles{};
  ((roles[2 * index] = client_role<index>(), roles[2 * index + 1] = server_role<index>()), ...);
  return roles;
}

constexpr std::array<Role, role_count + 1> with_name_server(
    const std::array<Role, role_count>& roles) {
  std::array<Role, role_count + 1> more{};
  for (std::size_t i = 0; i < role_count; ++i) more[i] = roles[i];
  more[role_count] = {"name_server", name_server, "answers questions for names"};
  return more;
}

}  // namespace

constinit const std::array<Role, role_count> role_table =
    make_roles(std::make_index_sequence<exchange_count>());
constinit const std::array<Role, role_count + 1> node_role_table =
    with_name_server(make_roles(std::make_index_sequence<exchange_count>()));

std::span<const Role> roles() { return role_table; }

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
