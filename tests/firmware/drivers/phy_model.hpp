// The registers of a 10/100 PHY, as a cable goes in and out.
#pragma once

#include <cstdint>

namespace firmware::model {

class Phy {
 public:
  bool answers = true;

  void set_cable(bool is_in, bool is_fast = true, bool is_full_duplex = true) {
    if (!is_in) was_lost_ = true;
    is_up_ = is_in;
    is_fast_ = is_fast;
    is_full_duplex_ = is_full_duplex;
  }
  bool is_up() const { return is_up_ && negotiates_; }
  bool is_fast() const { return is_fast_; }
  bool is_full_duplex() const { return is_full_duplex_; }

  std::uint32_t read(std::uint32_t index) {
    if (!answers) return 0xFFFF;
    switch (index) {
      case 1: return read_status();
      case 2: return 0x0007;
      case 3: return 0xC131;
      case 4: return 0x01E1;
      case 5:
        return 0x4001 | (is_fast_ ? (is_full_duplex_ ? 1u << 8 : 1u << 7)
                                  : (is_full_duplex_ ? 1u << 6 : 1u << 5));
      default: return 0;
    }
  }
  void write(std::uint32_t index, std::uint32_t value) {
    if (index == 0 && (value & 0x1200) == 0x1200) negotiates_ = true;
  }

 private:
  std::uint32_t read_status() {
    const bool shows_up = is_up() && !was_lost_;
    was_lost_ = false;
    return 0x7809 | (shows_up ? 1u << 2 : 0) | (is_up() ? 1u << 5 : 0);
  }
  bool is_up_ = true, was_lost_ = true, is_fast_ = true, is_full_duplex_ = true;
  bool negotiates_ = false;  // nothing comes of a cable before it was asked for
};

}  // namespace firmware::model
