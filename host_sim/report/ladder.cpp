// The ladder: time runs down, each node is a column, each frame an arrow. The distance between two
// instants is not to scale, or a retransmission timer would push everything else off the page: each
// frame has a line of its own, and a silence is marked with its length.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "story.hpp"

namespace host_sim::report {

namespace {

constexpr double line_height = 15;
constexpr double arrival_height = 4;
constexpr double to_all_length = 26;
constexpr double silence_height = 24;
constexpr Duration silence = 100ms;
constexpr double left_margin = 78;
constexpr double right_margin = 34;
constexpr double top_margin = 34;
constexpr size_t longest_note = 44;

enum class Kind : uint8_t { send, arrive, note, left_out };

struct Event {
  Instant at;
  Kind kind;
  size_t index;  // of the arrow or note
  size_t order;  // of one instant: as it was seen
  double y = 0;
};

struct Layout {
  std::vector<Event> events;
  std::vector<double> sent_y, arrives_y, note_y;
  std::vector<std::pair<double, Duration>> silences;
  double bottom = top_margin;
  double left_out_y = 0;
  size_t left_out = 0;
  double column_width;
  double right = 0;  // the last column
  double x(size_t column) const { return left_margin + column_width * static_cast<double>(column); }
};

// Which arrows are drawn: all, or the first two thirds and the last third of `most`.
bool is_drawn(size_t index, size_t count, size_t most) {
  if (count <= most) return true;
  const size_t head = most * 2 / 3;
  return index < head || index >= count - (most - head);
}

Layout lay_out(const Story& story, size_t most) {
  Layout layout;
  layout.column_width = story.columns.size() <= 2 ? 250 : 150;  // two fit on a phone
  layout.right = layout.x(story.columns.size() - 1);
  layout.sent_y.resize(story.arrows.size());
  layout.arrives_y.resize(story.arrows.size());
  layout.note_y.resize(story.notes.size());
  Instant gap_from = forever;
  Instant gap_to{};
  for (size_t i = 0; i < story.arrows.size(); ++i) {
    if (!is_drawn(i, story.arrows.size(), most)) {
      gap_from = std::min(gap_from, story.arrows[i].sent);
      gap_to = std::max(gap_to, story.arrows[i].sent);
      ++layout.left_out;
      continue;
    }
    const Arrow& arrow = story.arrows[i];
    layout.events.push_back({arrow.sent, Kind::send, i, arrow.order});
    if (arrow.fate == Fate::arrives && !arrow.to_all) {
      layout.events.push_back({arrow.arrives, Kind::arrive, i, arrow.order});
    }
  }
  if (layout.left_out > 0) layout.events.push_back({gap_from, Kind::left_out, 0, 0});
  for (size_t i = 0; i < story.notes.size(); ++i) {
    const Instant at = story.notes[i].at;
    if (layout.left_out == 0 || at < gap_from || at > gap_to) {
      layout.events.push_back({at, Kind::note, i, story.notes[i].order});
    }
  }
  std::stable_sort(layout.events.begin(), layout.events.end(), [](const Event& a, const Event& b) {
    return std::pair(a.at, a.order) < std::pair(b.at, b.order);
  });
  Instant before{};
  for (Event& event : layout.events) {
    if (event.at - before >= silence && event.kind != Kind::left_out) {
      layout.silences.emplace_back(layout.bottom + silence_height / 2 + 4, event.at - before);
      layout.bottom += silence_height;
    }
    before = event.at;
    layout.bottom += event.kind == Kind::arrive ? arrival_height : line_height;
    event.y = layout.bottom;
    if (event.kind == Kind::send) layout.sent_y[event.index] = event.y;
    if (event.kind == Kind::arrive) layout.arrives_y[event.index] = event.y;
    if (event.kind == Kind::note) layout.note_y[event.index] = event.y;
    if (event.kind == Kind::left_out) layout.left_out_y = event.y;
  }
  layout.bottom += line_height;
  return layout;
}

const char* arrow_class(const Arrow& arrow) {
  if (arrow.fate != Fate::arrives) return "lost";
  if (arrow.corrupted) return "corrupted";
  if (arrow.resent) return "resent";
  return arrow.carries_data ? "data" : "quiet";
}

std::string arrow_remark(const Arrow& arrow) {
  std::string remark = arrow.to_all ? " · to all" : "";
  if (arrow.resent) remark += " · again";
  if (arrow.duplicate) remark += " · duplicate";
  if (arrow.reordered) remark += " · held back";
  if (arrow.corrupted) remark += " · corrupted";
  if (arrow.fate != Fate::arrives) remark += fmt::format(" · {}", fate_name(arrow.fate));
  return remark;
}

// Lines below, words on top of all of them, so that no arrow strikes a word through.
struct Drawing {
  std::string lines, words;
};

void draw_arrow(Drawing& drawing, const Layout& layout, const Arrow& arrow, size_t index) {
  const double x1 = layout.x(arrow.from);
  const bool last = layout.x(arrow.from) > layout.right - 1;  // of the columns
  const double x2 =
      arrow.to_all ? x1 + (last ? -to_all_length : to_all_length) : layout.x(arrow.to);
  const double y1 = layout.sent_y[index];
  const bool arrives = arrow.fate == Fate::arrives;
  const double end_x = arrives || arrow.to_all ? x2 : (x1 + x2) / 2;
  const double end_y = arrow.to_all ? y1 : arrives ? layout.arrives_y[index] : y1 + arrival_height;
  const char* name = arrow_class(arrow);
  fmt::format_to(std::back_inserter(drawing.lines),
                 "<line class=\"{}{}\" x1=\"{:.0f}\" y1=\"{:.0f}\" x2=\"{:.0f}\" y2=\"{:.0f}\" "
                 "marker-end=\"url(#{})\"/>\n",
                 name, arrow.duplicate ? " duplicate" : "", x1, y1, end_x, end_y,
                 arrives ? fmt::format("head-{}", name) : "cross");
  const bool rightwards = x2 > x1;
  fmt::format_to(std::back_inserter(drawing.words),
                 "<text class=\"label {}\" x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"{}\">{}"
                 "<title>frame {} at {} s</title></text>\n",
                 name, rightwards ? x1 + 8 : x1 - 8, y1 - 3, rightwards ? "start" : "end",
                 escape(arrow.label + arrow_remark(arrow)), arrow.number,
                 format_instant(arrow.sent));
}

void draw_note(Drawing& drawing, const Layout& layout, const Note& note, double y) {
  static constexpr const char* words[] = {"power on", "power off", "", "", "ready", "", "panic: "};
  std::string text = words[static_cast<size_t>(note.event)];
  if (note.event == NodeEvent::finished) {
    text = note.text;
  } else if (note.event == NodeEvent::report) {
    text = "“" + note.text + "”";
  } else {
    text += note.text;
  }
  if (text.size() > longest_note) {
    size_t cut = longest_note;
    while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80) --cut;
    text = text.substr(0, cut) + "…";
  }
  const bool last = note.column > 0;
  fmt::format_to(std::back_inserter(drawing.words),
                 "<circle class=\"note\" cx=\"{:.0f}\" cy=\"{:.0f}\" r=\"3\"/>"
                 "<text class=\"note\" x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"{}\">{}</text>\n",
                 layout.x(note.column), y - 4, layout.x(note.column) + (last ? -8 : 8), y,
                 last ? "end" : "start", escape(text));
}

void draw_frame_of_ladder(std::string& svg, const Story& story, const Layout& layout) {
  for (size_t i = 0; i < story.columns.size(); ++i) {
    const double x = layout.x(i);
    fmt::format_to(
        std::back_inserter(svg),
        "<text class=\"column\" x=\"{0:.0f}\" y=\"20\" text-anchor=\"middle\">{1}</text>"
        "<line class=\"life\" x1=\"{0:.0f}\" y1=\"28\" x2=\"{0:.0f}\" y2=\"{2:.0f}\"/>\n",
        x, escape(story.columns[i]), layout.bottom);
  }
  for (const auto& [y, length] : layout.silences) {
    fmt::format_to(std::back_inserter(svg),
                   "<text class=\"silence\" x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"middle\">"
                   "{} of silence</text>\n",
                   (layout.x(0) + layout.x(story.columns.size() - 1)) / 2, y,
                   format_duration(std::chrono::duration_cast<std::chrono::milliseconds>(length)));
  }
  if (layout.left_out > 0) {
    fmt::format_to(std::back_inserter(svg),
                   "<text class=\"silence\" x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"middle\">"
                   "{} frames are left out here; a trace has them</text>\n",
                   (layout.x(0) + layout.x(story.columns.size() - 1)) / 2, layout.left_out_y,
                   layout.left_out);
  }
}

}  // namespace

std::string draw_ladder(const Story& story, size_t most_arrows) {
  if (story.columns.empty()) return "<p>No node took part.</p>";
  const Layout layout = lay_out(story, most_arrows);
  const double width = layout.x(story.columns.size() - 1) + right_margin;
  std::string svg = fmt::format(
      "<svg class=\"ladder{2}\" role=\"img\" aria-label=\"ladder diagram\" width=\"{0:.0f}\" "
      "height=\"{1:.0f}\" viewBox=\"0 0 {0:.0f} {1:.0f}\">\n<defs>",
      width, layout.bottom + 8, story.columns.size() <= 2 ? " narrow" : "");
  for (const char* name : {"data", "quiet", "resent", "corrupted"}) {
    fmt::format_to(
        std::back_inserter(svg),
        "<marker id=\"head-{0}\" class=\"{0}\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" "
        "markerWidth=\"5.5\" markerHeight=\"5.5\" orient=\"auto\">"
        "<path d=\"M0 0L8 4L0 8z\"/></marker>",
        name);
  }
  svg +=
      "<marker id=\"cross\" class=\"lost\" viewBox=\"-5 -5 10 10\" markerWidth=\"6\" "
      "markerHeight=\"6\"><path d=\"M-4 -4L4 4M-4 4L4 -4\"/></marker></defs>\n";
  draw_frame_of_ladder(svg, story, layout);
  Drawing drawing;
  double last_label = 0;
  for (const Event& event : layout.events) {
    if (event.kind == Kind::arrive || event.kind == Kind::left_out) continue;
    if (event.y - last_label >= line_height - 1) {
      fmt::format_to(std::back_inserter(drawing.words),
                     "<text class=\"time\" x=\"{:.0f}\" y=\"{:.0f}\" text-anchor=\"end\">{:.6f}"
                     "</text>",
                     left_margin - 10, event.y, std::chrono::duration<double>(event.at).count());
      last_label = event.y;
    }
    if (event.kind == Kind::send) {
      draw_arrow(drawing, layout, story.arrows[event.index], event.index);
    } else {
      draw_note(drawing, layout, story.notes[event.index], event.y);
    }
  }
  return svg + drawing.lines + drawing.words + "</svg>\n";
}

}  // namespace host_sim::report
