// Report: listens to a run and writes the page.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <iterator>

#include <host_sim/inspect.hpp>
#include <host_sim/packet.hpp>
#include <host_sim/report.hpp>

#include "page.hpp"
#include "story.hpp"

namespace host_sim {

namespace {

using report::escape;

std::string endpoint_text(const Packet& packet, bool source) {
  const uint16_t port = source ? packet.tcp->source : packet.tcp->destination;
  if (packet.ipv4) {
    return format_ipv4(source ? packet.ipv4->source : packet.ipv4->destination) +
           fmt::format(":{}", port);
  }
  return fmt::format("[{}]:{}",
                     format_ipv6(source ? packet.ipv6->source : packet.ipv6->destination), port);
}

void append_table_row(std::string& html, const std::vector<std::string>& cells, bool head) {
  html += "<tr>";
  for (const std::string& cell : cells) {
    html += head ? "<th>" : "<td>";
    html += escape(cell);
    html += head ? "</th>" : "</td>";
  }
  html += "</tr>\n";
}

}  // namespace

struct Report::Data {
  Simulation& simulation;
  ReportOptions options;
  report::Story story;
  std::vector<const Attachment*> attachments;  // by column
  size_t events = 0;                           // arrows and notes so far
  // Frames on their way through a switch: told as one arrow from node to node.
  struct Crossing {
    std::vector<uint8_t> frame;
    const Attachment* at;
    Instant when;
    size_t arrow;
    report::Direction* way;  // of a TCP segment; nullptr: none
    size_t segment;
  };
  std::vector<Crossing> crossings;

  size_t column(const Attachment& attachment) {
    const auto found = std::find(attachments.begin(), attachments.end(), &attachment);
    if (found != attachments.end()) return static_cast<size_t>(found - attachments.begin());
    attachments.push_back(&attachment);
    story.columns.push_back(attachment.name());
    return attachments.size() - 1;
  }
  Node* node_of(const Attachment& attachment) const {
    Node* node = simulation.find_node(attachment.name());
    return node == &attachment ? node : nullptr;
  }
  // An end of several links that is no node.
  bool is_switch(const Attachment& attachment) const {
    if (node_of(attachment) != nullptr) return false;
    const auto ends_there = [&](const Link* link) {
      return &link->end(Way::out) == &attachment || &link->end(Way::in) == &attachment;
    };
    return std::count_if(simulation.links().begin(), simulation.links().end(), ends_there) > 1;
  }
  Node* node_with(const uint8_t mac[6]) const {
    for (Node* node : simulation.nodes()) {
      if (node->mac() == format_mac(mac)) return node;
    }
    return nullptr;
  }
  void leave_node(const FrameRecord& record, const Packet& packet);
  void leave_switch(const FrameRecord& record, const Packet& packet);
  report::Direction& direction(const Packet& packet, bool reverse);
  bool note_segment(const FrameRecord& record, const Packet& packet, const Attachment& sender);
  void note_acknowledgement(const FrameRecord& record, const Packet& packet);
  std::string head() const;
  std::string transcripts() const;
  std::string connections() const;
  std::string links() const;
};

report::Direction& Report::Data::direction(const Packet& packet, bool reverse) {
  const std::string source = endpoint_text(packet, !reverse);
  const std::string destination = endpoint_text(packet, reverse);
  const bool swapped = destination < source;
  const std::string key = swapped ? destination + " " + source : source + " " + destination;
  const auto [entry, is_new] = story.connections.try_emplace(key);
  if (is_new) story.connection_order.push_back(key);
  report::Direction& way = entry->second.ways[swapped ? 1 : 0];
  if (way.source.empty()) way.source = source, way.destination = destination;
  return way;
}

// True if these bytes had been sent before.
bool Report::Data::note_segment(const FrameRecord& record, const Packet& packet,
                                const Attachment& sender) {
  const TcpHeader& tcp = *packet.tcp;
  const auto length =
      static_cast<uint32_t>(packet.payload.size()) + (tcp.syn ? 1 : 0) + (tcp.fin ? 1 : 0);
  if (length == 0) return false;
  report::Direction& way = direction(packet, false);
  if (tcp.syn || !way.started) {
    if (!way.started || tcp.seq != way.initial) way.highest = 0;
    way.initial = tcp.seq;
    way.started = true;
  }
  const uint32_t first = tcp.seq - way.initial;
  const bool resent = first < way.highest && !record.duplicate;
  const bool lost = record.fate != Fate::arrives;
  way.highest = std::max(way.highest, first + length);
  way.bytes += packet.payload.size();
  ++way.segments;
  way.resent += resent ? 1 : 0;
  way.lost += lost ? 1 : 0;
  way.segments_seen.push_back({record.sent, first, length, resent, lost});
  if (Node* node = node_of(sender)) {
    for (const TwinsockSocketRow& row : node->sockets()) {
      if (way.source == row.local && way.destination == row.remote) {
        way.windows.push_back({record.sent, row.congestion_window, row.slow_start_threshold});
      }
    }
  }
  return resent;
}

void Report::Data::note_acknowledgement(const FrameRecord& record, const Packet& packet) {
  if (!packet.tcp->ack_flag || record.fate != Fate::arrives || record.corrupted) return;
  report::Direction& way = direction(packet, true);
  if (!way.started) return;
  way.acknowledgements.push_back(
      {record.arrives, packet.tcp->ack - way.initial, packet.tcp->window});
}

Report::Report(Simulation& simulation, ReportOptions options)
    : data_(new Data{simulation, std::move(options), {}, {}, 0, {}}) {
  for (Node* node : simulation.nodes()) data_->column(*node);
  simulation.add_observer(*this);
}

Report::~Report() { data_->simulation.remove_observer(*this); }

ReportOptions& Report::options() { return data_->options; }

// The first link of its way: the frame is new.
void Report::Data::leave_node(const FrameRecord& record, const Packet& packet) {
  const Attachment& sender = record.link->end(record.way);
  const Attachment& receiver = record.link->end(record.way == Way::out ? Way::in : Way::out);
  const bool through_switch = is_switch(receiver);
  const bool to_all = (packet.destination[0] & 1) != 0;
  Node* const target = node_with(packet.destination);
  report::Arrow arrow;
  arrow.sent = record.sent;
  arrow.arrives = record.arrives;
  arrow.from = column(sender);
  if (!through_switch) {
    arrow.to = column(receiver);
  } else {
    arrow.to_all = to_all || target == nullptr;
    arrow.to = target == nullptr ? arrow.from : column(*target);
  }
  arrow.number = record.number;
  arrow.order = ++events;
  arrow.fate = record.fate;
  arrow.corrupted = record.corrupted;
  arrow.duplicate = record.duplicate;
  arrow.reordered = record.reordered;
  arrow.label = report::arrow_label(packet);
  arrow.carries_data = (packet.tcp || packet.udp) && !packet.payload.empty();
  report::Direction* way = nullptr;
  size_t segment = 0;
  if (packet.tcp && (packet.ipv4 || packet.ipv6) && !record.corrupted) {
    arrow.resent = note_segment(record, packet, sender);
    if (!packet.payload.empty() || packet.tcp->syn || packet.tcp->fin) {
      way = &direction(packet, false);
      segment = way->segments_seen.size() - 1;
    }
  }
  if (through_switch && record.fate == Fate::arrives && !arrow.to_all) {
    crossings.push_back({{record.frame.begin(), record.frame.end()},
                         &receiver,
                         record.arrives,
                         story.arrows.size(),
                         way,
                         segment});
  }
  story.arrows.push_back(std::move(arrow));
}

// A further link: the arrow gets longer. What a switch floods to others than the one that is meant
// is not told.
void Report::Data::leave_switch(const FrameRecord& record, const Packet& packet) {
  const Attachment& sender = record.link->end(record.way);
  const Attachment& receiver = record.link->end(record.way == Way::out ? Way::in : Way::out);
  std::erase_if(crossings, [&](const Crossing& one) { return one.when < record.sent; });
  Node* const target = node_with(packet.destination);
  if (target == nullptr || (target != &receiver && !is_switch(receiver))) return;
  const auto crossing = std::find_if(crossings.begin(), crossings.end(), [&](const Crossing& one) {
    return one.at == &sender && one.when == record.sent &&
           (record.corrupted || std::equal(one.frame.begin(), one.frame.end(), record.frame.begin(),
                                           record.frame.end()));
  });
  if (crossing == crossings.end()) return;
  report::Arrow& arrow = story.arrows[crossing->arrow];
  arrow.arrives = record.arrives;
  arrow.fate = record.fate;
  arrow.corrupted = arrow.corrupted || record.corrupted;
  arrow.reordered = arrow.reordered || record.reordered;
  if (record.fate != Fate::arrives && crossing->way != nullptr) {
    ++crossing->way->lost;
    crossing->way->segments_seen[crossing->segment].lost = true;
  }
  if (record.fate == Fate::arrives && is_switch(receiver)) {
    crossing->at = &receiver;
    crossing->when = record.arrives;
  } else {
    crossings.erase(crossing);
  }
}

void Report::on_frame(const FrameRecord& record) {
  const Attachment& receiver = record.link->end(record.way == Way::out ? Way::in : Way::out);
  const Packet packet = parse_packet(record.frame);
  if (data_->is_switch(record.link->end(record.way))) {
    data_->leave_switch(record, packet);
  } else {
    data_->leave_node(record, packet);
  }
  if (packet.tcp && (packet.ipv4 || packet.ipv6) && !record.corrupted &&
      data_->node_of(receiver) != nullptr) {
    data_->note_acknowledgement(record, packet);
  }
}

void Report::on_node(const NodeRecord& record) {
  if (record.event == NodeEvent::log) return;
  std::string text(record.text);
  if (record.event == NodeEvent::finished) {
    text = record.value == 0 ? "passed" : fmt::format("failed, status {}", record.value);
  }
  data_->story.notes.push_back(
      {record.at, data_->column(*record.node), ++data_->events, record.event, std::move(text)});
}

std::string Report::Data::head() const {
  Instant last{};
  if (!story.arrows.empty()) last = story.arrows.back().sent;
  if (!story.notes.empty()) last = std::max(last, story.notes.back().at);
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<title>{0}</title>\n<style>{1}</style></head><body>\n<h1>{0}</h1>\n",
      escape(options.title), report::page_style);
  if (!options.verdict.empty()) {
    fmt::format_to(std::back_inserter(html), "<p class=\"verdict{}\">{}</p>\n",
                   options.failed ? " failed" : "", escape(options.verdict));
  }
  fmt::format_to(std::back_inserter(html),
                 "<p>{} nodes, {} frames, seed {}; the last frame or event is at {} s of virtual "
                 "time.</p>\n",
                 simulation.nodes().size(), story.arrows.size(), simulation.seed(),
                 format_instant(last));
  if (!simulation.options().replay.empty()) {
    fmt::format_to(std::back_inserter(html), "<h2>Replay</h2>\n<pre class=\"replay\">{}</pre>\n",
                   escape(simulation.options().replay));
  }
  html += "<h2>Settings</h2>\n<div class=\"wide\"><table>\n";
  for (const auto& [name, value] : options.settings) append_table_row(html, {name, value}, false);
  const auto add_link = [&](const std::string& link, const Faults& faults) {
    const std::string text = format_faults(faults);
    append_table_row(html, {link, text.empty() ? "a good cable: 100 Mbit/s, 1 us" : text}, false);
  };
  for (const Link* link : simulation.links()) {
    if (link->faults(Way::out) == link->faults(Way::in)) {
      add_link(fmt::format("link {}", link->name()), link->faults(Way::out));
      continue;
    }
    for (const Way way : {Way::out, Way::in}) {
      add_link(fmt::format("link {} from {}", link->name(), link->end(way).name()),
               link->faults(way));
    }
  }
  return html + "</table></div>\n";
}

std::string Report::Data::transcripts() const {
  std::string html = "<h2>Transcripts</h2>\n<div class=\"transcripts\">\n";
  for (const Node* node : simulation.nodes()) {
    fmt::format_to(std::back_inserter(html), "<div><h3>{} <small>({})</small></h3><pre>",
                   escape(node->name()), node_state_name(node->state()));
    for (const std::string& line : node->transcript()) html += escape(line) + "\n";
    for (const LogLine& line : node->log()) html += "[log] " + escape(line.text) + "\n";
    if (!node->panic().empty()) html += "panic: " + escape(node->panic()) + "\n";
    html += "</pre></div>\n";
  }
  return html + "</div>\n";
}

std::string Report::Data::connections() const {
  if (story.connection_order.empty()) return {};
  std::string html =
      "<h2>Connections</h2>\n<p class=\"legend\">Sequence numbers: <b class=\"key-data\">sent</b>, "
      "<b class=\"key-resent\">sent again</b>, <b class=\"key-lost\">lost</b>, "
      "<b class=\"key-acked\">acknowledged</b>. Congestion window: <b "
      "class=\"key-data\">window</b>, "
      "<b class=\"key-quiet\">slow start threshold (dashed)</b>.</p>\n";
  for (const std::string& key : story.connection_order) {
    for (const report::Direction& way : story.connections.at(key).ways) {
      if (way.segments_seen.empty()) continue;
      fmt::format_to(std::back_inserter(html),
                     "<h3>{} → {}</h3><p class=\"legend\">{} bytes in {} segments, {} sent again, "
                     "{} lost</p>\n",
                     escape(way.source), escape(way.destination), way.bytes, way.segments,
                     way.resent, way.lost);
      html += report::draw_sequence_plot(way);
      html += report::draw_window_plot(way);
    }
  }
  return html;
}

std::string Report::Data::links() const {
  return "<h2>Links and nodes</h2>\n<pre>" + escape(link_table(simulation)) + "\n" +
         escape(node_table(simulation)) +
         "</pre>\n<details><summary>Everything else: sockets, "
         "pools, threads, the last frames</summary><pre>" +
         escape(simulation.describe()) + "</pre></details>\n";
}

Expected<void> Report::write(const std::string& path) const {
  const std::string html =
      data_->head() + data_->transcripts() +
      "<h2>Ladder</h2>\n<p class=\"legend\">Time runs down, not to scale. <b class=\"key-data\">"
      "data</b>, <b class=\"key-quiet\">no data</b>, <b class=\"key-resent\">sent again</b>, "
      "<b class=\"key-lost\">lost on the way (×)</b>, <b class=\"key-corrupted\">corrupted</b>, "
      "dashed: a duplicate.</p>\n<div class=\"wide\">\n" +
      report::draw_ladder(data_->story, data_->options.ladder_frames) + "</div>\n" +
      data_->connections() + data_->links() + "</body></html>\n";
  std::FILE* file = std::fopen(path.c_str(), "wb");
  if (file == nullptr) {
    return Error{fmt::format("cannot write the report {}: {}", path, std::strerror(errno))};
  }
  const bool complete = std::fwrite(html.data(), 1, html.size(), file) == html.size();
  if (std::fclose(file) != 0 || !complete) {
    return Error{fmt::format("cannot write the report {}: {}", path, std::strerror(errno))};
  }
  return {};
}

}  // namespace host_sim
