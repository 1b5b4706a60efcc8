// Two plots of one direction of a TCP connection: sequence numbers over time, and the sender's
// congestion window over time.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "story.hpp"

namespace host_sim::report {

namespace {

constexpr double width = 480, height = 220;  // readable on a phone, which shows 0.8 of it
constexpr double left = 58, right = 14, top = 24, bottom = 34;
constexpr size_t most_marks = 4000;

double seconds(Instant at) { return std::chrono::duration<double>(at).count(); }

// 1, 2 or 5 times a power of ten, so that there are four to ten steps.
double step_for(double span) {
  if (span <= 0) return 1;
  const double power = std::pow(10, std::floor(std::log10(span / 5)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (span / (factor * power) <= 8) return factor * power;
  }
  return 10 * power;
}

class Plot {
 public:
  Plot(double first_s, double last_s, double most, const char* unit, const char* what)
      : first_(first_s), last_(std::max(last_s, first_s + 1e-6)), most_(std::max(most, 1.0)) {
    svg_ = fmt::format(
        "<svg class=\"plot\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {:.0f} {:.0f}\">\n", what,
        width, height);
    draw_axes(unit);
  }

  double x(Instant at) const {
    return left + (seconds(at) - first_) / (last_ - first_) * (width - left - right);
  }
  double y(double value) const { return height - bottom - value / most_ * (height - top - bottom); }

  void mark(const char* name, Instant at, double from, double to) {
    // A segment is a stroke as tall as its bytes, at least a visible one.
    const double y1 = y(from);
    const double y2 = std::min(y(to), y1 - 1.5);
    fmt::format_to(std::back_inserter(svg_),
                   "<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>",
                   name, x(at), y1, x(at), y2);
  }
  void begin_path(const char* name) { svg_ += fmt::format("<path class=\"{}\" d=\"", name); }
  void step_to(Instant at, double value, bool start) {
    svg_ += start ? fmt::format("M{:.1f} {:.1f}", x(at), y(value))
                  : fmt::format("H{:.1f}V{:.1f}", x(at), y(value));
  }
  void end_path() { svg_ += "\"/>\n"; }
  std::string finish() { return svg_ + "</svg>\n"; }

 private:
  void draw_axes(const char* unit) {
    const double step_y = step_for(most_);
    for (double value = 0; value <= most_; value += step_y) {
      fmt::format_to(
          std::back_inserter(svg_),
          "<line class=\"grid\" x1=\"{0}\" y1=\"{1:.1f}\" x2=\"{2}\" y2=\"{1:.1f}\"/>"
          "<text class=\"axis\" x=\"{3}\" y=\"{4:.1f}\" text-anchor=\"end\">{5:.0f}</text>",
          left, y(value), width - right, left - 6, y(value) + 4, value);
    }
    const double step_x = step_for(last_ - first_);
    const int digits = std::max(0, static_cast<int>(-std::floor(std::log10(step_x))));
    for (double at = std::ceil(first_ / step_x) * step_x; at <= last_; at += step_x) {
      const double place = left + (at - first_) / (last_ - first_) * (width - left - right);
      fmt::format_to(std::back_inserter(svg_),
                     "<text class=\"axis\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{:.{}f}"
                     "</text>",
                     place, height - bottom + 16, at, digits);
    }
    fmt::format_to(
        std::back_inserter(svg_),
        "<text class=\"axis\" x=\"{}\" y=\"{}\" text-anchor=\"end\">virtual time, s</text>"
        "<text class=\"axis\" x=\"4\" y=\"{}\">{}</text>\n",
        width - right, height - 4, 12, unit);
  }

  double first_, last_, most_;
  std::string svg_;
};

const char* segment_class(const Segment& segment) {
  if (segment.lost) return "lost";
  return segment.resent ? "resent" : "data";
}

}  // namespace

std::string draw_sequence_plot(const Direction& way) {
  if (way.segments_seen.empty()) return {};
  Instant last = way.segments_seen.back().at;
  if (!way.acknowledgements.empty()) last = std::max(last, way.acknowledgements.back().at);
  Plot plot(seconds(way.segments_seen.front().at), seconds(last), way.highest, "byte",
            "sequence numbers over time");
  const size_t stride = way.segments_seen.size() / most_marks + 1;
  for (size_t i = 0; i < way.segments_seen.size(); ++i) {
    const Segment& segment = way.segments_seen[i];
    if (i % stride != 0 && !segment.lost && !segment.resent) continue;
    plot.mark(segment_class(segment), segment.at, segment.first, segment.first + segment.length);
  }
  const size_t ack_stride = way.acknowledgements.size() / most_marks + 1;
  bool start = true;
  plot.begin_path("acked");
  for (size_t i = 0; i < way.acknowledgements.size(); i += ack_stride) {
    plot.step_to(way.acknowledgements[i].at, way.acknowledgements[i].next, start);
    start = false;
  }
  plot.end_path();
  return plot.finish();
}

std::string draw_window_plot(const Direction& way) {
  if (way.windows.size() < 2) return {};
  uint32_t most = 0;
  for (const WindowSample& sample : way.windows) most = std::max(most, sample.congestion_window);
  Plot plot(seconds(way.windows.front().at), seconds(way.windows.back().at), most, "bytes",
            "congestion window over time");
  const size_t stride = way.windows.size() / most_marks + 1;
  const auto draw = [&](const char* name, uint32_t WindowSample::*member) {
    bool start = true;
    plot.begin_path(name);
    for (size_t i = 0; i < way.windows.size(); i += stride) {
      plot.step_to(way.windows[i].at, std::min(way.windows[i].*member, most), start);
      start = false;
    }
    plot.end_path();
  };
  draw("threshold", &WindowSample::slow_start_threshold);
  draw("window", &WindowSample::congestion_window);
  return plot.finish();
}

}  // namespace host_sim::report
