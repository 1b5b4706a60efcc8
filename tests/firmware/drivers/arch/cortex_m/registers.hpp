// Stands in for firmware/arch/cortex_m/registers.hpp: the same names, a model of the chip behind.
#pragma once

#include <cstdint>

namespace firmware {

std::uint32_t load_register(std::uintptr_t address);
void store_register(std::uintptr_t address, std::uint32_t value);

class Register {
 public:
  explicit Register(std::uintptr_t address) : address_(address) {}
  operator std::uint32_t() const { return load_register(address_); }
  void operator=(std::uint32_t value) const { store_register(address_, value); }

 private:
  std::uintptr_t address_;
};

inline Register at(std::uintptr_t address) { return Register(address); }
inline void take(std::uint32_t) {}

}  // namespace firmware
