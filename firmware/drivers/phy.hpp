// A 10/100 PHY by the registers that IEEE 802.3 (clause 22) asks of every one.
#pragma once

#include <cstdint>

namespace firmware::drivers::phy {

struct LinkMode {
  bool is_up = false, is_fast = true, is_full_duplex = true;
  bool operator==(const LinkMode&) const = default;
};

inline constexpr std::uint32_t control = 0, status = 1, identifier = 2, advertised = 4, partner = 5;
inline constexpr std::uint32_t no_answer = 0xFFFF;
inline constexpr unsigned wake_up_reads = 2'000;  // some 50 ms: a PHY needs them after its reset

// The code of the management clock's divider in ST's MACs: 2.5 MHz at most from the bus clock.
constexpr std::uint32_t clock_code(std::uint32_t bus_clock_hz) {
  if (bus_clock_hz < 35'000'000) return 2;
  if (bus_clock_hz < 60'000'000) return 3;
  if (bus_clock_hz <= 100'000'000) return 0;
  return bus_clock_hz <= 150'000'000 ? 1 : 4;
}

// `Mac` has read_phy(index), 0xFFFF where nobody answers, and write_phy(index, value). False: there
// is no PHY.
template <class Mac>
bool start(Mac& mac) {
  for (unsigned i = 0; i < wake_up_reads; ++i) {
    const std::uint32_t id = mac.read_phy(identifier);
    if (id == no_answer || id == 0) continue;
    mac.write_phy(control, 0x1200);  // negotiate, from the start
    return true;
  }
  return false;
}

template <class Mac>
LinkMode read_mode(Mac& mac) {
  mac.read_phy(status);  // holds a loss since the last reading
  const std::uint32_t state = mac.read_phy(status);
  constexpr std::uint32_t link_is_up = 1u << 2, negotiated = 1u << 5;
  if (state == no_answer || !(state & link_is_up) || !(state & negotiated)) return {};
  const std::uint32_t common = mac.read_phy(advertised) & mac.read_phy(partner);
  constexpr std::uint32_t half_10 = 1u << 5, full_10 = 1u << 6, half_100 = 1u << 7,
                          full_100 = 1u << 8;
  if (common & full_100) return {true, true, true};
  if (common & half_100) return {true, true, false};
  if (common & full_10) return {true, false, true};
  return {(common & half_10) != 0, false, false};
}

}  // namespace firmware::drivers::phy
