#include "src/masking/stack_text.h"

#include <gtest/gtest.h>

#include <string>

namespace logs_sdk {
namespace {

const Masker& masker() {
  static const Masker instance({}, {});
  return instance;
}

std::string masked(std::string_view stack, Extent extent = Extent::kWhole) {
  std::string out;
  return mask_stack(masker(), stack, out, extent) ? out : std::string(stack);
}

TEST(StackTextTest, frames_of_functions_and_files_that_are_called_after_secrets_stay) {
  for (const char* frame :
       {"auth::password::verify(std::string const&) at /src/password.cc:7",
        "shop::token::parse(int) (/usr/bin/shop+0x1a2b)", "Session::cookie(int) at /src/session.cc:12",
        "api_key::load(char const*, unsigned long) at /src/api_key.cc:120",
        "/opt/token/secret-service+0x1a2b [90d1f3a4b5c6d7e8f90123456789abcdef012345]",
        "authorization::(anonymous namespace)::check(Card const&) at /src/authorization.cc:1"}) {
    EXPECT_EQ(masked(frame), frame);
    const std::string stack = std::string("main at main.cc:1\n") + frame + "\n" + frame;
    EXPECT_EQ(masked(stack), stack);
  }
}

TEST(StackTextTest, secrets_in_lines_that_end_as_frames_do_are_masked) {
  EXPECT_EQ(masked("login failed, password=hunter2 at login.cc:12").find("hunter2"), std::string::npos);
  EXPECT_EQ(masked("login failed, password: hunter2 at login.cc:12").find("hunter2"), std::string::npos);
  EXPECT_EQ(masked("Bearer abc123def456ghi789 at login.cc:12").find("abc123def456ghi789"), std::string::npos);
  EXPECT_EQ(masked("pay::with(4111 1111 1111 1111) at pay.cc:12").find("4111"), std::string::npos);
  EXPECT_EQ(masked("use::key(AKIAIOSFODNN7EXAMPLE) at aws.cc:1").find("AKIAIOSFODNN7EXAMPLE"), std::string::npos);
}

TEST(StackTextTest, every_other_line_is_text) {
  EXPECT_EQ(masked("password: x\nmain at main.cc:1\ntoken=abc"), "password: ***\nmain at main.cc:1\ntoken=***");
  EXPECT_EQ(masked("password::x"), [] {
    std::string out;
    masker().text("password::x", out);
    return out;
  }());
}

TEST(StackTextTest, what_is_masked_is_not_masked_again) {
  for (const char* stack : {"password: x\na::password::b() at password.cc:7",
                            "Session::cookie(int) at s.cc:1\ncookie: a=b; c=d at x.cc:3"}) {
    const std::string once = masked(stack);
    EXPECT_EQ(masked(once), once);
  }
}

TEST(StackTextTest, the_torn_end_of_a_cut_stack_is_no_frame) {
  EXPECT_EQ(masked("a::f() at a.cc:1\npassword::f() at a.cc:1", Extent::kCut).find("a::f() at a.cc:1\n"), 0u);
}

}  // namespace
}  // namespace logs_sdk
