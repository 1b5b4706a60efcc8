// The reading of words that people typed: every refusal says what is allowed.
#include "arguments.hpp"

#include <fmt/format.h>

#include <charconv>

#include <host_sim/time.hpp>

#include "exchanges/local.hpp"
#include "text.hpp"

namespace host_sim::tool {

namespace {

using std::chrono::milliseconds;

constexpr std::size_t most_lines = 16;
constexpr std::size_t longest_line = 500;
constexpr milliseconds longest_deadline = std::chrono::hours(24 * 24);

template <class Number>
bool parse_whole(std::string_view text, Number& number) {
  const char* end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, number);
  return error == std::errc() && stopped == end;
}

bool all_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// Why Endpoint::parse refused the word.
std::string what_is_wrong_with(std::string_view word) {
  const std::size_t colon = word.rfind(':');
  if (colon == std::string_view::npos || word.ends_with(']') || colon + 1 == word.size()) {
    return fmt::format("'{}' has no port", word);
  }
  const std::string_view address = word.substr(0, colon);
  const std::string_view port = word.substr(colon + 1);
  const bool bracketed = address.starts_with('[') && address.ends_with(']');
  if (!bracketed && address.find(':') != std::string_view::npos) {
    return fmt::format("an IPv6 address stands in brackets: '[{}]:{}'", address, port);
  }
  if (!all_digits(port)) return fmt::format("'{}' is not a port", port);
  std::uint32_t number = 0;
  if (!parse_whole(port, number) || number > 65535) {
    return fmt::format("port {} is out of range", port);
  }
  if (bracketed) return fmt::format("'{}' is not an IPv6 address", address);
  return fmt::format("'{}' is not an IPv4 address (names are not looked up)", address);
}

Endpoint parse_endpoint(const std::string& word, Family family_if_empty, std::string_view allowed) {
  const auto endpoint = Endpoint::parse(word, family_if_empty);
  if (endpoint) return *endpoint;
  throw UsageError(fmt::format("{}; {}", what_is_wrong_with(word), allowed));
}

}  // namespace

std::vector<std::string_view> exchange_names() {
  std::vector<std::string_view> names;
  for (const Exchange& exchange : twinsock::exchanges::all()) names.emplace_back(exchange.name);
  return names;
}

const Exchange& parse_exchange(const std::string& word) {
  const std::vector<std::string_view> names = exchange_names();
  if (word.empty()) {
    throw UsageError(fmt::format("EXCHANGE is missing; it is one of: {}", joined(names)));
  }
  if (const Exchange* exchange = twinsock::exchanges::find(word)) return *exchange;
  throw UsageError(fmt::format("there is no exchange '{}'{} It is one of: {}", word,
                               nearest(word, names).empty() ? "." : suggestion(word, names),
                               joined(names)));
}

Family parse_family(const std::string& word) {
  if (word == "inet") return Family::inet;
  if (word == "inet6") return Family::inet6;
  throw UsageError(fmt::format("--family: '{}' is not a family; allowed: inet, inet6", word));
}

std::uint64_t parse_seed(const std::string& word) {
  std::uint64_t seed = 0;
  if (all_digits(word) && parse_whole(word, seed)) return seed;
  throw UsageError(
      fmt::format("--seed: '{}' is not a seed; allowed: 0 to 18446744073709551615", word));
}

milliseconds parse_deadline(const std::string& word) {
  const auto parsed = parse_duration(all_digits(word) ? word + "s" : word);
  if (parsed && *parsed >= milliseconds(1) && *parsed <= longest_deadline) {
    return std::chrono::ceil<milliseconds>(*parsed);
  }
  throw UsageError(fmt::format(
      "--deadline: '{}' is not a time; allowed: 1ms to 24d, as in 500ms, 10s, 2min, 1h", word));
}

Endpoint parse_listen(const std::string& word, std::optional<Family> family) {
  constexpr std::string_view allowed =
      "--listen takes ADDR:PORT with a port of 0 to 65535 (0: any free one), as in 127.0.0.1:5000, "
      "[::1]:5000 or :5000";
  if (word.empty()) throw UsageError(fmt::format("--listen is missing; {}", allowed));
  const Endpoint endpoint = parse_endpoint(word, family.value_or(Family::inet), allowed);
  if (family && endpoint.family() != *family) {
    throw UsageError(
        fmt::format("--listen {} is not of --family {}; leave --family out, it only "
                    "serves an empty ADDR, as in :5000",
                    word, twinsock::name(*family)));
  }
  return endpoint;
}

Endpoint parse_peer(const std::string& word, bool has_port) {
  constexpr std::string_view allowed =
      "ADDR:PORT takes an address and a port of 1 to 65535, as in 127.0.0.1:5000 or [::1]:5000";
  if (word.empty()) throw UsageError(fmt::format("ADDR:PORT is missing; {}", allowed));
  const Endpoint endpoint = parse_endpoint(word, Family::inet, allowed);
  if (word.starts_with(':') || endpoint.address().is_any()) {
    throw UsageError(fmt::format("'{}' names no one server; {}", word, allowed));
  }
  if (endpoint.port() == 0 && has_port) {
    throw UsageError(fmt::format("port 0 is out of range; {}", allowed));
  }
  return endpoint;
}

std::string parse_local_name(const std::string& word, std::string_view what) {
  const std::string allowed = fmt::format(
      "{} takes a path with a / in it, as in /run/echo.sock or ./echo.sock, or @NAME, an abstract "
      "name; of 101 bytes at most",
      what);
  if (word.empty()) throw UsageError(fmt::format("{} is missing; {}", what, allowed));
  const auto name = twinsock::exchanges::parse_local(word);
  if (!name || !twinsock::exchanges::datagram_name(*name)) {
    throw UsageError(
        fmt::format("'{}' is no name of a local socket; {}", printable(word), allowed));
  }
  return word;
}

bool takes_ports(const Exchange& exchange) {
  using twinsock::exchanges::Finds;
  using twinsock::exchanges::Over;
  return exchange.over == Over::ip && exchange.type != twinsock::Type::raw &&
         exchange.finds != Finds::by_group && exchange.finds != Finds::by_broadcast;
}

bool is_chat(const Exchange& exchange) {
  return std::string_view(exchange.name).ends_with("_chat");
}

void check_family(const Exchange& exchange, Family family) {
  if (const char* why = twinsock::exchanges::lacking(exchange, family)) {
    throw UsageError(
        fmt::format("{} is not available in {}: {}", exchange.name, twinsock::name(family), why));
  }
}

void check_over_lwip(const Exchange& exchange, Family family) {
  if (const char* why = twinsock::exchanges::lacking_over_lwip(exchange, family)) {
    throw UsageError(fmt::format("{} is not available on a node or a board, {}: {}", exchange.name,
                                 twinsock::name(family), why));
  }
}

void check_say(const std::vector<std::string>& lines, const Exchange& exchange) {
  if (lines.empty()) return;
  if (!is_chat(exchange)) {
    throw UsageError(fmt::format("--say: {} says its own lines; --say is for tcp_chat and udp_chat",
                                 exchange.name));
  }
  if (lines.size() > most_lines) {
    throw UsageError(fmt::format("--say: {} lines; allowed: 1 to {}", lines.size(), most_lines));
  }
  for (const std::string& line : lines) {
    if (line.empty() || line.size() > longest_line) {
      throw UsageError(fmt::format("--say: the line '{}' has {} bytes; allowed: 1 to {}",
                                   printable(line.substr(0, 20)), line.size(), longest_line));
    }
  }
}

}  // namespace host_sim::tool
