// The network: links, switches and ports, and what becomes of a frame.
#include <algorithm>
#include <cstring>

#include "world.hpp"

namespace host_sim {
namespace {

uint64_t mac_at(const uint8_t* bytes) {
  uint64_t mac = 0;
  for (size_t index = 0; index < 6; ++index) mac = mac << 8 | bytes[index];
  return mac;
}

constexpr uint64_t kGroupBit = uint64_t{1} << 40;  // of a multicast or broadcast MAC

bool covers(const std::vector<Outage>& outages, int64_t now_ns) {
  for (const Outage& outage : outages) {
    if (outage.covers(Instant(now_ns), Way::both)) return true;
  }
  return false;
}

// The next instant after now at which an outage begins or ends; INT64_MAX: none.
int64_t next_edge(const Outage& outage, int64_t now_ns) {
  const int64_t at_ns = outage.at.count();
  if (now_ns < at_ns) return at_ns;
  if (outage.length == forever) return INT64_MAX;
  const int64_t every_ns = outage.every.count();
  const int64_t begin_ns = every_ns == 0 ? at_ns : now_ns - (now_ns - at_ns) % every_ns;
  if (now_ns < begin_ns + outage.length.count()) return begin_ns + outage.length.count();
  return every_ns == 0 ? INT64_MAX : begin_ns + every_ns;
}

void count_fate(LinkCounters& counters, Fate fate) {
  switch (fate) {
    case Fate::arrives: return;
    case Fate::lost: ++counters.lost; return;
    case Fate::lost_in_burst: ++counters.lost_in_burst; return;
    case Fate::cut: ++counters.cut; return;
    case Fate::link_down: ++counters.link_down; return;
    case Fate::too_big: ++counters.too_big; return;
    case Fate::queue_full: ++counters.queue_full; return;
    case Fate::dropped: ++counters.dropped; return;
  }
}

}  // namespace

LiveSwitch& World::add_switch(std::string name) {
  if (name.empty() || is_taken(name)) bug("two ends of one name");
  return switches_.emplace_back(*this, std::move(name));
}

LivePort& World::add_port(std::string name, Port::Receiver receiver) {
  if (name.empty() || is_taken(name)) bug("two ends of one name");
  return ports_.emplace_back(*this, std::move(name), std::move(receiver));
}

LiveLink& World::connect(Attachment& first, Attachment& second, const Faults& faults) {
  if (&first == &second) bug("a link has two ends");
  LiveLink& link =
      links_.emplace_back(*this, options.seed, static_cast<uint32_t>(links_.size()), first, second);
  link_list.push_back(&link);
  attach(link, 0);
  attach(link, 1);
  if (const auto set = set_faults(link, faults, Way::both); !set) bug(set.error());
  for (Observer* observer : observers_) observer->on_link(link);
  return link;
}

void World::attach(LiveLink& link, int end) {
  Attachment& attachment = *link.ends[end];
  const Way outwards = end == 0 ? Way::out : Way::in;
  if (attachment.kind_ == Attachment::Kind::hub) {
    auto& hub = static_cast<LiveSwitch&>(attachment);
    link.hub_ports[end] = static_cast<uint32_t>(hub.ports.size());
    hub.ports.push_back({&link, outwards});
  } else if (attachment.kind_ == Attachment::Kind::node) {
    auto& node = static_cast<LiveNode&>(attachment);
    if (node.link != nullptr) bug("a node has one Ethernet");
    node.link = &link;
    node.outwards = outwards;
  } else {
    auto& port = static_cast<LivePort&>(attachment);
    if (port.link != nullptr) bug("a port has one link");
    port.link = &link;
    port.outwards = outwards;
  }
}

void World::send_from(LivePort& port, std::span<const uint8_t> frame) {
  send(port.link, port.outwards, pool_.copy(frame));
}

void World::record(LiveLink& link, const FrameRecord& entry) {
  count_fate(link.lane(entry.way).counters, entry.fate);
  if (options.hash_trace) hash.add(entry, link.number);
  recorder.add(entry);
  for (Observer* observer : observers_) observer->on_frame(entry);
}

void World::launch(LiveLink& link, Way way, Frame* frame, FrameRecord& entry) {
  LinkCounters& counters = link.lane(way).counters;
  entry.number = ++frame_count;
  counters.duplicated += entry.duplicate;
  counters.corrupted += entry.corrupted && !entry.duplicate;
  counters.reordered += entry.reordered && !entry.duplicate;
  counters.delayed += entry.delayed && !entry.duplicate;
  ++arrival_count_;
  queue_.push(entry.arrives.count(), EventKind::arrival,
              link.number * 2 + static_cast<uint32_t>(way), frame, entry.number);
  record(link, entry);
}

void World::send(LiveLink* to, Way way, Frame* frame) {
  if (to == nullptr) return pool_.release(frame);  // no cable
  LiveLink& link = *to;
  Lane& lane = link.lane(way);
  last_sent_ns_ = now_ns;
  ++lane.counters.sent;
  lane.counters.sent_bytes += frame->size;
  const Verdict verdict = lane.has_rules ? lane.ask_rules(frame->view()) : Verdict::pass();
  using Kind = Verdict::Kind;
  FrameRecord entry{0,     Instant(now_ns), Instant(now_ns), Instant(now_ns), &link,
                    way,   Fate::dropped,   false,           false,           false,
                    false, frame->view()};
  if (verdict.kind == Kind::drop) {
    entry.number = ++frame_count;
    record(link, entry);
    return pool_.release(frame);
  }
  const int64_t held_ns = verdict.kind == Kind::delay ? verdict.extra.count() : 0;
  const Lane::Passage passage = lane.pass(now_ns, frame->size, is_up(link), held_ns);
  entry.fate = passage.fate;
  entry.starts = Instant(passage.starts_ns);
  entry.arrives = Instant(passage.arrives_ns);
  if (passage.fate != Fate::arrives) {
    entry.number = ++frame_count;
    record(link, entry);
    return pool_.release(frame);
  }
  if (passage.corrupt || verdict.kind == Kind::corrupt) {
    if (frame->references > 1) {  // other ports of a switch have it whole
      Frame* const own = pool_.copy(frame->view());
      pool_.release(frame);
      frame = own;
    }
    const uint32_t count = verdict.kind == Kind::corrupt ? verdict.count : 0;
    lane.corrupt({frame->bytes, frame->size}, count);
    entry.corrupted = true;
    entry.frame = frame->view();
  }
  entry.reordered = passage.reordered;
  entry.delayed = held_ns != 0;
  const uint32_t copies = passage.duplicate + (verdict.kind == Kind::duplicate ? verdict.count : 0);
  frame->references += copies;
  launch(link, way, frame, entry);
  const bool in_order = !entry.reordered && !entry.delayed;
  for (uint32_t copy = 0; copy < copies; ++copy) {
    entry.duplicate = true;
    entry.arrives = Instant(lane.pass_copy(entry.arrives.count(), frame->size, in_order));
    launch(link, way, frame, entry);
  }
}

void World::arrive(const Event& event) {
  LiveLink& link = links_[event.index / 2];
  const Way way = event.index % 2 == 0 ? Way::out : Way::in;
  ++link.lane(way).counters.arrived;
  Attachment& target = link.target(way);
  if (target.kind_ == Attachment::Kind::node) {
    arrive_at_node(static_cast<LiveNode&>(target), link, event, way);
  } else if (target.kind_ == Attachment::Kind::hub) {
    arrive_at_switch(static_cast<LiveSwitch&>(target), link, event.frame, way);
  } else {
    const auto& port = static_cast<LivePort&>(target);
    if (port.receiver) port.receiver(Instant(now_ns), event.frame->view());
    pool_.release(event.frame);
  }
}

void World::refuse(LiveNode& node, Lane& lane, uint64_t number, const char* reason) {
  ++lane.counters.refused;
  const RefusedRecord entry{Instant(now_ns), number, &node, reason};
  if (options.hash_trace) hash.add(entry, node.number_);
  for (Observer* observer : observers_) observer->on_refused(entry);
}

void World::arrive_at_node(LiveNode& node, LiveLink& link, const Event& event, Way way) {
  Frame* const frame = event.frame;
  if (node.table == nullptr || node.state_ == NodeState::panicked) {
    refuse(node, link.lane(way), event.number, "the node is off");
  } else if (!node.has_link_state) {
    refuse(node, link.lane(way), event.number, "its cable is down");
  } else {
    const uint64_t now_us = node.clock_at(now_ns);
    const int taken = call(node, [&](const TwinsockNode& table) {
      return table.receive(now_us, frame->bytes, frame->size);
    });
    if (taken != 0) refuse(node, link.lane(way), event.number, "the node had no room");
    handle_outputs(node);
    if (node.table != nullptr && node.state_ != NodeState::panicked) run_node(node);
  }
  pool_.release(frame);
}

void World::arrive_at_switch(LiveSwitch& hub, LiveLink& link, Frame* frame, Way way) {
  const uint32_t from = link.hub_ports[way == Way::out ? 1 : 0];
  if (frame->size < 14) return pool_.release(frame);
  const uint64_t source = mac_at(frame->bytes + 6), destination = mac_at(frame->bytes);
  if ((source & kGroupBit) == 0) hub.learn(source, from);
  const uint32_t to = (destination & kGroupBit) != 0 ? LiveSwitch::kNowhere : hub.find(destination);
  if (to == from) return pool_.release(frame);
  if (to != LiveSwitch::kNowhere) {
    return send(hub.ports[to].link, hub.ports[to].outwards, frame);
  }
  for (uint32_t port = 0; port < hub.ports.size(); ++port) {
    if (port == from) continue;
    ++frame->references;
    send(hub.ports[port].link, hub.ports[port].outwards, frame);
  }
  pool_.release(frame);
}

Expected<void> World::set_faults(LiveLink& link, const Faults& faults, Way way) {
  if (auto checked = check_faults(faults); !checked) return checked;
  if (way != Way::in) link.out.faults = faults;
  if (way != Way::out) link.in.faults = faults;
  ++link.down_version;
  check_link(link);
  plan_downs(link);
  return {};
}

void World::set_pulled(LiveLink& link, bool pulled) {
  link.pulled = pulled;
  check_link(link);
}

bool World::is_up(const LiveLink& link) const {
  if (link.pulled) return false;
  return !covers(link.out.faults.downs, now_ns) && !covers(link.in.faults.downs, now_ns);
}

// Tells the nodes at both ends when the cable went down or came up.
void World::check_link(LiveLink& link) {
  const bool up = is_up(link);
  if (up == link.is_up) return;
  link.is_up = up;
  for (Attachment* end : link.ends) {
    if (end->kind_ == Attachment::Kind::node) tell_link(static_cast<LiveNode&>(*end), up);
  }
}

void World::plan_downs(LiveLink& link) {
  int64_t next_ns = INT64_MAX;
  for (const Lane* lane : {&link.out, &link.in}) {
    for (const Outage& down : lane->faults.downs) {
      next_ns = std::min(next_ns, next_edge(down, now_ns));
    }
  }
  if (next_ns == INT64_MAX) return;
  at(Instant(next_ns), [this, &link, version = link.down_version] {
    if (link.down_version != version) return;
    check_link(link);
    plan_downs(link);
  });
}

}  // namespace host_sim
