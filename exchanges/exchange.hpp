// An exchange: a client role and a server role that talk with each other, the same in every world.
//
// Roles are portable code over twinsock::Socket. They take what they need from a Run, report each
// line of their transcript through it, and return a Verdict. A transcript holds nothing that a
// world chooses: no address, port or time. On the wire there is no framing: one message, one
// answer.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include <twinsock/clock.hpp>
#include <twinsock/program.hpp>
#include <twinsock/socket.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

// How a role ended. A failure names the step, what was expected and what came, for people.
struct Verdict {
  bool passed = true;
  FixedText<48> step;
  FixedText<96> expected;
  FixedText<112> came;

  static Verdict ok() { return {}; }
  static Verdict failed(std::string_view step, std::string_view expected, std::string_view came);
  static Verdict failed(std::string_view step, std::string_view expected, Error error);
};

// What one role gets to work with. Lives while the role runs.
struct Run {
  RoleContext& context;  // report(), ready() (servers call it), ask()
  Deadline deadline;     // of the whole exchange; roles give the rest of it to every call
  Endpoint peer{};       // client: the server
  Endpoint closed{};     // client of tcp_refused: where nobody listens
  std::span<const std::string_view> say{};  // chat: the client's lines; empty: the exchange's own
  bool interactive = false;                 // chat: a person types them, through ask()
  // Server: if set, it waits for its client without limit, and only then `deadline` becomes this.
  Timeout after_arrival = Timeout::none();
  std::string_view host{};      // client of dns_connect: the server's name; empty: its address
  IpAddress everyone{};         // client of udp_broadcast; none: 255.255.255.255
  std::uint32_t interface = 0;  // of groups and frames, by its number; 0: the world's choice
  std::string_view local{};     // client of unix_echo: the server's name, as parse_local takes it
};

// How a client comes to its server.
enum class Finds : std::uint8_t { by_address, by_name, by_group, by_broadcast };

// What carries it: IP, Ethernet's own frames (packet.hpp), or names of one host (unix.hpp).
enum class Over : std::uint8_t { ip, ethernet, local };

struct Exchange {
  const char* name;
  const char* summary;
  Type type;  // what the server's socket is; raw: of ICMP or ICMPv6
  Verdict (*client)(Run& run);
  // Serves one whole exchange. Calls context.ready() itself, as soon as its client may start. The
  // socket is open and can serve the next client afterwards.
  Verdict (*server)(Run& run, Socket& listening);
  Finds finds = Finds::by_address;
  Over over = Over::ip;
};

std::span<const Exchange> all();
const Exchange* find(std::string_view name);  // nullptr: no such exchange

// Why there is no such exchange in that family, in any world; nullptr: there is. What is not over
// IP counts as of Family::inet.
const char* lacking(const Exchange& exchange, Family family);
// The same of nodes and boards, whose sockets are lwIP's.
const char* lacking_over_lwip(const Exchange& exchange, Family family);

// The server's socket, bound. A stream listens, with reuse_address set (a datagram socket goes
// without: there it would let two servers share a port). Where clients ask a group or everyone, it
// is bound to every address and `local`'s port. Over ethernet too: frames carry that port, so that
// the servers of one host are told apart.
Result<Socket> open_server(const Exchange& exchange, const Endpoint& local);
// The same over local names, by local.hpp's words for them; "": a free abstract name.
Result<Socket> open_local_server(std::string_view local);

// The same as roles of a program, for nodes and boards: "tcp_echo.client", "tcp_echo.server", with
// these arguments in any order. A mistake is logged with what is allowed, and the role returns 2; a
// failed exchange is logged with its verdict, and the role returns 1.
//   peer=10.0.0.2:5005   client: the server; IPv6 in brackets
//   closed=10.0.0.2:1    client of tcp_refused: where nobody listens (default: port 1 of the peer)
//   listen=:5005         server: its own address, empty for every one (default: :5005)
//   family=inet          inet or inet6 (default: the peer's or listen's own, else inet)
//   deadline=10000       of the whole exchange, in milliseconds, or none (default: 10000)
//   wait=client          server: waits without limit; the deadline begins when a client arrives
//   wait=clients         server: the same for client after client, without end; each exchange logs
//                        "passed" or its verdict
//   say=TEXT             chat: one line of the client's, at most 16 times
//   interactive=yes      chat: a person types, at the console
//   host=server.test     client of dns_connect: the server's name (default: its address)
//   everyone=10.0.0.255  client of udp_broadcast: whom it asks (default: 255.255.255.255)
//   interface=1          of multicast_discovery and packet_echo, by its number (default: 0, the
//                        stack's choice)
//   local=@NAME          unix_echo: the server's name, abstract, or a path with a / in it (server's
//                        default: a free abstract one)
inline constexpr std::size_t role_count = 40;
extern const std::array<Role, role_count> role_table;
// The same for simulated nodes, and the name server that they may ask (name_server.hpp).
extern const std::array<Role, role_count + 1> node_role_table;
std::span<const Role> roles();

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
