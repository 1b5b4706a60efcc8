// Which of the board worlds a name means.
#include "board/board_world.hpp"

#include "board/board_options.hpp"

namespace host_sim::tool {

std::unique_ptr<World> make_board_world(const std::string& world, const Arguments& arguments) {
  const std::vector<std::string> partners = parse_partners(world);
  if (partners.size() == 1) return make_desk_world(partners[0], arguments);
  return make_link_world(world, partners, arguments);
}

}  // namespace host_sim::tool
