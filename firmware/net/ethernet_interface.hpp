// The board's Ethernet as lwIP's only network interface, driven by interrupts: the interrupt masks
// the chip and posts one message, lwIP's thread takes the frames and unmasks it.
#pragma once

#include <lwip/netif.h>

#include "drivers/ethernet.hpp"

namespace firmware {

void on_ethernet_interrupt();

// lwIP's init function for netif_add; needs the core lock. ERR_IF: the chip does not answer.
err_t start_ethernet_interface(netif* interface);

struct EthernetReport {
  drivers::EthernetCounters driver;
  std::uint32_t no_buffer;  // frames dropped because the pbuf pool was empty
};
EthernetReport ethernet_report();

}  // namespace firmware
