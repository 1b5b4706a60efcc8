// Stands in for firmware/arch/cortex_m/dma.hpp: the model learns of stores when they are ordered.
#pragma once

#include <cstdint>

namespace firmware::dma {

void order();
std::uint32_t address(const volatile void* object);

}  // namespace firmware::dma
