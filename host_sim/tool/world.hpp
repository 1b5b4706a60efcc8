// World: where an exchange runs, as `run` and `compare` see it. A further world is one more class
// here and one more line in worlds.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "arguments.hpp"
#include "console.hpp"

namespace host_sim::tool {

struct Settings {
  Family family = Family::inet;
  std::uint64_t seed = 1;                // of the worlds that have chance in them
  std::chrono::milliseconds deadline{};  // of the whole exchange, in the world's own time
  std::vector<std::string> say;          // a chat's lines; empty: the exchange's own
};

// Hears of everything while an exchange runs; called from the world's threads, one at a time.
class Watcher {
 public:
  virtual void line(Side side, std::string_view line) = 0;  // of a transcript
  virtual void log(Side side, std::string_view line) = 0;   // for people
  // A person's next line: its length, or -1 when nobody types any more or the time is over.
  virtual int ask(std::string_view, std::span<char>, const twinsock::Deadline&) { return -1; }

 protected:
  ~Watcher() = default;
};

struct RoleOutcome {
  std::vector<std::string> transcript;
  std::string failure;  // "" passed; else the step, what was expected, what came and what to do
};

struct Outcome {
  RoleOutcome client;
  RoleOutcome server;
  std::vector<std::string> broken;  // what was not kept although roles passed: a late end, a leak
  std::vector<std::string> notes;   // for people: files written, a table of sockets
  std::vector<std::string> unwritten;  // which file is not whole, and why
  bool interrupted = false;            // World::stop() ended it

  bool passed() const {
    return client.failure.empty() && server.failure.empty() && broken.empty() && !interrupted;
  }
  const RoleOutcome& role(Side side) const { return side == Side::client ? client : server; }
};

class World {
 public:
  virtual ~World() = default;
  virtual std::string_view name() const = 0;
  // Why nothing of that family can run here and what to do about it; nullopt: it can.
  virtual std::optional<std::string> unavailable(Family family) = 0;
  // The same of one exchange, in a world that is available: what it needs and is not here. As it
  // stands, of a world with a node or a board.
  virtual std::optional<std::string> lacks(const Exchange& exchange, Family family);
  // One whole exchange, server first. Ends by its deadline. What goes wrong is in the outcome.
  virtual Outcome run(const Exchange& exchange, const Settings& settings, Watcher& watcher) = 0;
  // From another thread, while run() goes on: end soon, with all files whole. False: this world
  // cannot, as its roles are in calls that block.
  virtual bool stop() { return false; }
  // Whether the same seed gives the same run.
  virtual bool replays() const = 0;
};

std::vector<std::string_view> world_names();
// The world of that name, set up by its own options; UsageError if there is none, or an option is
// wrong or belongs to another world.
std::unique_ptr<World> make_world(std::string_view name, const Arguments& arguments);
// The same for several, where an option need make sense for one of them only.
std::vector<std::unique_ptr<World>> make_worlds(const std::string& names,
                                                const Arguments& arguments);

}  // namespace host_sim::tool
