// The arguments of a role, checked strictly: a mistake is one line that says what is allowed.
#include "arguments.hpp"

#include <algorithm>
#include <charconv>

#include "text.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

namespace {

constexpr std::string_view allowed_words =
    "peer=, closed=, listen=, family=, deadline=, wait=, say=, interactive=, host=, everyone=, "
    "interface= or local=";
constexpr std::string_view allowed_endpoint =
    "ADDRESS:PORT, as 10.0.0.2:5005 or [2001:db8::2]:5005";

class Parser {
 public:
  Parser(RoleContext& context, Arguments& arguments) : context_(context), arguments_(arguments) {}

  bool parse(std::string_view argument) {
    const std::size_t equals = argument.find('=');
    argument_ = argument;
    value_ = equals == argument.npos ? std::string_view() : argument;
    if (equals == argument.npos) return mistake(allowed_words);
    value_.remove_prefix(equals + 1);
    const std::string_view key(argument.data(), equals);
    if (key == "peer") return remote(arguments_.peer);
    if (key == "closed") return remote(arguments_.closed);
    if (key == "listen") return local();
    if (key == "family") return family();
    if (key == "deadline") return deadline();
    if (key == "wait") return wait();
    if (key == "interactive") return word("yes", "interactive=yes", arguments_.interactive);
    if (key == "say") return say();
    if (key == "host") return host();
    if (key == "everyone") return everyone();
    if (key == "interface") return interface();
    if (key == "local") return local_name();
    return mistake(allowed_words);
  }

  bool mistake(std::string_view allowed) {
    Line<250> line("argument \"");
    char shown[80];
    const std::string_view part = whole_characters(argument_, sizeof shown);
    std::copy(part.begin(), part.end(), shown);
    make_printable({shown, part.size()});
    line.add(std::string_view(shown, part.size()));
    line.add("\": allowed is ");
    line.add(allowed);
    context_.log(line);
    return false;
  }

  // `listen` may be an empty address of a family that only a later argument names.
  bool finish(Side side) {
    Family& family = arguments_.family;
    if (side == Side::client) {
      if (arguments_.peer.family() == Family::unspecified && arguments_.local.empty()) {
        context_.log(Line<160>("a client needs peer=", allowed_endpoint));
        return false;
      }
      if (family == Family::unspecified) family = arguments_.peer.family();
      return agrees("peer", arguments_.peer) && agrees("closed", arguments_.closed);
    }
    if (listen_.starts_with(':') || listen_.empty()) {
      if (family == Family::unspecified) family = Family::inet;
      argument_ = listen_;
      const auto parsed = Endpoint::parse(listen_.empty() ? ":5005" : listen_, family);
      if (!parsed) return mistake(allowed_listen);
      arguments_.listen = *parsed;
    }
    if (family == Family::unspecified) family = arguments_.listen.family();
    return agrees("listen", arguments_.listen);
  }

 private:
  static constexpr std::string_view allowed_listen =
      "ADDRESS:PORT or, for every address, :PORT, with a port of 0 to 65535";

  bool agrees(std::string_view what, const Endpoint& endpoint) {
    if (endpoint.family() == Family::unspecified || endpoint.family() == arguments_.family) {
      return true;
    }
    context_.log(Line(what, "= is an address of ", name(endpoint.family()), ", family= is ",
                      name(arguments_.family), ": allowed is one of the two"));
    return false;
  }

  bool remote(Endpoint& endpoint) {
    const auto parsed = Endpoint::parse(value_);
    if (!parsed || value_.starts_with(':') || parsed->port() == 0) return mistake(allowed_endpoint);
    endpoint = *parsed;
    return true;
  }

  bool local() {
    listen_ = value_;
    if (value_.starts_with(':')) return true;  // checked in finish
    const auto parsed = Endpoint::parse(value_);
    if (!parsed) return mistake(allowed_listen);
    arguments_.listen = *parsed;
    return true;
  }

  bool family() {
    if (value_ != "inet" && value_ != "inet6") return mistake("family=inet or family=inet6");
    arguments_.family = value_ == "inet" ? Family::inet : Family::inet6;
    return true;
  }

  bool deadline() {
    if (value_ == "none") {
      arguments_.deadline = Timeout::none();
      return true;
    }
    std::int32_t ms = 0;
    const auto [end, error] = std::from_chars(value_.data(), value_.data() + value_.size(), ms);
    if (error != std::errc() || end != value_.data() + value_.size() || ms < 1 ||
        ms > Timeout::longest_ms) {
      return mistake("deadline=none or 1 to 2147483646, in milliseconds");
    }
    arguments_.deadline = Timeout::from_ms(ms);
    return true;
  }

  bool wait() {
    arguments_.wait_for_clients = value_ == "clients";
    arguments_.wait_for_client = arguments_.wait_for_clients || value_ == "client";
    return arguments_.wait_for_client || mistake("wait=client or wait=clients");
  }

  bool word(std::string_view wanted, std::string_view allowed, bool& flag) {
    flag = value_ == wanted;
    return flag || mistake(allowed);
  }

  bool say() {
    if (arguments_.say_count == arguments_.say.size()) return mistake("say= at most 16 times");
    arguments_.say[arguments_.say_count++] = value_;
    return true;
  }

  bool host() {
    arguments_.host = value_;
    return (!value_.empty() && value_.size() <= 253) || mistake("host=NAME of 1 to 253 bytes");
  }

  bool everyone() {
    const auto parsed = IpAddress::parse(value_);
    if (!parsed || parsed->family() != Family::inet) return mistake("everyone=IPV4-ADDRESS");
    arguments_.everyone = *parsed;
    return true;
  }

  bool interface() {
    const auto [end, error] =
        std::from_chars(value_.data(), value_.data() + value_.size(), arguments_.interface);
    const bool whole = end == value_.data() + value_.size();
    return (error == std::errc() && whole) || mistake("interface=0 to 4294967295, an index");
  }

  bool local_name() {
    arguments_.local = value_;
    return value_.size() > 1 || mistake("local=@NAME or local=PATH, with a / in it");
  }

  RoleContext& context_;
  Arguments& arguments_;
  std::string_view argument_;
  std::string_view value_;
  std::string_view listen_;
};

}  // namespace

bool parse_arguments(RoleContext& context, Side side, Arguments& arguments) {
  Parser parser(context, arguments);
  for (const std::string_view argument : context.arguments()) {
    if (!parser.parse(argument)) return false;
  }
  return parser.finish(side);
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
