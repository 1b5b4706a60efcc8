// Assertions: where a broken condition goes, with and without a handler.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

#include <twinsock/assert.hpp>

namespace twinsock {
namespace {

void exit_with_7(const char* file, int line, const char* condition) {
  const bool here = std::string_view(file).ends_with("assert_test.cpp") && line > 0;
  std::fprintf(stderr, "handled: %s\n", condition);
  std::_Exit(here ? 7 : 8);
}
void return_wrongly(const char*, int, const char*) { std::fputs("returned\n", stderr); }

TEST(Assert, LetsATrueConditionPass) {
  int evaluated = 0;
  TWINSOCK_ASSERT(++evaluated == 1);
  EXPECT_EQ(evaluated, 1);
}

TEST(Assert, HandlerIsReplacedAndGivenBack) {
  EXPECT_EQ(set_assert_handler(exit_with_7), nullptr);
  EXPECT_EQ(set_assert_handler(return_wrongly), exit_with_7);
  EXPECT_EQ(set_assert_handler(nullptr), return_wrongly);
  EXPECT_EQ(set_assert_handler(nullptr), nullptr);
}

TEST(AssertDeathTest, StopsInTheBackendWithoutAHandler) {
  EXPECT_DEATH(TWINSOCK_ASSERT(1 + 1 == 3), "assert_test.cpp:[0-9]+: .*1 \\+ 1 == 3");
}

TEST(AssertDeathTest, CallsTheHandlerWithFileLineAndCondition) {
  EXPECT_EXIT((set_assert_handler(exit_with_7), TWINSOCK_ASSERT(1 + 1 == 3)),
              testing::ExitedWithCode(7), "handled: 1 \\+ 1 == 3");
}

TEST(AssertDeathTest, StopsInTheBackendWhenTheHandlerReturns) {
  EXPECT_DEATH((set_assert_handler(return_wrongly), TWINSOCK_ASSERT(false)), "returned\n.*false");
}

}  // namespace
}  // namespace twinsock
