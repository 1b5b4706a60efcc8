// Arguments: what was typed after `host_sim`, and the reading of each word with an answer for
// people when it is wrong.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "exchanges/exchange.hpp"

namespace host_sim::tool {

using twinsock::Endpoint;
using twinsock::Family;
using twinsock::exchanges::Exchange;

// Wrong use: what() says what was wrong and what is allowed, in one line. Exit status 2.
class UsageError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// An option of the simulated network as it was typed, kept for the replay line.
struct GivenOption {
  std::string name;   // "--loss"
  std::string value;  // "5%"; "" for a flag
};

struct Arguments {
  std::vector<std::string> exchanges;
  std::string endpoint;  // serve: --listen; connect: ADDR:PORT
  std::string world = "posix";
  std::string worlds = "posix,sim";
  std::optional<std::string> family;
  std::string seed = "1";
  std::optional<std::string> deadline;
  std::optional<std::string> transcript;
  std::vector<std::string> say;
  bool interactive = false;
  bool once = false;
  bool show = false;

  // sweep, merge
  std::string seeds;
  std::optional<std::string> jobs;
  std::optional<std::string> shard;
  std::optional<std::string> junit;
  bool strict = false;
  std::vector<std::string> files;

  // The worlds with a board only.
  std::optional<std::string> as;        // the first partner's role
  std::optional<std::string> firmware;  // where images are
  std::optional<std::string> serial;    // a board on the desk
  std::optional<std::string> board_at;  // where this host reaches it, if not where it says
  std::optional<std::string> host_at;   // how it reaches this host, if not as this host says

  // The simulated world, and a board's link to a partner.
  std::vector<GivenOption> network;  // in the order of the help page
  std::optional<std::string> image;
  std::optional<std::string> profile;
  std::optional<std::string> pcap;
  std::optional<std::string> tap;  // serve, connect
  std::optional<std::string> report;
  bool chaos = false;  // the seed chooses the network's faults
  bool trace = false;
  bool sockets = false;
  bool hash = false;
};

const Exchange& parse_exchange(const std::string& word);
Family parse_family(const std::string& word);
// 0 … 18,446,744,073,709,551,615.
std::uint64_t parse_seed(const std::string& word);
// "10", "10s", "500ms", "2min", "1h": 1 ms … 24 d; a number alone is seconds.
std::chrono::milliseconds parse_deadline(const std::string& word);
// Where a server listens; an empty address is every address of `family`, inet if that is not given.
Endpoint parse_listen(const std::string& word, std::optional<Family> family);
// Whom a client connects to: an address and a port from 1; raw sockets have none.
Endpoint parse_peer(const std::string& word, bool has_port = true);
// Where a server of local names listens, or whom its client connects to; `what` was its word.
std::string parse_local_name(const std::string& word, std::string_view what);
// Lines to say: at most 16, of 1 to 500 bytes each, as the exchanges take them in every world.
void check_say(const std::vector<std::string>& lines, const Exchange& exchange);

bool is_chat(const Exchange& exchange);
// Whether forwarded ports of TCP and UDP are enough for it: pings, groups, broadcasts, frames and
// local names have none.
bool takes_ports(const Exchange& exchange);
// UsageError if there is no such exchange in that family; on a node or a board.
void check_family(const Exchange& exchange, Family family);
void check_over_lwip(const Exchange& exchange, Family family);
std::vector<std::string_view> exchange_names();

}  // namespace host_sim::tool
