// What holds for every input: masking again changes nothing, and secrets never come through. That the work stays linear
// is shown by masker_work_test.cc.
#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

#include "src/masking/masker.h"

namespace logs_sdk {
namespace {

constexpr int kRounds = 20000;
constexpr std::uint32_t kSeed = 20261122;

const Masker& masker() {
  static const Masker instance({}, {});
  return instance;
}

// Pieces from which hostile texts are made: what detectors react to, and bytes at random.
std::string random_text(std::mt19937& random) {
  static constexpr std::string_view kPieces[] = {
      "password",   "token",    "secret", "=",       ":",    "\"",  "'",
      "\\",         "\\\"",     "{",      "}",       "[",    "]",   ",",
      "&",          ";",        " ",      "\n",      "://",  "@",   "?",
      "#",          "/",        "%",      "%3D",     "%22",  "+",   "Bearer",
      "Basic",      "eyJ",      ".",      "ghp_",    "sk-",  "SG.", "AKIA",
      "-----BEGIN", "-----END", "4111",   "-",       "1111", "***", "*",
      "x",          "0",        "cookie", "\\u0070", "=>",   ":=",  "\xE4\xBD\xA0",
      "\xFF",       "a"};
  std::string text;
  for (std::size_t count = random() % 24; count > 0; --count) {
    if (random() % 6 == 0)
      text.push_back(static_cast<char>(random() % 256));
    else
      text.append(kPieces[random() % std::size(kPieces)]);
  }
  return text;
}

template <typename Mask>
void expect_idempotent(Mask mask) {
  std::mt19937 random(kSeed);
  for (int round = 0; round < kRounds; ++round) {
    const std::string text = random_text(random);
    std::string once, twice;
    mask(text, once);
    mask(once, twice);
    ASSERT_EQ(once, twice) << "seed " << kSeed << ", round " << round << ", text: " << text;
    ASSERT_LE(once.size(), 3 * text.size() + 16) << text;
  }
}

TEST(MaskerProperty, masked_text_stays_as_it_is) {
  expect_idempotent([](std::string_view in, std::string& out) { masker().text(in, out); });
}
TEST(MaskerProperty, masked_cut_text_stays_as_it_is) {
  expect_idempotent([](std::string_view in, std::string& out) { masker().text(in, out, Extent::kCut); });
}
TEST(MaskerProperty, masked_urls_stay_as_they_are) {
  expect_idempotent([](std::string_view in, std::string& out) { masker().url(in, out); });
}
TEST(MaskerProperty, masked_queries_stay_as_they_are) {
  expect_idempotent([](std::string_view in, std::string& out) { masker().query(in, out); });
}

// The forms in which a secret is planted; '@' stands for the secret.
constexpr std::string_view kTextForms[] = {
    "password=@",          "password: @",       R"("password":"@")",     R"(\"password\":\"@\")",
    "{'token': '@'}",      "api_key='@'",       "Cookie: a=@; b=@",      "Authorization: Bearer @",
    "http://user:@@host/", "client-secret = @", R"("cvv" : ["@", "@"])", R"("secret":{"a":"@"})"};

std::string planted(std::string_view form, std::string_view secret) {
  std::string out;
  for (std::size_t i = 0; i < form.size(); ++i) {
    // In "@@host" the first stands for the secret, the second for itself.
    if (form[i] == '@' && (i == 0 || form[i - 1] != '@'))
      out.append(secret);
    else
      out.push_back(form[i]);
  }
  return out;
}

TEST(MaskerProperty, a_planted_secret_never_comes_through) {
  std::mt19937 random(kSeed);
  const std::string secret = "Zq7hunter2xyZ";
  for (int round = 0; round < kRounds; ++round) {
    const std::string before = random_text(random), after = random_text(random);
    const std::string text =
        before + "\n" + planted(kTextForms[random() % std::size(kTextForms)], secret) + " " + after;
    std::string out;
    masker().text(text, out);
    ASSERT_EQ(out.find(secret), std::string::npos) << "seed " << kSeed << ", round " << round << ": " << text;
  }
}

TEST(MaskerProperty, a_planted_parameter_never_comes_through) {
  std::mt19937 random(kSeed);
  const std::string secret = "Zq7hunter2xyZ";
  for (int round = 0; round < kRounds; ++round) {
    std::string before = random_text(random), after = random_text(random);
    std::string out;
    masker().query(before + "&password=" + secret + "&" + after, out);
    ASSERT_EQ(out.find(secret), std::string::npos) << "seed " << kSeed << ", round " << round << ": " << before;
  }
}

TEST(MaskerProperty, a_value_that_tells_by_its_form_never_comes_through) {
  static constexpr std::string_view kValues[] = {
      "4111111111111111",
      "AKIAIOSFODNN7EXAMPLE",
      "ghp_abcdefghijklmnopqrstuvwxyz0123456789",
      "clog_sk_0123456789abcdef",
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
  };
  std::mt19937 random(kSeed);
  for (int round = 0; round < kRounds; ++round) {
    const std::string_view value = kValues[random() % std::size(kValues)];
    const std::string text = random_text(random) + " " + std::string(value) + " " + random_text(random);
    std::string out;
    masker().text(text, out);
    ASSERT_EQ(out.find(value), std::string::npos) << "seed " << kSeed << ", round " << round << ": " << text;
  }
}

}  // namespace
}  // namespace logs_sdk
