// libslirp, driven by the simulation's clock: its frames in and out, its descriptors, its timer.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <slirp/libslirp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <host_sim/slirp_bridge.hpp>

#include "socket_endpoint.hpp"

namespace host_sim {

namespace {

// Which of the network's addresses libslirp takes: the last two, as the simulation's gateway does.
constexpr uint32_t network = 10u << 24;

in_addr ipv4(uint32_t address) { return {htonl(address)}; }
in6_addr ipv6(uint32_t number) {
  in6_addr address{};
  address.s6_addr[0] = 0xFD;
  address.s6_addr[14] = static_cast<uint8_t>(number >> 8);
  address.s6_addr[15] = static_cast<uint8_t>(number);
  return address;
}

SlirpConfig configuration(uint32_t prefix) {
  const uint32_t hosts = ~uint32_t{0} >> prefix;
  const uint32_t gateway = hosts - 1, name_server = hosts - 2;
  SlirpConfig config{};
  config.version = 4;
  config.in_enabled = true;
  config.vnetwork = ipv4(network);
  config.vnetmask = ipv4(~hosts);
  config.vhost = ipv4(network + gateway);
  config.vnameserver = ipv4(network + name_server);
  config.vdhcp_start = ipv4(network + 1);
  config.in6_enabled = true;
  config.vprefix_addr6 = ipv6(0);
  config.vprefix_len = 64;
  config.vhost6 = ipv6(gateway);
  config.vnameserver6 = ipv6(name_server);
  config.disable_dhcp = true;  // the simulation gives addresses out
  return config;
}

void ignore_broken_pipes() {
  struct sigaction present {};
  if (sigaction(SIGPIPE, nullptr, &present) != 0 || present.sa_handler != SIG_DFL) return;
  signal(SIGPIPE, SIG_IGN);
}

short poll_events(int slirp) {
  int events = 0;
  if ((slirp & SLIRP_POLL_IN) != 0) events |= POLLIN;
  if ((slirp & SLIRP_POLL_OUT) != 0) events |= POLLOUT;
  if ((slirp & SLIRP_POLL_PRI) != 0) events |= POLLPRI;
  return static_cast<short>(events);
}

int slirp_events(short poll) {
  int events = 0;
  if ((poll & POLLIN) != 0) events |= SLIRP_POLL_IN;
  if ((poll & POLLOUT) != 0) events |= SLIRP_POLL_OUT;
  if ((poll & POLLPRI) != 0) events |= SLIRP_POLL_PRI;
  if ((poll & (POLLERR | POLLNVAL)) != 0) events |= SLIRP_POLL_ERR;
  if ((poll & POLLHUP) != 0) events |= SLIRP_POLL_HUP;
  return events;
}

bool is_listening_or_datagram(int descriptor) {
  int type = 0, listens = 0;
  socklen_t size = sizeof type;
  getsockopt(descriptor, SOL_SOCKET, SO_TYPE, &type, &size);
  size = sizeof listens;
  getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size);
  return type == SOCK_DGRAM || listens != 0;
}

}  // namespace

struct SlirpBridge::Callbacks {
  static SlirpBridge& of(void* opaque) { return *static_cast<SlirpBridge*>(opaque); }

  static ssize_t send_packet(const void* bytes, size_t size, void* opaque) {
    of(opaque).give({static_cast<const uint8_t*>(bytes), size});
    return static_cast<ssize_t>(size);
  }
  static void guest_error(const char*, void*) {}  // corrupted frames are what faults are for
  static int64_t clock_get_ns(void* opaque) { return of(opaque).now().count(); }

  // libslirp has one timer, that of its router advertisements.
  static void* timer_new(SlirpTimerCb callback, void* context, void* opaque) {
    of(opaque).on_alarm_ = callback;
    of(opaque).alarm_context_ = context;
    return opaque;
  }
  static void timer_free(void* timer, void*) { of(timer).alarm_ = forever; }
  static void timer_mod(void* timer, int64_t expires_ms, void*) {
    of(timer).alarm_ = std::chrono::milliseconds(expires_ms);
  }
  static void register_descriptor(int, void*) {}
  static void notify(void*) {}

  static int add_wait(int descriptor, int events, void* opaque) {
    SlirpBridge& self = of(opaque);
    if ((events & SLIRP_POLL_OUT) != 0) self.has_unsent_ = true;
    self.wanted_->push_back({descriptor, poll_events(events), 0});
    return static_cast<int>(self.wanted_->size() - self.first_wait_ - 1);
  }
  static int get_events(int index, void* opaque) {
    const auto waits = of(opaque).waits_;
    return static_cast<size_t>(index) < waits.size()
               ? slirp_events(waits[static_cast<size_t>(index)].revents)
               : 0;
  }
};

Expected<std::unique_ptr<SlirpBridge>> SlirpBridge::open(const Simulation& simulation) {
  static const SlirpCb callbacks = [] {
    SlirpCb table{};
    table.send_packet = Callbacks::send_packet;
    table.guest_error = Callbacks::guest_error;
    table.clock_get_ns = Callbacks::clock_get_ns;
    table.timer_new = Callbacks::timer_new;
    table.timer_free = Callbacks::timer_free;
    table.timer_mod = Callbacks::timer_mod;
    table.register_poll_fd = Callbacks::register_descriptor;
    table.unregister_poll_fd = Callbacks::register_descriptor;
    table.notify = Callbacks::notify;
    return table;
  }();
  ignore_broken_pipes();
  std::unique_ptr<SlirpBridge> self(new SlirpBridge);
  const SlirpConfig config = configuration(simulation.options().ipv4_prefix);
  self->slirp_ = slirp_new(&config, &callbacks, self.get());
  if (self->slirp_ == nullptr) return Error{"libslirp does not start"};
  return self;
}

SlirpBridge::~SlirpBridge() {
  if (slirp_ != nullptr) slirp_cleanup(slirp_);
}

Expected<std::string> SlirpBridge::forward(Protocol protocol, const std::string& outside,
                                           const Node& node, uint16_t port) {
  const auto from = parse_socket_endpoint(outside);
  if (!from) return Error{from.error()};
  if (from->family() == AF_UNIX) return Error{"'" + outside + "' is no address and port"};
  const std::string inside =
      from->family() == AF_INET6 ? "[" + node.ipv6() + "]:" : node.ipv4() + ":";
  const auto to = parse_socket_endpoint(inside + std::to_string(port));
  if (!to) return Error{to.error()};

  // The descriptor that is new afterwards is the one that listens: it knows its port.
  const auto descriptors = [this] {
    std::vector<pollfd> waits;
    Duration longest = forever;
    prepare(waits, longest);
    return waits;
  };
  const std::vector<pollfd> before = descriptors();
  const int flags = (protocol == Protocol::udp ? SLIRP_HOSTFWD_UDP : 0) |
                    (from->family() == AF_INET6 ? SLIRP_HOSTFWD_V6ONLY : 0);
  if (slirp_add_hostxfwd(slirp_, from->address(), from->size, to->address(), to->size, flags) !=
      0) {
    return Error{"cannot listen on " + outside + ": " + std::strerror(errno)};
  }
  for (const pollfd& each : descriptors()) {
    const bool known = std::any_of(before.begin(), before.end(),
                                   [&](const pollfd& old) { return old.fd == each.fd; });
    if (known || !is_listening_or_datagram(each.fd)) continue;
    SocketEndpoint own;
    own.size = sizeof own.storage;
    getsockname(each.fd, own.address(), &own.size);
    return socket_endpoint_text(own);
  }
  return Error{"libslirp does not say where it listens"};
}

void SlirpBridge::prepare(std::vector<pollfd>& waits, Duration& longest) {
  wanted_ = &waits;
  first_wait_ = waits.size();
  has_unsent_ = false;
  uint32_t timeout_ms = UINT32_MAX;
  slirp_pollfds_fill(slirp_, &timeout_ms, Callbacks::add_wait, this);
  wanted_ = nullptr;
  if (timeout_ms != UINT32_MAX) {
    longest = std::min<Duration>(longest, std::chrono::milliseconds(timeout_ms));
  }
  if (alarm_ != forever) longest = std::min(longest, std::max(Duration(0), alarm_ - now()));
}

void SlirpBridge::handle(std::span<const pollfd> waits) {
  waits_ = waits;
  slirp_pollfds_poll(slirp_, 0, Callbacks::get_events, this);
  waits_ = {};
  if (alarm_ > now()) return;
  alarm_ = forever;
  on_alarm_(alarm_context_);
}

bool SlirpBridge::take(std::span<const uint8_t> frame) {
  slirp_input(slirp_, frame.data(), static_cast<int>(frame.size()));
  return true;
}

}  // namespace host_sim
