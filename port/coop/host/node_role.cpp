// The role on its thread, and the context in which it runs.
#include <array>
#include <cstring>

#include "coop/host/node_internal.hpp"
#include "lwip/dns.h"
#include "lwip/opt.h"
#include "lwip/tcpip.h"

namespace twinsock::coop {
namespace {

constexpr std::size_t argument_limit = 64;
constinit std::array<std::string_view, argument_limit> arguments{};
constinit std::size_t argument_count = 0;
constinit char argument_text[8192]{};

class NodeContext final : public RoleContext {
 public:
  std::span<const std::string_view> arguments() const override {
    return {coop::arguments.data(), argument_count};
  }

  IpAddress address(Family family) const override {
#if LWIP_IPV4
    const ip4_addr_t* v4 = netif_ip4_addr(&node.interface);
    if (family == Family::inet && !ip4_addr_isany(v4)) {
      return IpAddress::v4(ip4_addr1(v4), ip4_addr2(v4), ip4_addr3(v4), ip4_addr4(v4));
    }
#endif
#if LWIP_IPV6
    for (s8_t i = LWIP_IPV6_NUM_ADDRESSES - 1; family == Family::inet6 && i >= 0; --i) {
      if (!ip6_addr_isvalid(netif_ip6_addr_state(&node.interface, i))) continue;
      const ip6_addr_t* v6 = netif_ip6_addr(&node.interface, i);  // the first is link-local
      std::array<std::uint8_t, 16> bytes;
      std::memcpy(bytes.data(), v6->addr, bytes.size());
      return IpAddress::v6(bytes, netif_get_index(&node.interface));
    }
#endif
    return {};
  }

  void report(std::string_view line) override { emit(TWINSOCK_EVENT_REPORT, 0, line); }
  void log(std::string_view line) override { emit(TWINSOCK_EVENT_LOG, 0, line); }

  void ready() override {
    if (!node.ready) emit(TWINSOCK_EVENT_READY, 0, {});
    node.ready = true;
  }

  int ask(std::string_view, std::span<char>) override { return -1; }  // nobody types
};

}  // namespace

bool copy_arguments(const char* const* words, std::size_t count) {
  if (count > argument_limit) return false;
  std::size_t used = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t size = std::strlen(words[i]);
    if (size > sizeof argument_text - used) return false;
    std::memcpy(argument_text + used, words[i], size);
    arguments[i] = {argument_text + used, size};
    used += size;
  }
  argument_count = count;
  return true;
}

namespace {

// "dns=10.0.0.3" among a role's words is for the node: the name server that its resolver asks.
void set_name_server() {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < argument_count; ++i) {
    if (!arguments[i].starts_with("dns=")) {
      arguments[kept++] = arguments[i];
      continue;
    }
    char text[48] = {};
    arguments[i].substr(4).copy(text, sizeof text - 1);
    ip_addr_t address;
    if (ipaddr_aton(text, &address) == 0) panic("dns= is not an address", __FILE__, __LINE__);
    LOCK_TCPIP_CORE();
    dns_setserver(0, &address);
    UNLOCK_TCPIP_CORE();
  }
  argument_count = kept;
}

}  // namespace

void run_role(void*) {
  set_name_server();
  NodeContext context;
  const int status = node.role->run(context);
  emit(TWINSOCK_EVENT_FINISHED, status, {});
}

}  // namespace twinsock::coop
