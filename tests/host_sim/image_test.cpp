// What is loaded, what is refused, and what is left behind.
#include <dirent.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

#include "fake_node.hpp"
#include "wire.hpp"

namespace host_sim {
namespace {

void expect_refused(const std::string& path, const std::string& says) {
  const auto image = Image::open(path);
  ASSERT_FALSE(image) << path;
  EXPECT_NE(image.error().find(says), std::string::npos) << image.error();
  EXPECT_NE(image.error().find(path), std::string::npos) << image.error();
}

std::string write_file(const std::string& bytes) {
  const std::string path = testing::TempDir() + "host_sim_image_test.so";
  std::ofstream(path, std::ios::binary) << bytes;
  return path;
}

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Image, SaysWhatItHolds) {
  const auto image = Image::open(FAKE_IMAGE);
  ASSERT_TRUE(image) << image.error();
  EXPECT_EQ(image->profile(), "fake");
  ASSERT_NE(image->find_role("echo"), nullptr);
  EXPECT_EQ(image->find_role("echo")->summary, "for tests");
  EXPECT_EQ(image->find_role("nonsense"), nullptr);
}

TEST(Image, RefusesWhatIsNone) {
  expect_refused("/nonexistent/image.so", "No such file");
  expect_refused("/", "shared object");
  expect_refused(FAKE_IMAGE_OF_ANOTHER_ABI, "version 99");
  expect_refused(FAKE_IMAGE_OF_ANOTHER_BUILD, "build both again");
  expect_refused(FAKE_IMAGE_WITHOUT_ENTRY, "does not export twinsock_node");
  expect_refused("/proc/self/exe", "does not export twinsock_node");
}

TEST(Image, RefusesFilesThatAreBroken) {
  const std::string good = read_all(FAKE_IMAGE);
  expect_refused(write_file(""), "ELF");
  expect_refused(write_file("#!/bin/sh\n"), "ELF");
  expect_refused(write_file(good.substr(0, 1000)), "cut short");
  std::string arm = good;
  arm[18] = 40;  // e_machine: EM_ARM
  expect_refused(write_file(arm), "another machine");
  std::string object = good;
  object[16] = 1;  // e_type: ET_REL
  expect_refused(write_file(object), "not an object file");
  unlink(write_file("").c_str());
}

TEST(Image, EachNodeHasItsOwnVariables) {
  const Image image = *Image::open(FAKE_IMAGE, {.share_text_from = 4});
  Simulation simulation;
  for (int index = 0; index < 20; ++index) simulation.add_node(image, {.role = "count"});
  simulation.run_for(1ms);
  for (const Node* node : simulation.nodes()) {
    EXPECT_EQ(node->transcript(), std::vector<std::string>{"1 42"});
  }
}

TEST(Image, WithinTheProgramIsOneNodeAtATime) {
  const Image image = Image::of(fake_node());
  Simulation simulation;
  simulation.add_node(image, {.role = "idle"});
  Node& second = simulation.add_node(image, {.role = "idle"});
  EXPECT_EQ(simulation.run_for(1ms).stop, Stop::panic);
  EXPECT_NE(second.panic().find("one node at a time"), std::string::npos);
}

// A child that has loaded nodes, told where their copies are, and then ends as `end` says.
class Child {
 public:
  explicit Child(void (*end)()) {
    int pipes[2];
    if (pipe(pipes) != 0) return;
    process_ = fork();
    if (process_ == 0) {
      load_and_tell(pipes[1]);
      end();
      _exit(9);
    }
    close(pipes[1]);
    char directory[512] = {};
    const ssize_t size = read(pipes[0], directory, sizeof directory - 1);
    if (size > 0) directory_ = directory;
    close(pipes[0]);
  }
  ~Child() { wait(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  void end_by(int signal_number) {
    kill(process_, signal_number);
    wait();
  }
  void wait() {
    int status = 0;
    if (process_ > 0) waitpid(process_, &status, 0);
    process_ = 0;
  }
  bool told() const { return !directory_.empty(); }
  bool has_copies() const { return access(directory_.c_str(), F_OK) == 0; }

 private:
  static void load_and_tell(int told) {
    const Image image = *Image::open(FAKE_IMAGE);
    Simulation simulation({.watchdog_s = 0});
    for (int index = 0; index < 40; ++index) simulation.add_node(image, {.role = "idle"});
    simulation.run_for(1ms);
    std::ifstream maps("/proc/self/maps");
    const std::string mark = "twinsock-images-" + std::to_string(getpid());
    for (std::string line; std::getline(maps, line);) {
      const size_t at = line.find('/');
      if (line.find(mark) == std::string::npos) continue;
      const std::string directory = line.substr(at, line.find_last_of('/') - at);
      if (write(told, directory.data(), directory.size()) < 0) _exit(9);
      break;
    }
  }

  pid_t process_ = 0;
  std::string directory_;
};

bool leaves_nothing(void (*end)()) {
  Child child(end);
  child.wait();
  return child.told() && !child.has_copies();
}

TEST(Image, CopiesGoWhenTheProgramEnds) {
  EXPECT_TRUE(leaves_nothing([] { std::exit(0); }));
}
TEST(Image, CopiesGoOnInterruptAndTermination) {
  EXPECT_TRUE(leaves_nothing([] { raise(SIGINT); }));
  EXPECT_TRUE(leaves_nothing([] { raise(SIGTERM); }));
}

TEST(Image, CopiesOfAKilledProgramGoWithTheNextAndOthersStay) {
  const auto stay = [] { pause(); };
  Child killed(stay);
  Child living(stay);
  ASSERT_TRUE(killed.told() && living.told());
  killed.end_by(SIGKILL);
  EXPECT_TRUE(leaves_nothing([] { std::exit(0); }));
  EXPECT_FALSE(killed.has_copies());
  EXPECT_TRUE(living.has_copies());
  living.end_by(SIGTERM);
}

}  // namespace
}  // namespace host_sim
