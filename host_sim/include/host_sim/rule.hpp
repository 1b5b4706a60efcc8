// Packet rules: a callable that gives each frame its verdict, lifted by its guard.
//
//   RuleGuard no_syn = link.add_rule(Way::out, [](const Packet& packet) {
//     return packet.tcp && packet.tcp->syn ? Verdict::drop() : Verdict::pass();
//   });
//
// Rules see a frame when it is sent, before the link's faults. They are asked in the order in which
// they were added; the first verdict but `pass` holds. What is neither dropped nor cut then meets
// the faults.
#pragma once

#include <functional>
#include <memory>

#include <host_sim/packet.hpp>
#include <host_sim/time.hpp>

namespace host_sim {

struct Verdict {
  enum class Kind : uint8_t { pass, delay, drop, duplicate, corrupt };

  Kind kind = Kind::pass;
  Duration extra{};    // delay: on top of the link's; the frame may be overtaken
  uint32_t count = 1;  // duplicate: so many copies more; corrupt: so many bits are turned

  static Verdict pass() { return {}; }
  static Verdict delay(Duration extra) { return {Kind::delay, extra, 1}; }
  static Verdict drop() { return {Kind::drop, {}, 1}; }
  static Verdict duplicate(uint32_t copies = 1) { return {Kind::duplicate, {}, copies}; }
  static Verdict corrupt(uint32_t bits = 1) { return {Kind::corrupt, {}, bits}; }
};

using Rule = std::function<Verdict(const Packet&)>;

struct RuleSlot;  // a rule in its link's list

// Lifts its rule when it goes, also after the simulation went. Movable, not copyable. A rule may
// lift itself or others while it is asked; a rule added then is asked from the next frame on.
class [[nodiscard]] RuleGuard {
 public:
  RuleGuard() = default;
  explicit RuleGuard(std::shared_ptr<RuleSlot> slot) : slot_(std::move(slot)) {}
  RuleGuard(RuleGuard&&) noexcept = default;
  RuleGuard& operator=(RuleGuard&&) noexcept = default;
  ~RuleGuard() = default;

  void lift() { slot_.reset(); }
  void keep();  // it holds for as long as the link lives

 private:
  std::shared_ptr<RuleSlot> slot_;
};

}  // namespace host_sim
