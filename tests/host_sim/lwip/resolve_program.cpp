// A node that looks a name up, or connects by name, and says what came of it and when.
#include <array>
#include <chrono>
#include <string_view>

#include <twinsock/clock.hpp>
#include <twinsock/connection.hpp>
#include <twinsock/program.hpp>
#include <twinsock/resolve.hpp>

namespace {

using twinsock::AddressInfo;
using twinsock::Errc;
using twinsock::Family;
using twinsock::RoleContext;
using twinsock::Socket;

using Line = twinsock::FixedText<256>;

// "FAMILY" of "family=FAMILY".
std::string_view value_of(RoleContext& context, std::string_view key) {
  for (const std::string_view word : context.arguments()) {
    if (word.starts_with(key)) return word.substr(key.size());
  }
  return {};
}

Family family_of(RoleContext& context) {
  const std::string_view family = value_of(context, "family=");
  return family == "inet" ? Family::inet : family == "inet6" ? Family::inet6 : Family::unspecified;
}

void append(Line& line, std::uint32_t number) {
  if (number >= 10) append(line, number / 10);
  const char digit = static_cast<char>('0' + number % 10);
  line.append({&digit, 1});
}

// "name_not_found after 7000 ms", or "fd00::2 10.0.0.2 after 3 ms".
void report(RoleContext& context, std::string_view outcome, std::uint32_t began_ms) {
  const std::uint32_t took_ms = twinsock::now_ms() - began_ms;
  Line line;
  line.append(outcome);
  line.append(" after ");
  append(line, took_ms);
  line.append(" ms");
  context.report(line);
}

void look_up(RoleContext& context) {
  std::array<AddressInfo, 4> room;
  const std::uint32_t began_ms = twinsock::now_ms();
  const auto found =
      twinsock::getaddrinfo("device.test", "http", room, {.family = family_of(context)});
  Line outcome;
  if (!found) {
    outcome.append(name(found.error().code()));
  } else {
    for (const AddressInfo& each : *found) {
      if (&each != found->data()) outcome.append(" ");
      outcome.append(each.endpoint.address().to_text());
    }
  }
  report(context, outcome, began_ms);
}

int ask(RoleContext& context) {
  look_up(context);
  if (value_of(context, "twice=") == "yes") look_up(context);
  return 0;
}

int ask_host(RoleContext& context) {
  const std::uint32_t began_ms = twinsock::now_ms();
  const auto found = twinsock::gethostbyname("device.test");
  if (found) {
    report(context, found->to_text(), began_ms);
  } else {
    report(context, name(found.error().code()), began_ms);
  }
  return 0;
}

int connect(RoleContext& context) {
  const std::uint32_t began_ms = twinsock::now_ms();
  const auto socket = twinsock::create_connection(
      "device.test", "http", {.timeout = std::chrono::seconds(3), .family = family_of(context)});
  report(context, socket ? "connected" : name(socket.error().code()), began_ms);
  return 0;
}

// Takes connections at the port of http until its node is switched off.
int device(RoleContext& context) {
  auto listener =
      twinsock::create_server({twinsock::IpAddress::any(Family::inet6), 80}, {.dual_stack = true});
  if (!listener) return 1;
  context.ready();
  for (;;) (void)listener->accept();
}

constexpr twinsock::Role roles[] = {
    {"getaddrinfo", ask, "looks device.test up"},
    {"gethostbyname", ask_host, "looks device.test up, for IPv4"},
    {"create_connection", connect, "connects to device.test within three seconds"},
    {"device", device, "a server at port 80"},
};

}  // namespace

TWINSOCK_PROGRAM(roles)
