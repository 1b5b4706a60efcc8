// Processes that answer, crash and hang, and what the rest of them does then.
#include "worker_pool.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <map>

namespace host_sim::tool {
namespace {

using std::chrono::milliseconds;

std::string work(const std::string& request) {
  if (request == "crash") raise(SIGKILL);
  if (request == "exit") {
    std::fputs("host_sim: last words\n", stderr);
    std::exit(3);
  }
  while (request == "hang") pause();
  if (request == "long") return std::string(1'000'000, 'x');
  return request + "!";
}

std::map<uint64_t, Answer> ask(WorkerPool& pool, const std::vector<std::string>& requests) {
  std::map<uint64_t, Answer> answers;
  uint64_t next = 0;
  while (answers.size() < requests.size()) {
    while (next < requests.size() && pool.has_room()) {
      pool.give({next, requests[next]});
      ++next;
    }
    for (const Answer& answer : pool.wait(milliseconds(1000), -1)) {
      EXPECT_TRUE(answers.try_emplace(answer.id, answer).second) << "twice: " << answer.id;
    }
  }
  EXPECT_EQ(pool.pending(), 0u);
  return answers;
}

TEST(WorkerPool, AnswersEveryRequest) {
  WorkerPool pool(3, work, milliseconds(60'000));
  const auto answers = ask(pool, std::vector<std::string>(100, "hello"));
  for (const auto& [id, answer] : answers) {
    EXPECT_EQ(answer.fate, Answer::Fate::answered);
    EXPECT_EQ(answer.text, "hello!");
  }
}

TEST(WorkerPool, CrashCostsItsOwnRequestOnly) {
  WorkerPool pool(1, work, milliseconds(60'000));
  const auto answers = ask(pool, {"a", "crash", "b", "exit", "c"});
  EXPECT_EQ(answers.at(0).text, "a!");
  EXPECT_EQ(answers.at(1).fate, Answer::Fate::crashed);
  EXPECT_NE(answers.at(1).text.find("signal 9"), std::string::npos) << answers.at(1).text;
  EXPECT_EQ(answers.at(2).text, "b!");
  EXPECT_EQ(answers.at(3).fate, Answer::Fate::crashed);
  EXPECT_NE(answers.at(3).text.find("status 3\nhost_sim: last words"), std::string::npos)
      << answers.at(3).text;
  EXPECT_EQ(answers.at(4).text, "c!");
}

TEST(WorkerPool, HangCostsItsOwnRequestOnly) {
  WorkerPool pool(1, work, milliseconds(50));
  const auto answers = ask(pool, {"a", "hang", "b"});
  EXPECT_EQ(answers.at(0).text, "a!");
  EXPECT_EQ(answers.at(1).fate, Answer::Fate::hung);
  EXPECT_EQ(answers.at(2).text, "b!");
}

TEST(WorkerPool, AnswerLongerThanAPipeHoldsComesWhole) {
  WorkerPool pool(2, work, milliseconds(60'000));
  const auto answers = ask(pool, {"long", "long", "a"});
  EXPECT_EQ(answers.at(1).text.size(), 1'000'000u);
}

TEST(WorkerPool, ItsEndEndsAProcessThatHangs) {
  WorkerPool pool(2, work, milliseconds(60'000));
  pool.give({0, "hang"});
  pool.wait(milliseconds(1), -1);
}  // the destructor waits for it: without an end this test would hang

}  // namespace
}  // namespace host_sim::tool
