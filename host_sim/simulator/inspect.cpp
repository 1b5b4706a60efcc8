// Tables for people.
#include <algorithm>
#include <vector>

#include <host_sim/inspect.hpp>

#include "number.hpp"

namespace host_sim {
namespace {

// Columns as wide as their widest cell; numbers to the right.
class Table {
 public:
  explicit Table(std::vector<std::string> heads) { rows_.push_back(std::move(heads)); }
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  bool empty() const { return rows_.size() == 1; }

  std::string text(const std::string& indent) const {
    std::vector<size_t> widths(rows_[0].size());
    for (const auto& row : rows_) {
      for (size_t column = 0; column < row.size(); ++column) {
        widths[column] = std::max(widths[column], row[column].size());
      }
    }
    std::string text;
    for (const auto& row : rows_) {
      std::string line = indent;
      for (size_t column = 0; column < row.size(); ++column) {
        const std::string pad(widths[column] - row[column].size(), ' ');
        const bool number = is_number(rows_.back()[column]);
        line += (column == 0 ? "" : "  ") + (number ? pad + row[column] : row[column] + pad);
      }
      line.erase(line.find_last_not_of(' ') + 1);
      text += line + "\n";
    }
    return text;
  }

 private:
  static bool is_number(const std::string& cell) {
    return !cell.empty() && cell.find_first_not_of("0123456789-.") == std::string::npos;
  }

  std::vector<std::vector<std::string>> rows_;
};

std::string number(uint64_t value) { return std::to_string(value); }

std::string off_or(const Node& node, const char* none, const Table& table) {
  if (node.state() == NodeState::off) return "  (" + node.name() + " is off)\n";
  return table.empty() ? std::string("  (") + none + ")\n" : table.text("  ");
}

std::string describe_node(const Node& node) {
  std::string text =
      node.name() + " (" + node.ipv4() + ", " + node.ipv6() + "): " + node_state_name(node.state());
  if (node.finished()) text += " with status " + std::to_string(node.status());
  if (!node.panic().empty()) text += ": " + node.panic();
  text += "\n";
  if (!node.transcript().empty()) text += " transcript\n";
  for (const std::string& line : node.transcript()) text += "  " + line + "\n";
  if (!node.log().empty()) text += " log\n";
  for (const LogLine& line : node.log()) {
    text += "  " + format_instant(line.at) + " " + line.text + "\n";
  }
  text += " sockets\n" + socket_table(node) + " pools\n" + pool_table(node) + " threads\n" +
          thread_table(node);
  return text;
}

}  // namespace

std::string socket_table(const Node& node) {
  Table table({"kind", "state", "recv-q", "send-q", "local", "remote", "cwnd", "ssthresh",
               "snd-wnd", "rcv-wnd", "rto-ms", "retrans", "timer-ms"});
  for (const TwinsockSocketRow& row : node.sockets()) {
    const bool tcp = std::string_view(row.kind) == "tcp";
    const auto of_tcp = [&](uint64_t value) { return tcp ? number(value) : std::string("-"); };
    table.add({row.kind, row.state, number(row.receive_queue), number(row.send_queue), row.local,
               row.remote, of_tcp(row.congestion_window), of_tcp(row.slow_start_threshold),
               of_tcp(row.send_window), of_tcp(row.receive_window), of_tcp(row.rto_ms),
               of_tcp(row.retransmits), tcp && row.timer_ms >= 0 ? number(row.timer_ms) : "-"});
  }
  return off_or(node, "none", table);
}

std::string pool_table(const Node& node) {
  Table table({"pool", "used", "highest", "available", "failed"});
  for (const TwinsockPoolRow& row : node.pools()) {
    table.add({row.name, number(row.used), number(row.highest), number(row.available),
               number(row.failed)});
  }
  return off_or(node, "none", table);
}

std::string thread_table(const Node& node) {
  Table table({"thread", "state", "stack", "highest"});
  for (const TwinsockThreadRow& row : node.threads()) {
    table.add({row.name, row.state, number(row.stack_size), number(row.stack_highest)});
  }
  return off_or(node, "none", table);
}

std::string link_table(const Simulation& simulation) {
  Table table({"link", "frames from", "sent", "arrived", "lost", "cut", "down", "too-big",
               "queue-full", "dropped", "corrupted", "duplicated", "reordered", "refused"});
  for (const Link* link : simulation.links()) {
    for (const Way way : {Way::out, Way::in}) {
      const LinkCounters& counters = link->counters(way);
      table.add({link->name(), link->end(way).name(), number(counters.sent),
                 number(counters.arrived), number(counters.lost + counters.lost_in_burst),
                 number(counters.cut), number(counters.link_down), number(counters.too_big),
                 number(counters.queue_full), number(counters.dropped), number(counters.corrupted),
                 number(counters.duplicated), number(counters.reordered),
                 number(counters.refused)});
    }
  }
  return table.empty() ? "  (none)\n" : table.text("  ");
}

std::string node_table(const Simulation& simulation) {
  Table table({"node", "ipv4", "ipv6", "state", "status", "boots", "clock-s"});
  for (const Node* node : simulation.nodes()) {
    table.add({node->name(), node->ipv4(), node->ipv6(), node_state_name(node->state()),
               node->finished() ? std::to_string(node->status()) : "-", number(node->boots()),
               format_decimal(node->clock_us(), 1'000'000)});
  }
  return table.empty() ? "  (none)\n" : table.text("  ");
}

std::string Simulation::describe() const {
  std::string text = "simulation: seed " + number(seed()) + ", " + format_instant(now()) +
                     " s of virtual time, " + number(frames()) + " frames, " + number(events()) +
                     " events\n";
  text += "nodes\n" + node_table(*this) + "links\n" + link_table(*this);
  for (const Node* node : nodes()) text += describe_node(*node);
  const std::string frames = last_frames();
  if (!frames.empty()) text += "last frames\n" + frames;
  if (!options().replay.empty()) text += "replay: " + options().replay + "\n";
  return text;
}

}  // namespace host_sim
