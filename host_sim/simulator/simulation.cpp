// The public face of a simulation: every call goes to its World.

#include <host_sim/simulation.hpp>

#include "world.hpp"

namespace host_sim {

namespace {

std::string ipv4_text(uint32_t number) {
  const uint8_t address[4] = {10, 0, static_cast<uint8_t>(number >> 8),
                              static_cast<uint8_t>(number)};
  return format_ipv4(address);
}

std::string ipv6_text(uint32_t number) {
  uint8_t address[16] = {0xFD};
  address[14] = static_cast<uint8_t>(number >> 8), address[15] = static_cast<uint8_t>(number);
  return format_ipv6(address);
}

}  // namespace

Simulation::Simulation(const SimulationOptions& options)
    : world_(std::make_unique<World>(options)) {}
Simulation::~Simulation() = default;

Node& Simulation::add_node(const Image& image, const NodeOptions& options) {
  return world_->add_node(image, options);
}
Switch& Simulation::add_switch(std::string name) { return world_->add_switch(std::move(name)); }
Port& Simulation::add_port(std::string name, Port::Receiver receiver) {
  return world_->add_port(std::move(name), std::move(receiver));
}
Link& Simulation::connect(Attachment& first, Attachment& second, const Faults& faults) {
  return world_->connect(first, second, faults);
}

RunResult Simulation::run_until(const std::function<bool()>& predicate, Duration deadline,
                                const char* what) {
  return world_->run(predicate, deadline, Duration(-1), what);
}
RunResult Simulation::run_for(Duration duration) {
  return world_->run({}, duration, Duration(-1), "");
}
RunResult Simulation::run_until_idle(Duration deadline, Duration quiet) {
  return world_->run({}, deadline, quiet, "");
}

Instant Simulation::now() const { return Instant(world_->now_ns); }
Instant Simulation::next_event() const { return world_->next_event(); }
uint64_t Simulation::seed() const { return world_->options.seed; }
void Simulation::at(Instant instant, std::function<void()> action) {
  world_->at(instant, std::move(action));
}
Random Simulation::random(uint64_t purpose) const {
  constexpr uint64_t kUserStream = 0x75736572;
  return Random(world_->options.seed, kUserStream, purpose);
}

Node* Simulation::find_node(std::string_view name) {
  for (Node* node : world_->node_list) {
    if (node->name() == name) return node;
  }
  return nullptr;
}

Link* Simulation::find_link(std::string_view name) {
  for (Link* link : world_->link_list) {
    const std::string reversed = link->end(Way::in).name() + "-" + link->end(Way::out).name();
    if (link->name() == name || reversed == name) return link;
  }
  return nullptr;
}

const std::vector<Node*>& Simulation::nodes() const { return world_->node_list; }
const std::vector<Link*>& Simulation::links() const { return world_->link_list; }
void Simulation::add_observer(Observer& observer) { world_->add_observer(observer); }
void Simulation::remove_observer(Observer& observer) { world_->remove_observer(observer); }
std::string Simulation::trace_hash() const { return world_->hash.hex(); }
uint64_t Simulation::frames() const { return world_->frame_count; }
uint64_t Simulation::events() const { return world_->event_count; }
size_t Simulation::frames_under_way() const { return world_->arrival_count(); }
std::string Simulation::gateway_ipv4() const {
  return ipv4_text(gateway_number(world_->options.ipv4_prefix));
}
std::string Simulation::gateway_ipv6() const {
  return ipv6_text(gateway_number(world_->options.ipv4_prefix));
}
const SimulationOptions& Simulation::options() const { return world_->options; }
std::string Simulation::last_frames() const { return world_->recorder.text(); }

// Links.

namespace {
LiveLink& live(Link& link) { return static_cast<LiveLink&>(link); }
const LiveLink& live(const Link& link) { return static_cast<const LiveLink&>(link); }
LiveNode& live(Node& node) { return static_cast<LiveNode&>(node); }
const LiveNode& live(const Node& node) { return static_cast<const LiveNode&>(node); }
// Tables are read through a call into the node, which is why they need the node unlocked.
LiveNode& unlocked(const Node& node) { return const_cast<LiveNode&>(live(node)); }
}  // namespace

const std::string& Link::name() const { return live(*this).label; }
uint32_t Link::index() const { return live(*this).number; }
const Attachment& Link::end(Way from) const { return *live(*this).ends[from == Way::out ? 0 : 1]; }
Expected<void> Link::set_faults(const Faults& faults, Way way) {
  return live(*this).world.set_faults(live(*this), faults, way);
}
const Faults& Link::faults(Way way) const { return live(*this).lane(way).faults; }
const LinkCounters& Link::counters(Way way) const { return live(*this).lane(way).counters; }
void Link::set_up(bool up) { live(*this).world.set_pulled(live(*this), !up); }
bool Link::up() const { return live(*this).is_up; }

RuleGuard Link::add_rule(Way way, Rule rule) {
  if (way == Way::both) bug("a rule is for frames out or in: add it twice for both");
  return RuleGuard(live(*this).lane(way).add_rule(std::move(rule)));
}

const Link* Switch::where(const uint8_t mac[6]) const {
  uint64_t key = 0;
  for (size_t index = 0; index < 6; ++index) key = key << 8 | mac[index];
  const auto& hub = static_cast<const LiveSwitch&>(*this);
  const uint32_t port = hub.find(key);
  return port == LiveSwitch::kNowhere ? nullptr : hub.ports[port].link;
}

void Port::send(std::span<const uint8_t> frame) {
  world_.send_from(static_cast<LivePort&>(*this), frame);
}

// Nodes.

const char* node_state_name(NodeState state) {
  switch (state) {
    case NodeState::off: return "off";
    case NodeState::running: return "running";
    case NodeState::finished: return "finished";
    case NodeState::panicked: return "panicked";
  }
  return "";
}

std::string Node::ipv4() const { return ipv4_text(number_); }
std::string Node::ipv6() const { return ipv6_text(number_); }

std::string Node::link_local() const {
  // RFC 4291: the MAC 02:00:00:00:H:L with its local bit turned and ff:fe in its middle.
  uint8_t address[16] = {0xFE, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFE};
  address[14] = static_cast<uint8_t>(number_ >> 8), address[15] = static_cast<uint8_t>(number_);
  return format_ipv6(address);
}

std::string Node::mac() const {
  const uint8_t mac[6] = {
      2, 0, 0, 0, static_cast<uint8_t>(number_ >> 8), static_cast<uint8_t>(number_)};
  return format_mac(mac);
}

void Node::power_on() { world_.power_on(live(*this)); }
void Node::power_off() { world_.power_off(live(*this)); }
void Node::restart(Duration after) {
  power_off();
  world_.at(Instant(world_.now_ns) + after, [this] { power_on(); });
}
void Node::set_options(const NodeOptions& options) {
  const int32_t present_ppm = options_.clock_skew_ppm;
  options_ = options;
  if (live(*this).table == nullptr) return;
  options_.clock_skew_ppm = present_ppm;  // it changes without a jump
  set_clock_skew(options.clock_skew_ppm);
}
void Node::set_clock_skew(int32_t ppm) { world_.set_skew(live(*this), ppm); }
uint64_t Node::clock_us() const {
  return live(*this).table == nullptr ? 0 : live(*this).clock_at(world_.now_ns);
}

std::vector<TwinsockSocketRow> Node::sockets() const {
  return world_.rows<TwinsockSocketRow>(unlocked(*this),
                                        [](const TwinsockNode& table) { return table.sockets; });
}
std::vector<TwinsockPoolRow> Node::pools() const {
  return world_.rows<TwinsockPoolRow>(unlocked(*this),
                                      [](const TwinsockNode& table) { return table.pools; });
}
std::vector<TwinsockThreadRow> Node::threads() const {
  return world_.rows<TwinsockThreadRow>(unlocked(*this),
                                        [](const TwinsockNode& table) { return table.threads; });
}

}  // namespace host_sim
