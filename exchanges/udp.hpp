// What the datagram exchanges share, since a datagram or its answer may be lost, late or doubled:
// when to send again, and how a client tells its server that it has ended.
#pragma once

#include <array>
#include <cstdint>

#include "timed.hpp"

namespace twinsock::inline TWINSOCK_BACKEND::exchanges {

inline constexpr std::uint32_t longest_retry_ms = 1000;

// How long to wait for an answer before sending again, learned from the answers so far: their mean
// time and spread (as TCP does, RFC 6298), 20 ms to 1 s; 500 ms at first; doubled at each loss, and
// halved again by each answer.
class RetryTimer {
 public:
  Timeout wait() const;
  void sent();  // for the first time
  void sent_again();
  void answered();  // only what was sent once is measured: the answer to which is else unknown

 private:
  std::uint32_t sent_at_ms_ = 0;
  std::int32_t mean_ms_ = -1;
  std::int32_t spread_ms_ = 0;
  std::int32_t doublings_ = 0;
  bool again_ = false;
};

// Sends one datagram, which the network may lose: that the stack has no room for it now is such a
// loss and no error.
Result<void> send_datagram(const Timed& socket, Bytes data, const Endpoint& peer);

// Whether a datagram's sender is the server that was asked: its scope may have been left to the
// stack to choose, and 0.0.0.0 or :: stand for this host.
bool is_server(const Endpoint& sender, const Endpoint& server);

// Tells the server that this client has ended: an empty datagram, three times over.
Result<void> say_goodbye(const Timed& socket, const Endpoint& peer);

// Which datagrams were seen lately, by sender and content, so that a repetition is known for one.
class SeenDatagrams {
 public:
  bool contains(const Endpoint& peer, Bytes data) const;
  void add(const Endpoint& peer, Bytes data);

 private:
  std::array<std::uint32_t, 16> digests_{};
  std::size_t count_ = 0;
};

}  // namespace twinsock::inline TWINSOCK_BACKEND::exchanges
