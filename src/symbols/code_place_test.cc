#include "src/symbols/code_place.h"

#include <gtest/gtest.h>

namespace logs_sdk {
namespace {

TEST(CodePlaceTest, a_function_is_known_without_its_return_type) {
  EXPECT_EQ(without_return_type("pay(int)"), "pay(int)");
  EXPECT_EQ(without_return_type("void a::f<int>(a::T<b c>)"), "a::f<int>(a::T<b c>)");
  EXPECT_EQ(without_return_type("a::T<b c> a::f<int>(int, d e)"), "a::f<int>(int, d e)");
  EXPECT_EQ(without_return_type("(anonymous namespace)::pay(int)"), "(anonymous namespace)::pay(int)");
  EXPECT_EQ(without_return_type("void shop::(anonymous namespace)::pay<int>(int)"),
            "shop::(anonymous namespace)::pay<int>(int)");
  EXPECT_EQ(without_return_type("a::B::operator()(int) const"), "a::B::operator()(int) const");
  EXPECT_EQ(without_return_type("main"), "main");
  EXPECT_EQ(without_return_type(""), "");
}

TEST(CodePlaceTest, what_only_throws_is_told_from_what_is_called_like_it) {
  for (const char* function :
       {"std::__throw_out_of_range_fmt(char const*, ...)", "void std::throw_with_nested<shop::Error>(shop::Error&&)",
        "void boost::throw_exception<std::bad_cast>(std::bad_cast const&)", "__cxa_throw"}) {
    EXPECT_TRUE(only_throws({function, "", 0})) << function;
  }
  for (const char* function : {"shop::throw_out(int)", "std::vector<int>::at(unsigned long)",
                               "shop::call<void std::__throw_bad_alloc()>(int)", ""}) {
    EXPECT_FALSE(only_throws({function, "", 0})) << function;
  }
}

TEST(CodePlaceTest, functions_of_this_library_are_told_from_those_that_name_it) {
  EXPECT_TRUE(is_ours({"logs_sdk::v1::httplib::detail::Watched<>::operator()(int) const", "", 0}));
  EXPECT_TRUE(is_ours({"auto logs_sdk::v1::beast::handle<int>(int)", "", 0}));
  EXPECT_FALSE(is_ours({"shop::answer(logs_sdk::v1::Exchange&)", "", 0}));
  EXPECT_FALSE(is_ours({"std::function<logs_sdk::v1::X ()>::operator()() const", "", 0}));
}

}  // namespace
}  // namespace logs_sdk
