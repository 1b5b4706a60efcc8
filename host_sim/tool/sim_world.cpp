// The sim world: both roles on lwIP nodes, joined by one simulated link, in virtual time.
#include <fmt/format.h>

#include "run_options.hpp"
#include "sim_image.hpp"
#include "sim_runner.hpp"
#include "worlds.hpp"

namespace host_sim::tool {

namespace {

class SimWorld final : public World {
 public:
  explicit SimWorld(const Arguments& arguments)
      : arguments_(arguments),
        network_(read_network(arguments.network)),
        image_(open_image(arguments)) {
    if (image_.image) runner_.emplace(*image_.image);
  }

  std::string_view name() const override { return "sim"; }
  std::optional<std::string> unavailable(Family) override {
    if (runner_) return std::nullopt;
    return image_.missing;
  }
  Outcome run(const Exchange& exchange, const Settings& settings, Watcher& watcher) override {
    const Looking looking{.trace = arguments_.trace,
                          .sockets = arguments_.sockets,
                          .hash = arguments_.hash,
                          .pcap = arguments_.pcap,
                          .report = arguments_.report,
                          .replay = replay_words(exchange, name(), settings, arguments_),
                          .settings = settings_rows(exchange, settings)};
    return runner_->run(exchange, settings, network_, looking, watcher);
  }
  bool stop() override {
    runner_->stop();
    return true;
  }
  bool replays() const override { return true; }

 private:
  // Of a report: what was asked for.
  std::vector<std::pair<std::string, std::string>> settings_rows(const Exchange& exchange,
                                                                 const Settings& settings) const {
    std::vector<std::pair<std::string, std::string>> rows{
        {"exchange", exchange.name},
        {"family", std::string(twinsock::name(settings.family))},
        {"seed", std::to_string(settings.seed)},
        {"deadline", format_duration(settings.deadline)},
        {"image", fmt::format("{}, {}", image_.image->profile(), image_.image->build())}};
    for (const GivenOption& given : arguments_.network) rows.emplace_back(given.name, given.value);
    for (const std::string& line : settings.say) rows.emplace_back("--say", line);
    return rows;
  }

  Arguments arguments_;
  Scenario network_;
  SimImage image_;
  std::optional<SimRunner> runner_;
};

}  // namespace

std::unique_ptr<World> make_sim_world(const Arguments& arguments) {
  return std::make_unique<SimWorld>(arguments);
}

}  // namespace host_sim::tool
