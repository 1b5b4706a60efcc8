// What a report remembers of a run, and how it is told: frames, notes, and TCP connections.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <host_sim/observer.hpp>
#include <host_sim/packet.hpp>
#include <host_sim/time.hpp>

namespace host_sim::report {

struct Arrow {  // one frame on one link
  Instant sent{};
  Instant arrives{};        // if it does
  size_t from = 0, to = 0;  // columns
  uint64_t number = 0;
  size_t order = 0;     // among arrows and notes of one instant
  bool to_all = false;  // a broadcast or multicast on a switch
  Fate fate = Fate::arrives;
  bool corrupted = false, duplicate = false, reordered = false, resent = false;
  bool carries_data = false;
  std::string label;  // "PSH ACK 64"
};

struct Note {  // something a node said or that befell it
  Instant at{};
  size_t column = 0;
  size_t order = 0;
  NodeEvent event = NodeEvent::report;
  std::string text;
};

struct Segment {  // of one direction of a connection
  Instant at{};
  uint32_t first = 0;   // relative to the initial sequence number
  uint32_t length = 0;  // SYN and FIN count
  bool resent = false, lost = false;
};
struct Acknowledgement {  // seen by the sender's side of the same direction
  Instant at{};
  uint32_t next = 0;
  uint32_t window = 0;
};
struct WindowSample {
  Instant at{};
  uint32_t congestion_window = 0, slow_start_threshold = 0;
};

struct Direction {
  std::string source, destination;  // "client 10.0.0.2:49153"
  bool started = false;
  uint32_t initial = 0;  // first sequence number seen
  uint32_t highest = 0;  // one past the last byte sent, relative
  uint64_t bytes = 0, segments = 0, resent = 0, lost = 0;
  std::vector<Segment> segments_seen;
  std::vector<Acknowledgement> acknowledgements;
  std::vector<WindowSample> windows;
};

struct Connection {
  Direction ways[2];
};

struct Story {
  std::vector<std::string> columns;
  std::vector<Arrow> arrows;
  std::vector<Note> notes;
  std::map<std::string, Connection> connections;  // by both ends' text, the smaller first
  std::vector<std::string> connection_order;
};

// "SYN", "PSH ACK 64", "UDP 12", "ARP who has 10.0.0.2", …: short enough for an arrow.
std::string arrow_label(const Packet& packet);

// Escapes text for HTML.
std::string escape(std::string_view text);

// The drawings: SVG elements, complete in themselves.
std::string draw_ladder(const Story& story, size_t most_arrows);
std::string draw_sequence_plot(const Direction& way);
std::string draw_window_plot(const Direction& way);  // empty: nothing was sampled

}  // namespace host_sim::report
