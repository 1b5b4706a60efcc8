// What can be wrong with one link: one options struct, and its text.
//
//   Faults faults{.loss = percent(5), .delay = 20ms};
//   Expected<Faults> same = parse_faults("loss=5% delay=20ms");
//
// The default is a good cable: 100 Mbit/s, 1 us. Every chance is drawn from the simulation's seed,
// from a stream of this link, direction and fault alone. A frame meets them in this order: packet
// rules, outages, mtu, queue and rate (a lost frame has taken its time on the wire), loss, burst
// loss, corruption, delay and jitter, reordering, duplication.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <host_sim/random.hpp>
#include <host_sim/time.hpp>

namespace host_sim {

using namespace std::chrono_literals;

// Directions of a link: out is from its first end to its second.
enum class Way : uint8_t { out, in, both };

// Gilbert-Elliott: before each frame the link may turn from good to bad or back; in the bad state
// frames are lost with `loss`. Bursts last 1 / leave frames on average.
struct BurstLoss {
  Probability enter{};        // good to bad, for each frame; 0: no bursts
  Probability leave{};        // bad to good, for each frame
  Probability loss = always;  // of each frame in the bad state

  bool operator==(const BurstLoss&) const = default;
};

// Frames that are sent from `at` on, and before `at + length`, are lost. Frames under way arrive.
struct Outage {
  Instant at{};         // of the simulation's clock
  Duration length{};    // more than 0; forever: it never ends
  Duration every{};     // it comes back with this period (more than length); 0: once
  Way way = Way::both;  // out: only frames from the first end to the second are lost

  bool covers(Instant instant, Way direction) const;  // direction: out or in
  bool operator==(const Outage&) const = default;
};

struct Faults {
  Probability loss{};                // of each frame
  BurstLoss burst{};                 // in addition to `loss`
  Duration delay = 1us;              // 0 to 1 h; a frame needs at least 1 ns
  Duration jitter{};                 // up to this is added, evenly; order is kept. 0 to 1 h
  Probability reorder{};             // of each frame to be held back, so that others overtake it
  Duration reorder_delay = 5ms;      // for up to this time, evenly. 1 ns to 1 h
  Probability duplicate{};           // of each frame; the copy arrives right behind it
  Probability corrupt{};             // of each frame: one to three of its bits are turned, in
                                     // such places that an Internet checksum sees it
  uint64_t rate_bps = 100'000'000;   // bits a second with preamble, checksum and gap (24 octets a
                                     // frame, of at least 60); 0: unlimited. Else 1 kbit to 1 Tbit
  uint32_t queue = 1000;             // frames that may wait for the wire, with the one on it; one
                                     // more is lost. 1 to 1,000,000
  uint32_t mtu = 1500;               // bytes of payload of a frame, else it is lost. 68 to 1986
  std::vector<Outage> partitions{};  // silent: no end knows
  std::vector<Outage> downs{};       // the cable: both ways, and both ends see it

  bool operator==(const Faults&) const = default;
};

// Refuses faults that are out of range or contradict each other: nothing is clipped.
Expected<void> check_faults(const Faults& faults);

// One fault by name, as a tool's --NAME VALUE or a file's NAME=VALUE. Each name once, except
// partition and down, which add up.
struct FaultSetting {
  const char* name;     // "loss"
  const char* value;    // "PERCENT"
  const char* allowed;  // "0% to 100%"
  const char* summary;  // "each frame is lost with this chance"
};
std::span<const FaultSetting> fault_settings();
Expected<void> set_fault(Faults& faults, std::string_view name, std::string_view value);

// Settings between blanks, on top of `base`. The result is checked.
Expected<Faults> parse_faults(std::string_view text, const Faults& base = {});

// Text that parses back to the same faults; what equals the default is left out.
std::string format_faults(const Faults& faults);

// Values: "5%", "0.1%" · "10Mbit", "9600bit", "1.5Gbit", "unlimited" ·
// "AT,LENGTH[,every:PERIOD][,out|in]", LENGTH may be "forever".
Expected<Probability> parse_probability(std::string_view text);
Expected<uint64_t> parse_rate(std::string_view text);
Expected<Outage> parse_outage(std::string_view text);
std::string format_probability(Probability probability);
std::string format_rate(uint64_t rate_bps);
std::string format_outage(const Outage& outage);

}  // namespace host_sim
