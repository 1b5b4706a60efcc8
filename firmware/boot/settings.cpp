// name=value words.
#include "boot/settings.hpp"

namespace firmware {
namespace {

using twinsock::Family;
using twinsock::IpAddress;

bool parse_address(std::string_view text, Family family, IpAddress& address) {
  const auto parsed = IpAddress::parse(text);
  if (!parsed || parsed->family() != family) return false;
  address = *parsed;
  return true;
}

bool parse_network(std::string_view text, NetworkSettings& network) {
  if (text == "dhcp") return true;
  const std::size_t slash = text.find('/');
  if (slash != text.npos) {
    const long prefix = parse_number(text.substr(slash + 1), 1, 32);
    if (prefix < 0) return false;
    network.prefix = static_cast<unsigned>(prefix);
    text = text.substr(0, slash);
  }
  return parse_address(text, Family::inet, network.ipv4);
}

// "" or what is allowed.
std::string_view take(std::string_view name, std::string_view value, Settings& settings) {
  if (name == "seed") {
    settings.seed = value;
    return value.empty() ? "seed=TEXT, one character or more" : "";
  }
  if (name == "net") {
    settings.has_network = value == "on";
    return value == "on" || value == "off" ? "" : "net=on or net=off";
  }
  if (name == "ip") {
    return parse_network(value, settings.network) ? ""
                                                  : "ip=dhcp or ip=ADDR/BITS, as ip=10.0.0.2/24";
  }
  if (name == "gateway") {
    return parse_address(value, Family::inet, settings.network.gateway)
               ? ""
               : "gateway=ADDR, an IPv4 address";
  }
  if (name == "ip6") {
    return parse_address(value, Family::inet6, settings.network.ipv6) ? ""
                                                                      : "ip6=ADDR, an IPv6 address";
  }
  return "seed=, ip=, gateway=, ip6= and net=";
}

}  // namespace

std::string_view take_settings(std::span<const std::string_view>& words, Settings& settings) {
  for (; !words.empty(); words = words.subspan(1)) {
    const std::size_t equals = words.front().find('=');
    if (equals == std::string_view::npos) break;
    const std::string_view allowed =
        take(words.front().substr(0, equals), words.front().substr(equals + 1), settings);
    if (!allowed.empty()) return allowed;
  }
  return "";
}

std::size_t split_words(std::span<char> line, std::span<std::string_view> words) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < line.size();) {
    if (line[i] == ' ') {
      ++i;
      continue;
    }
    const std::size_t begin = i;
    std::size_t end = i;
    for (bool is_quoted = false; i < line.size() && (is_quoted || line[i] != ' '); ++i) {
      if (line[i] == '"') {
        is_quoted = !is_quoted;
      } else {
        line[end++] = line[i];
      }
    }
    if (count < words.size()) words[count] = {line.data() + begin, end - begin};
    ++count;
  }
  return count;
}

long parse_number(std::string_view text, long low, long high) {
  if (text.empty() || text.size() > 9) return -1;
  long value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return -1;
    value = 10 * value + (c - '0');
  }
  return value >= low && value <= high ? value : -1;
}

}  // namespace firmware
