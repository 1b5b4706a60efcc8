// Links, switches and clocks by themselves: what needs nothing of the rest of a simulation.
#include "live.hpp"

namespace host_sim {

LiveLink::LiveLink(World& owner, uint64_t seed, uint32_t index, Attachment& first,
                   Attachment& second)
    : world(owner),
      label(first.name() + "-" + second.name()),
      number(index),
      ends{&first, &second},
      out(seed, index, Way::out),
      in(seed, index, Way::in) {}

LiveSwitch::Entry& LiveSwitch::slot(uint64_t mac) {
  size_t index = mix64(mac) & (table_.size() - 1);
  while (table_[index].port != kNowhere && table_[index].mac != mac) {
    index = (index + 1) & (table_.size() - 1);
  }
  return table_[index];
}

uint32_t LiveSwitch::find(uint64_t mac) const {
  size_t index = mix64(mac) & (table_.size() - 1);
  while (table_[index].port != kNowhere && table_[index].mac != mac) {
    index = (index + 1) & (table_.size() - 1);
  }
  return table_[index].port;
}

void LiveSwitch::learn(uint64_t mac, uint32_t port) {
  Entry& entry = slot(mac);
  if (entry.port != kNowhere) {
    entry.port = port;
    return;
  }
  entry = {mac, port};
  if (++count_ * 2 <= table_.size()) return;
  std::vector<Entry> old(table_.size() * 2);
  old.swap(table_);
  for (const Entry& known : old) {
    if (known.port != kNowhere) slot(known.mac) = known;
  }
}

LiveNode::LiveNode(World& owner, std::string label, const Image& from, uint32_t n,
                   const NodeOptions& chosen)
    : Node(owner, Kind::node, std::move(label)), image(from) {
  options_ = chosen;
  number_ = n;
}

uint64_t LiveNode::clock_at(int64_t now_ns) const {
  const int64_t since_ns = now_ns - anchor_ns_;
  const int64_t skew_ppm = options_.clock_skew_ppm;
  int64_t local_ns = since_ns;
  if (skew_ppm != 0) {
    local_ns += static_cast<int64_t>(static_cast<__int128>(since_ns) * skew_ppm / 1'000'000);
  }
  return (anchor_local_ns_ + static_cast<uint64_t>(local_ns)) / 1'000;
}

int64_t LiveNode::instant_of(uint64_t deadline_us) const {
  constexpr uint64_t kFar = INT64_MAX / 4;
  if (deadline_us > kFar / 1'000) return -1;
  const uint64_t deadline_ns = deadline_us * 1'000;
  if (deadline_ns <= anchor_local_ns_) return anchor_ns_;
  const auto ahead_ns = static_cast<int64_t>(deadline_ns - anchor_local_ns_);
  if (options_.clock_skew_ppm == 0) return anchor_ns_ + ahead_ns;
  const auto scaled = static_cast<__int128>(ahead_ns) * 1'000'000;
  auto since_ns = static_cast<int64_t>(scaled / (1'000'000 + options_.clock_skew_ppm));
  if (since_ns > static_cast<int64_t>(kFar)) return -1;
  while (clock_at(anchor_ns_ + since_ns) < deadline_us) ++since_ns;
  while (since_ns > 0 && clock_at(anchor_ns_ + since_ns - 1) >= deadline_us) --since_ns;
  return anchor_ns_ + since_ns;
}

}  // namespace host_sim
