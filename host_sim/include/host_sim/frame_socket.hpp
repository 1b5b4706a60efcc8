// FrameSocket: a bridge to a program that sends and takes Ethernet frames over a socket, as QEMU's
// `-netdev dgram`, `stream` and `socket` do.
//
//   auto board = *FrameSocket::datagram("unix:sim.sock", "unix:board.sock");
//   board->qemu("n0")  // "dgram,id=n0,local.type=unix,local.path=board.sock,…": for QEMU's -netdev
//
// In datagrams, one is one frame. In a stream each frame stands behind its length, four bytes in
// network order. No checksum at the end of a frame either way.
//
// Endpoints are "unix:PATH" (at most 107 bytes), "ADDRESS:PORT" or "[ADDRESS]:PORT"; names are not
// looked up, and port 0 is any free one. A Unix socket's file that nobody holds any more is
// replaced, and goes with its FrameSocket.
//
// Frames for a peer that is not there are lost, as behind a cable that leads nowhere; it may come,
// go and come again. So are frames for which its queue has no room.
#pragma once

#include <deque>
#include <memory>
#include <string>
#include <string_view>

#include <host_sim/bridge.hpp>

namespace host_sim {

class FrameSocket : public Bridge {
 public:
  // Empty `remote`: whoever sends the first datagram. Then only its datagrams are taken.
  static Expected<std::unique_ptr<FrameSocket>> datagram(const std::string& local,
                                                         const std::string& remote = "");
  // A stream: waits for one peer at a time.
  static Expected<std::unique_ptr<FrameSocket>> listen(const std::string& local);
  // A stream: blocks for at most 5 s; fails if nobody listens there. Fails as a bridge (failure())
  // when the peer ends.
  static Expected<std::unique_ptr<FrameSocket>> connect(const std::string& remote);

  ~FrameSocket() override;

  const std::string& local() const { return local_; }    // with the port that it got; or empty
  const std::string& remote() const { return remote_; }  // as given, or as it was learnt
  bool connected() const { return connected_; }  // a stream has a peer; a datagram knows where to

  // The peer's QEMU option: what stands behind `-netdev`. Needs a remote end of datagrams.
  std::string qemu(std::string_view id) const;

  void prepare(std::vector<pollfd>& waits, Duration& longest) override;
  void handle(std::span<const pollfd> waits) override;

 protected:
  bool take(std::span<const uint8_t> frame) override;

 private:
  enum class Kind : uint8_t { datagram, listener, client };
  explicit FrameSocket(Kind kind) : kind_(kind) {}

  void accept_peer();
  void read_datagrams();
  void read_stream();
  void give_whole_frames();
  void write_waiting();
  bool send_datagram(std::span<const uint8_t> frame);
  bool reach_remote();
  void end_peer();

  Kind kind_;
  std::string local_, remote_, file_;  // file_: to be removed
  int listening_ = -1, socket_ = -1;
  bool connected_ = false;
  std::vector<uint8_t> incoming_;             // of a stream: not yet a whole frame
  std::deque<std::vector<uint8_t>> waiting_;  // for room in the peer's queue
  size_t written_ = 0;                        // of the first of them
};

}  // namespace host_sim
