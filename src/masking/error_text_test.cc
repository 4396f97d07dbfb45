#include "src/masking/error_text.h"

#include <gtest/gtest.h>

#include <string>

namespace logs_sdk {
namespace {

std::string masked(std::string_view error, Extent extent = Extent::kWhole) {
  static const Masker masker({}, {});
  std::string out;
  return mask_error(masker, error, out, extent) ? out : std::string(error);
}

TEST(ErrorTextTest, a_type_that_is_called_after_a_secret_stays_and_so_does_its_message) {
  for (const char* error :
       {"shop::token::Expired: it ended at 12", "auth::PasswordError: wrong password for bob",
        "InvalidTokenError: signature has expired", "jwt.exceptions.ExpiredTokenException: since noon",
        "secret::(anonymous namespace)::Missing: key 7", "shop::Failure<token::Kind, int>: twice",
        "shop::token::Expired", "std::runtime_error: failed; caused by auth::password::Wrong: three times"}) {
    EXPECT_EQ(masked(error), error);
  }
}

TEST(ErrorTextTest, the_message_loses_its_secrets) {
  EXPECT_EQ(masked("shop::token::Expired: token=abc"), "shop::token::Expired: token=***");
  EXPECT_EQ(masked("TokenError: password: hunter2; caused by db::TokenError: pwd=x"),
            "TokenError: password: ***; caused by db::TokenError: pwd=***");
}

TEST(ErrorTextTest, what_may_be_a_name_and_its_value_is_masked) {
  EXPECT_EQ(masked("password: hunter2"), "password: ***");
  EXPECT_EQ(masked("AccessToken: abcdef"), "AccessToken: ***");
  EXPECT_EQ(masked("the password::x: hunter2").find("hunter2"), std::string::npos);
  EXPECT_EQ(masked("AKIAIOSFODNN7EXAMPLE::Error: x").find("AKIAIOSFODNN7EXAMPLE"), std::string::npos);
}

TEST(ErrorTextTest, a_secret_that_the_end_cuts_is_masked) {
  EXPECT_EQ(masked("PasswordError: password=hun", Extent::kCut), "PasswordError: password=***");
}

TEST(ErrorTextTest, what_is_masked_is_not_masked_again) {
  for (const char* error : {"TokenError: token=abc; caused by token: x", "password: a; caused by x::password::y: b",
                            "shop::token::Expired: Bearer abcdef0123456789"}) {
    const std::string once = masked(error);
    EXPECT_EQ(masked(once), once);
  }
}

}  // namespace
}  // namespace logs_sdk
