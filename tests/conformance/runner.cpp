// Chooses the cases, runs each between two counts of the open sockets, and reports.
#include <conformance/runner.hpp>
#include <twinsock/packet.hpp>
#include <twinsock/unix.hpp>

namespace twinsock::inline TWINSOCK_BACKEND::conformance {

namespace {

#define TWINSOCK_TEXT_OF(value) #value
#define TWINSOCK_TEXT(value) TWINSOCK_TEXT_OF(value)
constexpr bool over_posix = std::string_view(TWINSOCK_TEXT(TWINSOCK_BACKEND)) == "posix";

#ifndef TWINSOCK_CONFORMANCE_SCRATCH
#define TWINSOCK_CONFORMANCE_SCRATCH 8192
#endif
constinit std::byte scratch_memory[TWINSOCK_CONFORMANCE_SCRATCH];

using Line = FixedText<256>;

template <class... Texts>
Line line_of(const Texts&... texts) {
  Line line;
  (line.append(texts), ...);
  return line;
}

struct Number {
  explicit Number(std::uint32_t value) {
    do {
      text[--begin] = static_cast<char>('0' + value % 10);
      value /= 10;
    } while (value != 0);
  }
  operator std::string_view() const { return {&text[begin], sizeof(text) - begin}; }

  char text[10];
  std::size_t begin = sizeof(text);
};

std::string_view lacking(Needs missing) {
  if (missing & signals) return "this world has no signals";
  if (missing & raw_sockets) return "raw sockets are not permitted here";
  if (missing & big_scratch) return "this build has no memory for large transfers";
  if (missing & loopback) return "this world has no loopback";
  if (missing & big_datagrams) return "the stack's memory may be too small for it";
  if (missing & more_sockets) return "this build has no memory for so many sockets";
  if (missing & more_threads) return "this build has no stacks for so many threads";
  if (missing & local_sockets) return "this world has no local sockets";
  if (missing & rights) return "this world asks no privileges, or cannot drop them";
  if (missing & own_frames) return "a node does not hear its own frames";
  if (missing & lossless) return "this network loses, delays and doubles";
  if (missing & silencer) return "this world cannot silence a peer";
  if (missing & no_route) return "this world has a route to everywhere";
  if (missing & skips_time) return "it takes minutes here";
  if (missing & few_sockets) return "this world has more sockets than a case can open";
  return {};
}

Line failure(std::string_view outcome, const Line& name, const Context& context) {
  const Number line(static_cast<std::uint32_t>(context.line()));
  return line_of(outcome, name, " ", context.file(), ":", line, " ", context.text());
}

class Runner {
 public:
  Runner(RoleContext& role, Host& host) : role_(role), host_(host) { setting_.host = &host; }

  int run();

 private:
  bool read_arguments();
  bool read_world(std::string_view world);
  bool read_address(std::string_view text, Family family);
  bool read_network(std::string_view network);
  void find_out();
  bool selected(std::string_view name, std::string_view family) const;
  void list(const Case& item);
  void run_families(const Case& item);
  void run_one(const Case& item, Family family, std::string_view suffix);
  std::uint32_t free_sockets();
  bool leaked();
  bool passes_here(const Case& item) const;
  void tell(const Case& item, const Line& name, const Context& context);

  RoleContext& role_;
  Host& host_;
  Setting setting_;
  bool list_only_ = false;
  bool lossless_ = true;
  std::uint32_t at_first_ = 0;  // sockets open, or free, before the case
  std::uint32_t run_ = 0, passed_ = 0, failed_ = 0, gaps_ = 0, unexpected_ = 0, skipped_ = 0;
};

constexpr std::string_view world_option = "world=";
constexpr std::string_view inet_option = "inet=";
constexpr std::string_view inet6_option = "inet6=";
constexpr std::string_view network_option = "network=";
constexpr std::string_view silencer_option = "silencer=";

bool is_option(std::string_view word) {
  return word == "list" || word.starts_with(world_option) || word.starts_with(inet_option) ||
         word.starts_with(inet6_option) || word.starts_with(network_option) ||
         word.starts_with(silencer_option);
}

bool matches(std::string_view pattern, std::string_view text) {
  if (pattern.ends_with('*')) {
    pattern.remove_suffix(1);
    return text.starts_with(pattern);
  }
  return pattern == text;
}

bool Runner::selected(std::string_view name, std::string_view family) const {
  bool all = true;
  const Line full = line_of(name, family);
  for (const std::string_view word : role_.arguments()) {
    if (is_option(word)) continue;
    all = false;
    if (matches(word, name) || matches(word, full)) return true;
  }
  return all;
}

bool Runner::read_world(std::string_view world) {
  setting_.world = world == "posix" ? on_posix : world == "sim" ? on_sim : on_board;
  return world == "posix" || world == "sim" || world == "board";
}

bool Runner::read_address(std::string_view text, Family family) {
  const Result<IpAddress> address = IpAddress::parse(text);
  if (!address || address->family() != family) return false;
  (family == Family::inet ? setting_.inet : setting_.inet6) = *address;
  return true;
}

// Packets may be lost several times, and TCP waits longer each time.
bool Runner::read_network(std::string_view network) {
  lossless_ = network == "lossless";
  if (!lossless_) setting_.case_deadline = std::chrono::minutes(10);
  return lossless_ || network == "lossy";
}

bool Runner::read_arguments() {
  setting_.world = over_posix ? on_posix : on_sim;
  setting_.inet = IpAddress::loopback(Family::inet);
  setting_.inet6 = IpAddress::loopback(Family::inet6);
  for (const std::string_view word : role_.arguments()) {
    const std::string_view value = word.substr(word.find('=') + 1);
    std::string_view wanted;
    if (word == "list") list_only_ = true;
    if (word.starts_with(world_option) && !read_world(value)) {
      wanted = "the worlds are posix, sim and board";
    }
    const bool inet = word.starts_with(inet_option);
    if ((inet || word.starts_with(inet6_option)) &&
        !read_address(value, inet ? Family::inet : Family::inet6)) {
      wanted = "an address of that family is wanted";
    }
    if (word.starts_with(network_option) && !read_network(value)) {
      wanted = "a network is lossless or lossy";
    }
    if (word.starts_with(silencer_option)) {
      const Result<Endpoint> silencer = Endpoint::parse(value);
      if (!silencer) wanted = "an IPv4 address and a port are wanted";
      setting_.silencer = silencer.value_or(Endpoint());
    }
    if (wanted.empty()) continue;
    role_.log(line_of("conformance: '", word, "': ", wanted));
    return false;
  }
  return true;
}

bool has_two_threads() {
  Thread threads[2];
  bool started = true;
  for (Thread& thread : threads) {
    started = started && thread
                             .start(
                                 "probe", [](void*) {}, nullptr)
                             .has_value();
  }
  for (Thread& thread : threads) {
    if (thread.joinable()) thread.join();
  }
  return started;
}

void Runner::find_out() {
  setting_.scratch = MutableBytes(scratch_memory, sizeof(scratch_memory));
  if (!Socket::open(Family::inet, Type::datagram)) setting_.inet = {};
  Result<Socket> v6 = Socket::open(Family::inet6, Type::datagram);
  if (!v6 || !v6->connect({setting_.inet6, 9})) setting_.inet6 = {};
  unsigned has = lossless_ ? undisturbed | lossless : undisturbed;
  if (setting_.world == on_posix) has |= signals | big_datagrams;
  if (setting_.world == on_sim) has |= skips_time;
  if (setting_.silencer.family() != Family::unspecified) has |= silencer;
  if (const Socket probed; host_.silence(probed.fileno())) has |= silencer;
  const bool left = host_.leave_network(true);
  if (left) host_.return_to_network();
  if (left || setting_.world != on_posix) has |= no_route;
  has |= few_sockets;  // the desktop program lowers its own limit
  if (Socket::open(Family::inet, Type::raw, 1)) has |= raw_sockets;
  if (host_.drop_rights()) {
    host_.restore_rights();
    has |= rights;
  }
  if (open_local(Type::stream)) has |= local_sockets;
  if (setting_.world == on_posix && (has & raw_sockets) != 0 && interface_number("lo")) {
    has |= own_frames;
  }
  if (sizeof(scratch_memory) >= 128 * 1024) has |= big_scratch;
  Result<Socket> probe = Socket::open(Family::inet, Type::datagram);
  if (probe && probe->bind({IpAddress::loopback(Family::inet), 0})) has |= loopback;
  if (probe) probe->close();
  if (free_sockets() >= 9) has |= more_sockets;
  if (has_two_threads()) has |= more_threads;
  setting_.has = static_cast<Needs>(has);
}

// How many sockets can still be opened; the largest number that is looked for is 64.
std::uint32_t Runner::free_sockets() {
  Socket sockets[64];
  std::uint32_t count = 0;
  for (Socket& socket : sockets) {
    Result<Socket> opened = Socket::open(Family::inet, Type::datagram);
    if (!opened) break;
    socket = std::move(*opened);
    ++count;
  }
  return count;
}

// A closed connection may need a moment to give its memory back.
bool Runner::leaked() {
  const int open = host_.open_sockets();
  const std::uint32_t before = at_first_;
  if (open >= 0) {
    at_first_ = static_cast<std::uint32_t>(open);  // so that one leak is one failure
    return at_first_ != before;
  }
  for (int attempt = 0; attempt < 20; ++attempt) {
    at_first_ = free_sockets();
    if (at_first_ == before) return false;
    sleep_for(std::chrono::milliseconds(50));
  }
  return true;
}

bool Runner::passes_here(const Case& item) const { return (item.passes & setting_.world) != 0; }

void Runner::run_one(const Case& item, Family family, std::string_view suffix) {
  if (!selected(item.name, suffix)) return;
  const Line name = line_of(item.name, suffix);
  const auto missing = static_cast<Needs>(item.needs & ~setting_.has);
  const bool no_family =
      (family == Family::inet6 ? setting_.inet6 : setting_.inet).family() == Family::unspecified;
  if (missing != nothing || no_family) {
    ++skipped_;
    role_.report(line_of("skip ", name, " ", no_family ? "no such family here" : lacking(missing)));
    return;
  }
  // What is lost is not the layer's fault: a datagram, a reset, or so much that TCP gives up.
  const int attempts = lossless_ ? 1 : (item.needs & undisturbed) != 0 ? 20 : 3;
  for (int attempt = 1;; ++attempt) {
    Context context(setting_, family);
    item.run(context);
    if (leaked()) context.fail("runner.cpp", __LINE__, "the case left a socket open");
    if (!context.failed() || !passes_here(item) || attempt == attempts) {
      return tell(item, name, context);
    }
    role_.report(failure("again ", name, context));
  }
}

void Runner::tell(const Case& item, const Line& name, const Context& context) {
  ++run_;
  if (passes_here(item)) {
    context.failed() ? ++failed_ : ++passed_;
    if (!context.failed()) {
      role_.report(line_of("pass ", name));
    } else {
      role_.report(failure("fail ", name, context));
    }
  } else if (context.failed()) {
    ++gaps_;
    role_.report(line_of("gap ", name, " ", item.reason ? item.reason : "no reason given"));
  } else {
    ++unexpected_;
    role_.report(line_of("unexpected-pass ", name));
  }
}

void Runner::run_families(const Case& item) {
  if (item.families == any_family) {
    const bool inet = setting_.inet.family() != Family::unspecified;
    run_one(item, inet ? Family::inet : Family::inet6, "");
    return;
  }
  const bool both = item.families == each_family;
  if (item.families & inet_only) run_one(item, Family::inet, both ? "/inet" : "");
  if (item.families & inet6_only) run_one(item, Family::inet6, both ? "/inet6" : "");
}

void Runner::list(const Case& item) {
  static constexpr std::string_view families[] = {"any", "inet", "inet6", "each"};
  if (!selected(item.name, "")) return;
  role_.report(line_of("case ", item.name, " ", item.clause, " ", families[item.families],
                       item.passes & on_posix ? " posix" : "", item.passes & on_sim ? " sim" : "",
                       item.passes & on_board ? " board" : "", item.reason ? " | " : "",
                       item.reason ? item.reason : ""));
}

int Runner::run() {
  if (!read_arguments()) return 2;
  find_out();
  const int open = host_.open_sockets();
  at_first_ = open >= 0 ? static_cast<std::uint32_t>(open) : free_sockets();
  std::uint32_t cases = 0;
  for (const Group& group : all_groups()) {
    for (const Case& item : group.cases) {
      ++cases;
      list_only_ ? list(item) : run_families(item);
    }
  }
  if (list_only_) return 0;
  if (run_ + skipped_ == 0) {
    role_.log("conformance: no case has such a name; `list` names them all");
    return 2;
  }
  role_.report(line_of("conformance: ", Number(run_), " run, ", Number(passed_), " passed, ",
                       Number(failed_), " failed, ", Number(gaps_), " gaps, ", Number(unexpected_),
                       " unexpected, ", Number(skipped_), " skipped"));
  return failed_ + unexpected_ == 0 ? 0 : 1;
}

struct BareHost final : Host {};

// None where the file is left out of this program.
std::span<const Case> cases_of(std::span<const Case> (*file)()) {
  return file != nullptr ? file() : std::span<const Case>();
}

}  // namespace

int run(RoleContext& context, Host& host) { return Runner(context, host).run(); }

int run_role(RoleContext& context) {
  BareHost host;
  context.ready();
  return run(context, host);
}

std::span<const Group> all_groups() {
  static const Group groups[] = {
      {"Life", cases_of(life_cases)},
      {"Listen", cases_of(listen_cases)},
      {"Accept", cases_of(accept_cases)},
      {"Connect", cases_of(connect_cases)},
      {"Stream", cases_of(stream_cases)},
      {"Exact", cases_of(exact_cases)},
      {"End", cases_of(end_cases)},
      {"Datagram", cases_of(datagram_cases)},
      {"DatagramPeer", cases_of(datagram_peer_cases)},
      {"Raw", cases_of(raw_cases)},
      {"Option", cases_of(option_cases)},
      {"Time", cases_of(time_cases)},
      {"Task", cases_of(task_cases)},
      {"TaskEnd", cases_of(task_end_cases)},
      {"Address", cases_of(address_cases)},
      {"Poll", cases_of(poll_cases)},
      {"Server", cases_of(server_cases)},
      {"Build", cases_of(build_cases)},
      {"Message", cases_of(message_cases)},
      {"Local", cases_of(local_cases)},
      {"Packet", cases_of(packet_cases)},
      {"Network", cases_of(network_cases)},
  };
  return groups;
}

}  // namespace twinsock::inline TWINSOCK_BACKEND::conformance
