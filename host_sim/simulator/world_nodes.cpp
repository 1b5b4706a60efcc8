// Nodes: power, boot, running them, and what they say.
#include <cstring>

#include "image_file.hpp"
#include "stacks.hpp"
#include "world.hpp"

namespace host_sim {
namespace {

constexpr size_t kMostFramesInOneRun = 8192;
constexpr uint64_t kNodeStream = 0x6E6F6465;

void check_skew(int32_t ppm) {
  if (ppm < -500'000 || ppm > 1'000'000) bug("clock_skew_ppm: -500,000 to 1,000,000");
}

void fill_addresses(TwinsockBoot& boot, uint32_t number, uint32_t prefix) {
  const uint8_t high = static_cast<uint8_t>(number >> 8), low = static_cast<uint8_t>(number);
  const uint8_t mac[6] = {2, 0, 0, 0, high, low};
  const uint8_t ipv4[4] = {10, 0, high, low};
  const uint8_t mask[4] = {255, 255, static_cast<uint8_t>(prefix == 24 ? 255 : 0), 0};
  uint8_t ipv6[16] = {0xFD};
  ipv6[14] = high, ipv6[15] = low;
  memcpy(boot.mac, mac, 6);
  memcpy(boot.ipv4, ipv4, 4);
  memcpy(boot.ipv4_mask, mask, 4);
  memcpy(boot.ipv6, ipv6, 16);
}

void fill_gateway(TwinsockBoot& boot, uint32_t prefix) {
  const uint32_t number = gateway_number(prefix);
  memcpy(boot.ipv4_gateway, boot.ipv4, 2);
  memcpy(boot.ipv6_gateway, boot.ipv6, 14);
  for (uint8_t* const end : {boot.ipv4_gateway + 4, boot.ipv6_gateway + 16}) {
    end[-2] = static_cast<uint8_t>(number >> 8), end[-1] = static_cast<uint8_t>(number);
  }
}

}  // namespace

bool World::is_taken(const std::string& name) const {
  for (const auto& node : nodes_) {
    if (node.name() == name) return true;
  }
  for (const auto& hub : switches_) {
    if (hub.name() == name) return true;
  }
  for (const auto& port : ports_) {
    if (port.name() == name) return true;
  }
  return false;
}

LiveNode& World::add_node(const Image& image, const NodeOptions& chosen) {
  const auto number = static_cast<uint32_t>(nodes_.size() + 1);
  if (number > (options.ipv4_prefix == 24 ? 254u : 65'534u)) bug("too many nodes: ipv4_prefix");
  check_skew(chosen.clock_skew_ppm);
  const std::string name = chosen.name.empty() ? "node" + std::to_string(number) : chosen.name;
  if (is_taken(name)) bug("two ends of one name");
  LiveNode& node = nodes_.emplace_back(*this, name, image, number, chosen);
  node_list.push_back(&node);
  node.outputs.reserve(64);
  node.texts.reserve(1024);
  node.host.context = &node;
  node.host.transmit = [](void* context, const uint8_t* frame, size_t size) {
    auto& from = *static_cast<LiveNode*>(context);
    from.world_.collect(from, {frame, size});
  };
  node.host.event = [](void* context, TwinsockNodeEvent event, int value, const char* text,
                       size_t size) {
    auto& from = *static_cast<LiveNode*>(context);
    from.world_.collect(from, event, value, {text, size});
  };
  node.host.allocate_stack = [](void* context, size_t size) {
    auto& from = *static_cast<LiveNode*>(context);
    return from.world_.allocate_stack(from, size);
  };
  const auto* after = static_cast<const LiveNode*>(chosen.after);
  node.waits_for_ready = chosen.powered && after != nullptr && !after->ready();
  if (chosen.powered && !node.waits_for_ready) {
    at(Instant(now_ns), [this, &node] { power_on(node); });
  }
  return node;
}

void World::power_on(LiveNode& node) {
  if (node.state_ == NodeState::panicked) power_off(node);
  if (node.state_ != NodeState::off) return;
  node.waits_for_ready = false;
  node.transcript_.clear();
  node.panic_.clear();
  node.ready_ = false;
  node.status_ = -1;
  ++node.boots_;
  auto copy = node.image.file_->take();
  if (!copy) return panic(node, copy.error());
  node.copy = *copy;
  node.table = node.copy->table();
  node.state_ = NodeState::running;
  node.has_link_state = true;
  node.anchor(now_ns, 0);
  record(node, NodeEvent::power_on, 0, {});
  boot(node);
}

void World::boot(LiveNode& node) {
  const NodeOptions& chosen = node.options();
  std::vector<const char*> arguments;
  for (const std::string& argument : chosen.arguments) arguments.push_back(argument.c_str());
  TwinsockBoot boot{};
  boot.seed = Random(options.seed, kNodeStream, node.number_, node.boots_).next();
  boot.shuffle_threads = options.shuffle_ties;
  fill_addresses(boot, node.number_, options.ipv4_prefix);
  if (chosen.gateway) fill_gateway(boot, options.ipv4_prefix);
  boot.clock_offset_ms = chosen.clock_offset_ms;
  boot.livelock_switches = chosen.livelock_switches;
  boot.role = chosen.role.empty() ? nullptr : chosen.role.c_str();
  boot.arguments = arguments.data();
  boot.argument_count = arguments.size();
  const int status =
      call(node, [&](const TwinsockNode& table) { return table.boot(&node.host, &boot); });
  handle_outputs(node);
  if (node.state_ == NodeState::panicked) return;
  if (status != 0) {
    const std::string why = node.log_.empty() ? "" : ": " + node.log_.back().text;
    return panic(node, "it does not boot" + why);
  }
  if (node.link != nullptr && !node.link->is_up) tell_link(node, false);
  wake_at(node, now_ns);
}

void World::power_off(LiveNode& node) {
  node.waits_for_ready = false;
  if (node.table == nullptr && node.state_ == NodeState::off) return;
  node.state_ = NodeState::off;
  node.table = nullptr;
  node.ready_ = false;
  node.wake_ns = -1;
  node.wake_order = 0;
  node.copy.reset();
  for (const Stack& stack : node.stacks) give_back(stack);
  node.stacks.clear();
  record(node, NodeEvent::power_off, 0, {});
}

void World::set_skew(LiveNode& node, int32_t ppm) {
  check_skew(ppm);
  if (node.table == nullptr) {
    node.options().clock_skew_ppm = ppm;
    return;
  }
  node.anchor(now_ns, node.clock_at(now_ns) * 1'000);
  node.options().clock_skew_ppm = ppm;
  wake_at(node, now_ns);  // its deadline is elsewhere now
}

void* World::allocate_stack(LiveNode& node, size_t size) {
  const Stack stack = take_stack(size);
  if (stack.base != nullptr) node.stacks.push_back(stack);
  return stack.base;
}

// From here on the node's own stack may be in use: nothing but copies.
void World::collect(LiveNode& node, std::span<const uint8_t> frame) {
  if (node.outputs.size() >= kMostFramesInOneRun || frame.size() > kMaxFrameSize) {
    ++node.overrun;
    return;
  }
  node.outputs.push_back({pool_.copy(frame), TWINSOCK_EVENT_LOG, 0, 0, 0});
}

void World::collect(LiveNode& node, TwinsockNodeEvent event, int value, std::string_view text) {
  const size_t start = node.texts.size();
  node.texts.append(text);
  node.outputs.push_back({nullptr, event, value, start, text.size()});
}

void World::handle_outputs(LiveNode& node) {
  if (node.outputs.empty()) return;
  // Rules and observers may switch the node off meanwhile: the lists are taken over first.
  std::vector<LiveNode::Output> outputs;
  std::string texts;
  outputs.swap(node.outputs);
  texts.swap(node.texts);
  for (const LiveNode::Output& output : outputs) {
    if (output.frame != nullptr) {
      send(node.link, node.outwards, output.frame);
    } else {
      handle_event(node, output.event, output.value,
                   std::string_view(texts).substr(output.text_start, output.text_size));
    }
  }
  outputs.clear();
  texts.clear();
  if (node.outputs.empty()) {  // their memory serves again
    outputs.swap(node.outputs);
    texts.swap(node.texts);
  }
  if (node.overrun != 0) {
    handle_event(node, TWINSOCK_EVENT_LOG, 0,
                 std::to_string(node.overrun) +
                     " frames lost: a node may send 8192 frames of 2000 bytes at one instant");
    node.overrun = 0;
  }
}

void World::handle_event(LiveNode& node, TwinsockNodeEvent event, int value,
                         std::string_view text) {
  switch (event) {
    case TWINSOCK_EVENT_REPORT:
      node.transcript_.emplace_back(text);
      return record(node, NodeEvent::report, 0, text);
    case TWINSOCK_EVENT_LOG:
      node.log_.push_back({Instant(now_ns), std::string(text)});
      return record(node, NodeEvent::log, 0, text);
    case TWINSOCK_EVENT_READY:
      node.ready_ = true;
      record(node, NodeEvent::ready, 0, {});
      for (LiveNode& other : nodes_) {
        if (!other.waits_for_ready || other.options().after != &node) continue;
        other.waits_for_ready = false;
        at(Instant(now_ns), [this, &other] { power_on(other); });
      }
      return;
    case TWINSOCK_EVENT_FINISHED:
      node.status_ = value;
      if (node.state_ == NodeState::running) node.state_ = NodeState::finished;
      return record(node, NodeEvent::finished, value, {});
    case TWINSOCK_EVENT_PANIC: return panic(node, text);
  }
}

void World::panic(LiveNode& node, std::string_view text) {
  node.state_ = NodeState::panicked;
  node.panic_ = text;
  node.wake_ns = -1;
  node.wake_order = 0;
  panicked_ = true;
  record(node, NodeEvent::panic, 0, text);
}

void World::record(LiveNode& node, NodeEvent event, int value, std::string_view text) {
  const NodeRecord entry{Instant(now_ns), &node, event, value, text};
  if (options.hash_trace) hash.add(entry, node.number_);
  for (Observer* observer : observers_) observer->on_node(entry);
}

void World::tell_link(LiveNode& node, bool up) {
  if (node.table == nullptr || node.state_ == NodeState::panicked) return;
  if (node.has_link_state == up) return;
  node.has_link_state = up;
  const uint64_t now_us = node.clock_at(now_ns);
  call(node, [&](const TwinsockNode& table) { return table.link(now_us, up), 0; });
  handle_outputs(node);
  wake_at(node, now_ns);
}

void World::run_node(LiveNode& node) {
  const uint64_t now_us = node.clock_at(now_ns);
  const uint64_t deadline_us =
      call(node, [&](const TwinsockNode& table) { return table.run(now_us); });
  const uint32_t boots = node.boots_;
  handle_outputs(node);
  const bool same = node.boots_ == boots && node.table != nullptr;  // no rule switched it off
  if (same && node.state_ != NodeState::panicked) plan(node, deadline_us);
}

void World::plan(LiveNode& node, uint64_t deadline_us) {
  int64_t time_ns = node.instant_of(deadline_us);
  if (time_ns < 0) {
    node.wake_ns = -1;  // an event that is there already finds nothing to do
    return;
  }
  // A deadline of now or earlier would stop the clock: the node's clock moves on first.
  if (time_ns <= now_ns) time_ns = node.instant_of(node.clock_at(now_ns) + 1);
  wake_at(node, time_ns);
}

void World::wake_at(LiveNode& node, int64_t time_ns) {
  node.wake_ns = time_ns;
  if (node.wake_order != 0 && node.wake_event_ns <= time_ns) return;  // it looks again then
  node.wake_event_ns = time_ns;
  node.wake_order = queue_.push(time_ns, EventKind::wake, node.number_ - 1);
}

void World::wake(LiveNode& node, const Event& event) {
  if (event.order != node.wake_order) return;  // an earlier one came instead, or it was off
  node.wake_order = 0;
  if (node.wake_ns < 0) return;
  if (node.wake_ns > event.time_ns) return wake_at(node, node.wake_ns);
  run_node(node);
}

}  // namespace host_sim
