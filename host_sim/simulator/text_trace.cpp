// The text trace, and its legend.
#include <host_sim/network.hpp>
#include <host_sim/node.hpp>
#include <host_sim/packet.hpp>
#include <host_sim/trace.hpp>

namespace host_sim {
namespace {

std::string padded(std::string text, size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string fate_of(const FrameRecord& record) {
  std::string text;
  if (record.fate != Fate::arrives) {
    text = std::string("! ") + fate_name(record.fate);
  } else {
    text = "+" + format_duration(record.arrives - record.sent);
  }
  if (record.starts > record.sent) {
    text += " queued " + format_duration(record.starts - record.sent);
  }
  if (record.corrupted) text += " corrupted";
  if (record.duplicate) text += " duplicate";
  if (record.reordered) text += " reordered";
  if (record.delayed) text += " delayed";
  return text;
}

}  // namespace

const char* fate_name(Fate fate) {
  switch (fate) {
    case Fate::arrives: return "arrives";
    case Fate::lost: return "lost";
    case Fate::lost_in_burst: return "lost in a burst";
    case Fate::cut: return "cut by a partition";
    case Fate::link_down: return "cable down";
    case Fate::too_big: return "too big";
    case Fate::queue_full: return "queue full";
    case Fate::dropped: return "dropped by a rule";
  }
  return "";
}

const char* trace_legend() {
  return "# SECONDS FROM > TO | PACKET | FATE\n"
         "#   seconds of virtual time at which the frame was handed to the link; the link's ends\n"
         "#   packet: addresses, then\n"
         "#     tcp FLAGS seq ack win len   S syn, F fin, R rst, P push, U urgent, A ack; len in\n"
         "#                                 bytes of data; win as on the wire, not scaled\n"
         "#     udp len · icmp, icmp6 KIND len · arp · fragment OFFSET+ (more come) or last\n"
         "#     bad-checksum, malformed     as it arrives, so after corruption\n"
         "#   fate: +TIME it arrives so much later, or ! and why it does not; then\n"
         "#     queued TIME (waited for the wire), corrupted, duplicate (the copy of the frame\n"
         "#     before), reordered (held back by that fault), delayed (by a packet rule)\n"
         "# SECONDS NODE: EVENT TEXT       power on, power off, reports, logs, ready, finished,\n"
         "#                                panics, and frames that a node refused\n";
}

std::string format_frame(const FrameRecord& record) {
  const Link& link = *record.link;
  const Way back = record.way == Way::out ? Way::in : Way::out;
  const std::string ends = link.end(record.way).name() + " > " + link.end(back).name();
  return format_instant(record.sent) + " " + padded(ends, 16) + " | " +
         padded(describe_packet(parse_packet(record.frame)), 60) + " | " + fate_of(record);
}

std::string format_node_event(const NodeRecord& record) {
  std::string text = format_instant(record.at) + " " + record.node->name() + ": ";
  switch (record.event) {
    case NodeEvent::power_on: return text + "power on";
    case NodeEvent::power_off: return text + "power off";
    case NodeEvent::report: return text + "reports " + std::string(record.text);
    case NodeEvent::log: return text + "log " + std::string(record.text);
    case NodeEvent::ready: return text + "ready";
    case NodeEvent::finished: return text + "finished with status " + std::to_string(record.value);
    case NodeEvent::panic: return text + "panic " + std::string(record.text);
  }
  return text;
}

void TextTrace::write(const std::string& line) {
  if (legend_) std::fputs(trace_legend(), file_);
  legend_ = false;
  std::fprintf(file_, "%s\n", line.c_str());
}

void TextTrace::on_frame(const FrameRecord& record) { write(format_frame(record)); }
void TextTrace::on_node(const NodeRecord& record) { write(format_node_event(record)); }

void TextTrace::on_refused(const RefusedRecord& record) {
  write(format_instant(record.at) + " " + record.node->name() + ": refused frame " +
        std::to_string(record.number) + ": " + record.reason);
}

void TextTrace::flush() { std::fflush(file_); }

}  // namespace host_sim
