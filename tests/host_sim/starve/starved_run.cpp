// Runs an exchange of two nodes, one of them denied memory, and judges what comes of it.
#include "starved_run.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <memory>

#include <host_sim/packet.hpp>
#include <host_sim/trace.hpp>
#include <twinsock/errc.hpp>

namespace host_sim {

namespace {

using twinsock::Errc;

constexpr Duration exchange_deadline = 10s;
// A role's last steps. No close waits for memory: lwIP tries by itself until it has some.
constexpr Duration grace = 1s;
// lwIP gives a segment up after 12 retransmissions, the last of them minutes apart.
constexpr Duration longest_fade = 30min;

constexpr std::array of_memory{Errc::no_buffer_space, Errc::too_many_sockets};
constexpr std::array of_network{Errc::timed_out, Errc::name_lookup_failed};
constexpr std::array of_reset{Errc::connection_reset, Errc::connection_refused, Errc::broken_pipe,
                              Errc::not_connected};

std::string repetition(const Starvation& starvation) {
  return STARVE_PROGRAM " " + starvation.exchange + " " + starvation.family + " " +
         starvation.side + " " + words_of(starvation.drought);
}

class Stage : public Observer {
 public:
  Stage(const Starvation& starvation, bool trace)
      : simulation({.seed = 1, .hash_trace = false, .replay = repetition(starvation)}),
        starvation_(starvation) {
    if (trace) {
      trace_ = std::make_unique<TextTrace>(stdout);
      simulation.add_observer(*trace_);
    }
    simulation.add_observer(*this);
    server = &simulation.add_node(starve_image(), options("server", {"listen=:5005"}, nullptr));
    Node* before = server;
    if (starvation.exchange == "dns_connect") {
      before = &simulation.add_node(
          starve_image(),
          {.name = "names",
           .role = "starve",
           .arguments = {"0", "0", "name_server", "zone=server.test=" + server->ipv4(),
                         "zone=server.test=" + server->ipv6(), "family=inet"},
           .after = server});
    }
    client = &simulation.add_node(starve_image(), options("client", client_words(before), before));
    if (before == server) {
      simulation.connect(*client, *server);
    } else {
      Switch& lan = simulation.add_switch("lan");
      for (Node* node : {client, server, before}) simulation.connect(*node, lan);
    }
  }
  ~Stage() override {
    simulation.remove_observer(*this);
    if (trace_) simulation.remove_observer(*trace_);
  }

  void on_frame(const FrameRecord& record) override {
    const Packet packet = parse_packet(record.frame);
    if (packet.tcp && packet.tcp->rst) ++resets;
  }
  void on_node(const NodeRecord& record) override {
    if (record.event == NodeEvent::finished) ended_at[record.node] = record.at;
  }

  Simulation simulation;
  Node* server = nullptr;
  Node* client = nullptr;
  unsigned resets = 0;
  std::map<const Node*, Instant> ended_at;

 private:
  NodeOptions options(const std::string& name, std::vector<std::string> words, Node* after) {
    const bool starved = name == starvation_.side;
    std::vector<std::string> all{starved ? std::to_string(starvation_.drought.first) : "0",
                                 std::to_string(starvation_.drought.count),
                                 starvation_.exchange + "." + name, "family=" + starvation_.family,
                                 "deadline=10000"};
    all.insert(all.end(), words.begin(), words.end());
    return {.name = name, .role = "starve", .arguments = all, .after = after};
  }
  std::vector<std::string> client_words(const Node* names) {
    const std::string address =
        starvation_.family == "inet6" ? "[" + server->ipv6() + "]" : server->ipv4();
    std::vector<std::string> words{"peer=" + address + ":5005", "closed=" + address + ":1"};
    if (names != server) words.insert(words.end(), {"host=server.test", "dns=" + names->ipv4()});
    return words;
  }

  const Starvation& starvation_;
  std::unique_ptr<TextTrace> trace_;
};

std::string failure_of(const Node& node) {
  if (!node.panic().empty()) return node.panic();
  if (node.passed() || node.state() == NodeState::off) return "";
  for (const LogLine& line : node.log()) {
    if (line.text.starts_with("failed at ")) return line.text;
  }
  return std::string("it is ") + node_state_name(node.state());
}

bool came(const std::string& failure, std::span<const Errc> codes) {
  const std::size_t at = failure.find(", came ");
  if (!failure.starts_with("failed at ") || at == std::string::npos) return false;
  const std::string_view what = std::string_view(failure).substr(at + 7);
  return std::ranges::any_of(codes,
                             [&](Errc code) { return what.starts_with(twinsock::name(code)); });
}

// lwIP's one word for every reason why a group cannot be joined (contract, MCAST-1).
bool came_no_room_for_a_group(const std::string& failure) {
  constexpr std::array reason{Errc::address_not_available};
  return failure.starts_with("failed at join: ") && came(failure, reason);
}

bool came_end(const std::string& failure) {
  constexpr std::array end{Errc::end_of_stream};
  return came(failure, end) || failure.find(", came end of stream") != std::string::npos;
}

struct AtRest {
  Pools client, server;
};

// After an undisturbed run of the same exchange, when all is over.
const AtRest& at_rest(const Starvation& starvation) {
  static std::map<std::string, AtRest> known;
  const auto [found, is_new] = known.try_emplace(starvation.exchange + starvation.family);
  if (is_new) {
    Starvation undisturbed = starvation;
    undisturbed.drought = {};
    Stage stage(undisturbed, false);
    stage.simulation.run_for(5min);
    found->second = {stage.client->pools(), stage.server->pools()};
  }
  return found->second;
}

void judge_role(const Stage& stage, const Node& node, const std::string& failure, const Node& other,
                bool starved, std::vector<std::string>& wrongs) {
  const auto say = [&](const std::string& what) { wrongs.push_back(node.name() + ": " + what); };
  if (node.state() == NodeState::off) return;
  const auto ended = stage.ended_at.find(&node);
  if (ended == stage.ended_at.end() || ended->second > exchange_deadline + grace) {
    say("did not end in time");
  }
  if (failure.empty()) return;
  const bool of_memory_alone = came(failure, of_memory) || came_no_room_for_a_group(failure);
  const bool of_itself = came(failure, of_network) || (starved && of_memory_alone);
  const bool of_peer =
      (came(failure, of_reset) && stage.resets > 0) || (came_end(failure) && !other.passed());
  if (!of_itself && !of_peer) say(failure);
}

}  // namespace

StarvedRun run_starved(const Starvation& starvation, bool trace) {
  const AtRest& rest = at_rest(starvation);
  Stage stage(starvation, trace);
  Simulation& simulation = stage.simulation;
  const auto over = [&] {
    const bool began = stage.server->ready();  // else the client never is switched on
    return stage.server->finished() && (stage.client->finished() || !began);
  };
  const RunResult result = simulation.run_until(over, 5min, "the end of both roles");

  StarvedRun run{.client = failure_of(*stage.client), .server = failure_of(*stage.server)};
  const bool client_starved = starvation.side == "client";
  judge_role(stage, *stage.client, run.client, *stage.server, client_starved, run.wrongs);
  judge_role(stage, *stage.server, run.server, *stage.client, !client_starved, run.wrongs);
  if (result.reached) {
    std::vector<std::string> lines;
    for (Duration waited{}; waited < longest_fade; waited += 30s) {
      const RunResult after = simulation.run_for(30s);
      lines = lost(*stage.client, rest.client);
      const std::vector<std::string> more = lost(*stage.server, rest.server);
      lines.insert(lines.end(), more.begin(), more.end());
      if (lines.empty() || after.stop == Stop::panic) break;
    }
    for (const Node* node : {stage.client, stage.server}) {
      if (!node->panic().empty()) lines.push_back(node->name() + ": " + node->panic());
    }
    run.wrongs.insert(run.wrongs.end(), lines.begin(), lines.end());
  }
  run.denied = was_denied(*stage.client) || was_denied(*stage.server);
  if (!run.wrongs.empty() || trace) run.description = simulation.describe();
  return run;
}

}  // namespace host_sim
