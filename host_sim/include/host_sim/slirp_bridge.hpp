// SlirpBridge: joins a simulated network to the desktop's own sockets, without root, by libslirp.
//
//   Node& server = simulation.add_node(image, {.role = "tcp_echo.server", .gateway = true});
//   auto desktop = *SlirpBridge::open(simulation);
//   simulation.connect(desktop->add_to(simulation, "desktop"), server);
//   desktop->forward(SlirpBridge::Protocol::tcp, "127.0.0.1:0", server, 5005);  //
//   "127.0.0.1:40123"
//
// Outbound: nodes that have `gateway` set reach what the desktop reaches, TCP and UDP, IPv4 and
// IPv6; gateway_ipv4() and gateway_ipv6() are the desktop's own 127.0.0.1 and ::1. Inbound: by
// forward(). libslirp is no wire: it ends each connection, as the desktop, and begins another.
//  - A client of a forwarded port is accepted before the node was asked: where nobody listens in
//    the node, it sees its connection end, not a refusal.
//  - A node sees clients on the loopback as the gateway, others as themselves.
//  - Of the loopback nodes reach 127.0.0.1 and ::1 alone; addresses of the simulated network's own
//    prefix (10.0.0.0/24, fd00::/64) are the simulated network's.
//  - Raw packets, multicast and broadcast do not pass, but for echo requests (ping) where the
//    system lets its users send them.
#pragma once

#include <memory>
#include <string>

#include <host_sim/bridge.hpp>

struct Slirp;  // <slirp/libslirp.h>

namespace host_sim {

class SlirpBridge : public Bridge {
 public:
  enum class Protocol : uint8_t { tcp, udp };

  // Fails where this library was built without libslirp. Ignores SIGPIPE from here on, if nobody
  // handles it: libslirp writes to sockets whose peers have gone.
  static Expected<std::unique_ptr<SlirpBridge>> open(const Simulation& simulation);
  ~SlirpBridge() override;

  // Connections and datagrams to `outside`, an address of this host and a port (0: any free one),
  // go to that port of the node. Returns where it listens. Fails if the port is taken, or the
  // address is not this host's.
  Expected<std::string> forward(Protocol protocol, const std::string& outside, const Node& node,
                                uint16_t port);

  // Whether it holds bytes that the desktop's side has not taken yet.
  bool has_unsent() const { return has_unsent_; }

  void prepare(std::vector<pollfd>& waits, Duration& longest) override;
  void handle(std::span<const pollfd> waits) override;

 protected:
  bool take(std::span<const uint8_t> frame) override;

 private:
  struct Callbacks;  // libslirp's way to us

  SlirpBridge() = default;

  Slirp* slirp_ = nullptr;
  std::vector<pollfd>* wanted_ = nullptr;  // while libslirp names its descriptors
  std::span<const pollfd> waits_;          // while it asks for them
  size_t first_wait_ = 0;
  Instant alarm_ = forever;  // of libslirp's own timer
  void (*on_alarm_)(void*) = nullptr;
  void* alarm_context_ = nullptr;
  bool has_unsent_ = false;
};

}  // namespace host_sim
