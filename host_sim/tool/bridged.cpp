// One node in real time, joined to the desktop.
#include "bridged.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "advice.hpp"
#include "sim_runner.hpp"
#include "text.hpp"

namespace host_sim::tool {

namespace {

using twinsock::IpAddress;

constexpr Duration longest_drain = std::chrono::seconds(10);

IpAddress parsed(const std::string& address) { return *IpAddress::parse(address); }

// Both of one /24 (IPv4) or /64 (IPv6): the simulation's network.
bool is_of_one_network(const IpAddress& a, const IpAddress& b) {
  const int prefix = a.family() == Family::inet ? 3 : 8;  // bytes
  return a.family() == b.family() &&
         std::equal(a.bytes().begin(), a.bytes().begin() + prefix, b.bytes().begin());
}

// Bytes that the peer's side has not acknowledged, or an end that it has not.
bool is_unsent(const TwinsockSocketRow& row) {
  constexpr std::array ending{"FIN-WAIT-1", "CLOSING", "LAST-ACK", "SYN-RCVD"};
  if (std::string_view(row.kind) != "tcp") return false;
  return row.send_queue != 0 || std::ranges::count(ending, std::string_view(row.state)) > 0;
}

Image checked_image(const SimImage& image) {
  if (image.image) return *image.image;
  throw UsageError(fmt::format("world sim is not available: {}", image.missing));
}

}  // namespace

Bridged::Bridged(const Arguments& arguments, const Exchange& exchange, Side side, Watcher& watcher)
    : arguments_(arguments),
      exchange_(exchange),
      side_(side),
      watcher_(watcher),
      network_(read_network(arguments.network)),
      image_(open_image(arguments)),
      simulation_({.seed = parse_seed(arguments.seed), .hash_trace = false}) {
  check_over_lwip(exchange, Family::inet);
  const bool frames = exchange.over == twinsock::exchanges::Over::ethernet;
  if (!takes_ports(exchange) && !(frames && arguments.tap)) {
    throw UsageError(fmt::format(
        "{}: the bridge to the desktop carries TCP and UDP between two addresses, no groups, "
        "broadcasts, raw packets or frames; take {}'host_sim run {} --world sim'",
        exchange.name, frames ? "--tap, or " : "", exchange.name));
  }
  checked_image(image_);
  real_time_.add_descriptor(stop_.descriptor(), [this] { stopped_ = true; });
}

Bridged::~Bridged() {
  simulation_.remove_observer(*this);
  if (trace_) simulation_.remove_observer(*trace_);
  if (capture_) simulation_.remove_observer(*capture_);
}

std::string Bridged::join() {
  if (arguments_.tap) {
    auto opened = TapBridge::open(*arguments_.tap);
    if (!opened) return fmt::format("--tap: {}", opened.error());
    tap_ = std::move(*opened);
    real_time_.add(*tap_);
    return "";
  }
  auto opened = SlirpBridge::open(simulation_);
  if (!opened) return opened.error();
  slirp_ = std::move(*opened);
  real_time_.add(*slirp_);
  return "";
}

void Bridged::add_role(std::vector<std::string> role_arguments) {
  const std::string side(name(side_));
  node_ = &simulation_.add_node(checked_image(image_),
                                {.name = side,
                                 .role = fmt::format("{}.{}", exchange_.name, side),
                                 .arguments = std::move(role_arguments),
                                 .gateway = true});
  Bridge& bridge = tap_ ? static_cast<Bridge&>(*tap_) : static_cast<Bridge&>(*slirp_);
  Port& desktop = bridge.add_to(simulation_, "desktop");
  // As of two nodes: out is from the client.
  link_ = side_ == Side::server ? &simulation_.connect(desktop, *node_)
                                : &simulation_.connect(*node_, desktop);
  if (const auto applied = network_.apply(simulation_, *link_); !applied) {
    throw UsageError(applied.error());
  }
  add_observers();
}

void Bridged::add_observers() {
  simulation_.add_observer(*this);
  if (arguments_.trace) simulation_.add_observer(trace_.emplace(stderr));
  if (!arguments_.pcap) return;
  auto opened = Capture::open(*arguments_.pcap, link_);
  if (!opened) throw UsageError(fmt::format("--pcap: {}", opened.error()));
  capture_ = std::move(*opened);
  simulation_.add_observer(*capture_);
  flush_every_second();
}

// So that somebody can look while it goes on.
void Bridged::flush_every_second() {
  simulation_.at(simulation_.now() + std::chrono::seconds(1), [this] {
    capture_->flush();
    flush_every_second();
  });
}

void Bridged::on_node(const NodeRecord& record) {
  constexpr std::string_view listens = "listening on ", failed = "failed at ";
  const std::string text(record.text);
  if (record.event == NodeEvent::report) return watcher_.line(side_, text);
  if (record.event != NodeEvent::log) return;
  if (text.starts_with(listens)) {
    listening_ = text.substr(listens.size());
  } else if (text == "passed") {
    verdicts_.emplace_back();
  } else if (text.starts_with(failed)) {
    const std::string verdict = printable(text.substr(failed.size()));
    verdicts_.push_back(fmt::format("{}; {}", verdict, advice(verdict)));
  } else {
    watcher_.log(side_, text);
  }
}

std::string Bridged::take_verdict() {
  std::string verdict = std::move(verdicts_.front());
  verdicts_.pop_front();
  return verdict;
}

Expected<std::string> Bridged::forward(const Endpoint& local, std::uint16_t port) {
  const auto protocol = exchange_.type == twinsock::Type::stream ? SlirpBridge::Protocol::tcp
                                                                 : SlirpBridge::Protocol::udp;
  return slirp_->forward(protocol, std::string(local.to_text().view()), *node_, port);
}

Endpoint Bridged::seen_from_node(const Endpoint& peer) const {
  const IpAddress address = peer.address();
  const IpAddress gateway = parsed(peer.family() == Family::inet ? simulation_.gateway_ipv4()
                                                                 : simulation_.gateway_ipv6());
  if (arguments_.tap) {
    if (!address.is_loopback()) return peer;
    throw UsageError(fmt::format(
        "{} would be the node itself; behind --tap the desktop has the device's own address, {} "
        "if you gave it that",
        address.to_text().view(), gateway.to_text().view()));
  }
  if (is_of_one_network(address, gateway)) {
    throw UsageError(fmt::format(
        "{} is within the simulated network ({}), where only the node is; reach it "
        "over another address, or over --tap",
        address.to_text().view(), peer.family() == Family::inet ? "10.0.0.0/24" : "fd00::/64"));
  }
  if (!address.is_loopback()) return peer;
  if (address == IpAddress::loopback(peer.family())) return {gateway, peer.port()};
  throw UsageError(
      fmt::format("{} cannot be reached from the simulated network; of this host's "
                  "loopback allowed are 127.0.0.1 and ::1",
                  address.to_text().view()));
}

RunResult Bridged::run_until(const std::function<bool()>& predicate, Duration deadline,
                             const char* what) {
  return real_time_.run_until([&] { return stopped_ || predicate(); }, deadline, what);
}

bool Bridged::settled() const {
  if (simulation_.frames_under_way() != 0 || (slirp_ && slirp_->has_unsent())) return false;
  return std::ranges::none_of(node_->sockets(), is_unsent);
}

void Bridged::drain() {
  const Instant end = simulation_.now() + longest_drain;
  while (!stopped_ && simulation_.now() < end) {
    const RunResult result =
        run_until([this] { return settled(); }, end - simulation_.now(), "the last bytes");
    if (!result.reached) return;
    real_time_.run_for(std::chrono::milliseconds(1));  // what just came may not be written yet
    if (settled()) return;
  }
}

void Bridged::finish(Console& console) {
  if (!capture_) return;
  capture_->flush();
  if (!capture_->error().empty()) console.complain(capture_->error());
  for (const std::string& path : capture_->paths()) console.say(fmt::format("frames: {}", path));
}

}  // namespace host_sim::tool
