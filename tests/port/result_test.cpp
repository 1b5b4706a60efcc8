// Result: the interface of std::expected, over trivial, move-only and heavy values.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <type_traits>

#include <twinsock/endpoint.hpp>
#include <twinsock/result.hpp>

namespace twinsock {
namespace {

static_assert(std::is_trivially_copyable_v<Result<int>>);
static_assert(std::is_trivially_copyable_v<Result<void>>);
static_assert(std::is_trivially_destructible_v<Result<IpAddress>>);
static_assert(sizeof(Result<std::size_t>) <= 2 * sizeof(std::uint64_t), "fits two registers");
static_assert(sizeof(Result<void>) == sizeof(Error));
static_assert(!std::is_default_constructible_v<Result<int>>);
static_assert(std::is_default_constructible_v<Result<void>>);

using MoveOnly = std::unique_ptr<int>;
static_assert(std::is_nothrow_move_constructible_v<Result<MoveOnly>>);
static_assert(!std::is_copy_constructible_v<Result<MoveOnly>>);
static_assert(!std::is_copy_assignable_v<Result<MoveOnly>>);
static_assert(std::is_copy_constructible_v<Result<std::string>>);

struct Explicit {
  constexpr explicit Explicit(int n) : number(n) {}
  int number;
};
static_assert(std::is_constructible_v<Result<Explicit>, int>);
static_assert(!std::is_convertible_v<int, Result<Explicit>>);
static_assert(std::is_convertible_v<Errc, Result<Explicit>>);
static_assert(std::is_convertible_v<Error, Result<Explicit>>);
static_assert(!std::is_constructible_v<Result<bool>, Result<int>>, "not by way of operator bool");
static_assert(!std::is_constructible_v<Result<int>, std::string>);

constexpr Result<int> half(int number) {
  if (number % 2 != 0) return Errc::invalid_argument;
  return number / 2;
}
static_assert(half(8).and_then(half) == 2);
static_assert(half(6).and_then(half) == Errc::invalid_argument);
static_assert(*half(4).transform([](int n) { return n + 0.5; }) == 2.5);

TEST(Result, HoldsAValue) {
  Result<int> result = 7;
  EXPECT_TRUE(result);
  EXPECT_TRUE(result.has_value());
  EXPECT_EQ(*result, 7);
  EXPECT_EQ(result.value(), 7);
  EXPECT_EQ(result.value_or(1), 7);
  EXPECT_EQ(result.error_or(Errc::closed), Errc::closed);
  *result = 8;
  EXPECT_EQ(std::as_const(result).value(), 8);
}

TEST(Result, HoldsAnError) {
  const Result<int> result = Error(Errc::timed_out, 110);
  EXPECT_FALSE(result);
  EXPECT_EQ(result.error(), Errc::timed_out);
  EXPECT_EQ(result.error().native(), 110);
  EXPECT_EQ(result.value_or(1), 1);
  EXPECT_EQ(result.error_or(Errc::closed), Errc::timed_out);
}

TEST(Result, ReachesMembers) {
  Result<std::string> result("abc");
  EXPECT_EQ(result->size(), 3u);
  result->push_back('d');
  EXPECT_EQ(std::as_const(result)->back(), 'd');
}

TEST(Result, ChangesSides) {
  Result<std::string> result = Errc::closed;
  result = std::string(100, 'x');
  EXPECT_EQ(result->size(), 100u);
  result = Errc::timed_out;
  EXPECT_EQ(result.error(), Errc::timed_out);
  result = Result<std::string>("y");
  EXPECT_EQ(*result, "y");
}

TEST(Result, CopiesAndAssignsItself) {
  Result<std::string> result(std::in_place, 40u, 'z');
  Result<std::string> copy = result;
  EXPECT_EQ(copy, result);
  Result<std::string>& same = result;
  result = same;
  EXPECT_EQ(*result, std::string(40, 'z'));
  result = std::move(copy);
  EXPECT_EQ(*result, std::string(40, 'z'));
}

TEST(Result, MovesAMoveOnlyValueAndDestroysItOnce) {
  static int alive = 0;
  struct Counted {
    Counted() { ++alive; }
    Counted(Counted&&) noexcept { ++alive; }
    Counted& operator=(Counted&&) noexcept = default;
    ~Counted() { --alive; }
  };
  {
    Result<Counted> first(std::in_place);
    Result<Counted> second = std::move(first);
    Result<Counted> third = Errc::closed;
    third = std::move(second);
    second = Errc::closed;
    EXPECT_TRUE(third);
    EXPECT_EQ(alive, 2);  // first's and third's
    const Counted taken = *std::move(third);
    EXPECT_EQ(alive, 3);
  }
  EXPECT_EQ(alive, 0);
}

TEST(Result, GivesUpItsValueWhenItIsATemporary) {
  const auto make = [] { return Result<MoveOnly>(std::make_unique<int>(5)); };
  const MoveOnly by_value = make().value();
  const MoveOnly by_star = *make();
  const MoveOnly by_default = make().value_or(nullptr);
  EXPECT_EQ(*by_value + *by_star + *by_default, 15);
  EXPECT_EQ(Result<MoveOnly>(Errc::closed).value_or(nullptr), nullptr);
}

TEST(Result, ComparesValuesAndErrors) {
  const Result<int> seven = 7;
  const Result<int> failed = Errc::closed;
  EXPECT_TRUE(seven == 7);
  EXPECT_TRUE(seven != 8);
  EXPECT_TRUE(failed == Errc::closed);
  EXPECT_TRUE(failed == Error(Errc::closed, 9));
  EXPECT_TRUE(failed != Errc::timed_out);
  EXPECT_TRUE(failed != seven);
}

TEST(Result, ChainsOnlyOnSuccess) {
  int calls = 0;
  const auto counted_half = [&](int n) { return ++calls, half(n); };
  EXPECT_EQ(half(12).and_then(counted_half).and_then(counted_half), Errc::invalid_argument);
  EXPECT_EQ(calls, 2);
  EXPECT_EQ(half(3).and_then(counted_half), Errc::invalid_argument);
  EXPECT_EQ(calls, 2);
  const Result<void> done = half(2).and_then([](int) { return Result<void>(); });
  EXPECT_TRUE(done);
}

TEST(Result, ChainsFromLvaluesWithoutTakingTheValue) {
  Result<std::string> result("abc");
  EXPECT_EQ(*result.transform([](std::string& text) { return text.append("d").size(); }), 4u);
  EXPECT_EQ(*std::as_const(result).transform(&std::string::size), 4u);
  EXPECT_EQ(*result.and_then([](const std::string& s) { return Result<char>(s[0]); }), 'a');
  EXPECT_EQ(*result, "abcd");
  EXPECT_EQ(*std::move(result).transform([](std::string&& s) { return s + "!"; }), "abcd!");
}

TEST(Result, TransformsByMembers) {
  struct Point {
    int x;
  };
  EXPECT_EQ(*Result<Point>(Point{3}).transform(&Point::x), 3);
  EXPECT_EQ(*Endpoint::parse("192.0.2.1:80").transform(&Endpoint::port), 80);
}

TEST(Result, TransformsToNothing) {
  int seen = 0;
  const Result<void> done = half(6).transform([&](int n) { seen = n; });
  EXPECT_TRUE(done);
  EXPECT_EQ(seen, 3);
  EXPECT_EQ(half(5).transform([&](int n) { seen = n; }), Errc::invalid_argument);
  EXPECT_EQ(seen, 3);
}

TEST(Result, RecoversFromAnError) {
  const auto recover = [](Error error) -> Result<int> {
    if (error == Errc::invalid_argument) return -1;
    return error;
  };
  EXPECT_EQ(half(3).or_else(recover), -1);
  EXPECT_EQ(half(4).or_else(recover), 2);
  const Result<int> closed = Errc::closed;
  EXPECT_EQ(closed.or_else(recover), Errc::closed);
}

TEST(ResultOfErrc, TakesACodeAsItsValue) {
  const Result<Errc> pending = Errc::connection_refused;
  EXPECT_TRUE(pending);
  EXPECT_EQ(*pending, Errc::connection_refused);
  const Result<Errc> failed = Error(Errc::closed);
  EXPECT_FALSE(failed);
  EXPECT_EQ(failed.error(), Errc::closed);
  EXPECT_EQ(*Result<int>(1).transform([](int) { return Errc::none; }), Errc::none);
}

TEST(ResultOfVoid, IsSuccessOrAnError) {
  const Result<void> good;
  const Result<void> none = Errc::none;
  const Result<void> bad = Error(Errc::closed, 9);
  EXPECT_TRUE(good);
  EXPECT_TRUE(none);
  EXPECT_FALSE(bad);
  EXPECT_EQ(bad.error().native(), 9);
  EXPECT_EQ(bad.error_or(Errc::timed_out), Errc::closed);
  EXPECT_EQ(good.error_or(Errc::timed_out), Errc::timed_out);
  EXPECT_TRUE(good == none);
  EXPECT_TRUE(bad == Errc::closed);
  good.value();
  *good;
}

TEST(ResultOfVoid, Chains) {
  const Result<void> good;
  const Result<void> bad = Errc::closed;
  EXPECT_EQ(good.and_then([] { return Result<int>(3); }), 3);
  EXPECT_EQ(bad.and_then([] { return Result<int>(3); }), Errc::closed);
  EXPECT_EQ(*good.transform([] { return 4; }), 4);
  EXPECT_TRUE(good.transform([] {}));
  EXPECT_EQ(bad.transform([] { return 4; }), Errc::closed);
  EXPECT_TRUE(bad.or_else([](Error) { return Result<void>(); }));
  EXPECT_TRUE(good.or_else([](Error error) { return Result<void>(error); }));
}

TEST(ResultDeathTest, ReadingTheValueOfAFailureAsserts) {
  const Result<int> failed = Errc::closed;
  EXPECT_DEATH(static_cast<void>(failed.value()), "value of a failed Result");
  EXPECT_DEATH(static_cast<void>(*failed), "value of a failed Result");
  Result<std::string> text = Errc::closed;
  EXPECT_DEATH(static_cast<void>(text->size()), "value of a failed Result");
  EXPECT_DEATH(static_cast<void>(*std::move(text)), "value of a failed Result");
  EXPECT_DEATH(Result<void>(Errc::closed).value(), "value of a failed Result");
}

TEST(ResultDeathTest, ReadingTheErrorOfASuccessAsserts) {
  EXPECT_DEATH(static_cast<void>(Result<int>(1).error()), "error\\(\\) of a success");
  EXPECT_DEATH(static_cast<void>(Result<void>().error()), "error\\(\\) of a success");
}

}  // namespace
}  // namespace twinsock
