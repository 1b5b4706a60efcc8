// What ST's two Ethernet DMAs have in common, modelled: memory as the DMA sees it, the line, time.
//
// The DMA sees a store of the core only after order(), and in memory that the data cache holds not
// even then. What a driver does that the chip would not forgive goes to `faults`. Time passes by a
// tick with each register read.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "phy_model.hpp"

namespace firmware::model {

using Frame = std::vector<std::uint8_t>;  // without its checksum

enum class MemoryKind { uncached, cached, unreachable };
enum class Damage { none, checksum };

inline constexpr std::size_t checksum_size = 4;
inline constexpr std::size_t watchdog_size = 2048;  // the MAC cuts longer frames

class EthernetModel {
 public:
  EthernetModel(std::span<std::uint8_t> memory, std::uint32_t bus_clock_hz);
  virtual ~EthernetModel();
  EthernetModel(const EthernetModel&) = delete;
  EthernetModel& operator=(const EthernetModel&) = delete;

  // Before the driver starts: where its memory lies, and of what kind it is.
  void place(std::uint32_t bus_address, MemoryKind kind);

  // The seam.
  std::uint32_t load(std::uintptr_t offset);
  void store(std::uintptr_t offset, std::uint32_t value);
  void order();
  std::uint32_t address(const volatile void* object);

  // The line. A frame arrives if the link is up at the MAC's speed and the filter lets it in.
  void receive(const Frame& frame, Damage damage = Damage::none);
  virtual void overrun(std::uint32_t frames) = 0;  // no room in the MAC's queue
  virtual void break_bus() = 0;
  virtual bool interrupt() const = 0;

  Phy phy;
  bool has_clock = true;  // from the PHY; without it a reset never ends
  std::uint32_t ticks_per_frame = 20;
  bool spoils_frames = false;  // the transmitter gives frames up
  std::vector<Frame> sent;
  std::vector<std::string> faults;

 protected:
  struct BusError {};
  struct Speed {
    bool is_fast, is_full_duplex;
  };

  virtual std::uint32_t on_load(std::uintptr_t offset) = 0;
  virtual void on_store(std::uintptr_t offset, std::uint32_t value) = 0;
  virtual void on_order() {}
  virtual bool is_sending() const = 0;
  virtual void send_next() = 0;  // one descriptor; throws BusError
  virtual bool lets_in(const Frame& frame) const = 0;
  virtual Speed speed() const = 0;
  virtual bool hears_itself() const = 0;  // where the medium is shared
  virtual void deliver(const Frame& whole, bool is_cut, Damage damage) = 0;

  void fault(std::string what) { faults.push_back(std::move(what)); }
  std::uint32_t& reg(std::uintptr_t offset) { return registers_[offset / 4]; }
  std::uint32_t reg(std::uintptr_t offset) const { return registers_[offset / 4]; }
  void forget_registers() { registers_.fill(0); }
  void leave(Frame frame);  // onto the line
  bool matches(const Frame& frame, std::uint32_t high, std::uint32_t low) const;

  // The management interface; `divider` as the chip's clock code says.
  void begin_phy_access(bool is_write, std::uint32_t index, std::uint32_t clock_code);
  bool phy_is_busy() const { return phy_busy_ > 0; }
  std::uint32_t phy_data = 0;

  // The DMA's accesses.
  std::uint32_t fetch(std::uint32_t bus_address);
  void put(std::uint32_t bus_address, std::uint32_t word);
  Frame fetch_bytes(std::uint32_t bus_address, std::size_t size);
  void put_bytes(std::uint32_t bus_address, std::span<const std::uint8_t> bytes);
  // What the core stores since the last order(), in words from the memory's begin.
  bool is_changed(std::size_t offset, std::size_t size) const;
  std::uint32_t stored(std::size_t offset) const;
  std::uint32_t ordered(std::size_t offset) const;
  std::size_t offset_of(std::uint32_t bus_address) const { return bus_address - begin_; }

  std::uint64_t ticks_ = 0;

 private:
  std::size_t reach(std::uint32_t bus_address, std::size_t size);
  void tick();

  std::span<std::uint8_t> memory_;     // as the core sees it
  std::vector<std::uint8_t> ordered_;  // as it was at the last order()
  std::vector<std::uint8_t> seen_;     // as the DMA sees it
  std::uint32_t begin_ = 0x30040000;
  MemoryKind kind_ = MemoryKind::uncached;
  std::uint32_t bus_clock_hz_;
  std::uint32_t phy_busy_ = 0, until_sent_ = 0;
  std::array<std::uint32_t, 0x1200 / 4> registers_{};
};

}  // namespace firmware::model
