// A kernel may stop more often than another, never less; and between triggers there is nothing to mask.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <random>
#include <string>
#include <string_view>

#include "src/masking/secret_names.h"
#include "src/masking/text_scan.h"
#include "src/masking/trigger_kernels.h"
#include "src/masking/url_scan.h"

namespace logs_sdk {
namespace {

constexpr int kRounds = 40000;
constexpr std::uint32_t kSeed = 20261123;

// Stops at every place: the scan then looks at each character.
std::uint64_t everywhere(std::string_view text, std::size_t begin) noexcept {
  const std::size_t left = text.size() - begin;
  return left >= kTriggerBlock ? ~std::uint64_t{0} : (std::uint64_t{1} << left) - 1;
}

// Halves and wholes of all forms, so that they meet at every place of a step, and harmless words to move them about.
std::string random_text(std::mt19937& random) {
  static constexpr std::string_view kPieces[] = {"password=x",
                                                 "token: 12",
                                                 "\"pwd\":\"a\"",
                                                 "q=0.9",
                                                 "://u:p@h",
                                                 "Bearer abcdefgh1",
                                                 "basic",
                                                 " ",
                                                 "eyJ",
                                                 "aaaaaaaaaa.bb",
                                                 "-----BEGIN",
                                                 "-----END",
                                                 "-",
                                                 "--",
                                                 "AKIA",
                                                 "IOSFODNN7EXAMPL",
                                                 "E",
                                                 "sk-",
                                                 "sk_live_",
                                                 "ghp_",
                                                 "SG.",
                                                 "ya29.",
                                                 "xoxb-",
                                                 "0123456789abcdefghij",
                                                 "4111",
                                                 "1111",
                                                 "4",
                                                 "11",
                                                 "111111",
                                                 "4111111111111111",
                                                 "%",
                                                 "+",
                                                 "&",
                                                 ";",
                                                 "=",
                                                 ":",
                                                 "/",
                                                 "?",
                                                 "#",
                                                 "@",
                                                 "<token>",
                                                 "</token>",
                                                 "<",
                                                 ">",
                                                 "a",
                                                 "plain words here",
                                                 "secret",
                                                 "?b=1",
                                                 "\n",
                                                 ",",
                                                 "\xE4\xBD\xA0"};
  std::string text;
  for (std::size_t count = random() % 20; count > 0; --count) {
    const std::string_view piece = kPieces[random() % std::size(kPieces)];
    if (random() % 8 == 0)
      text.push_back(static_cast<char>(random() % 256));
    else
      text.append(piece.substr(0, random() % 4 == 0 ? random() % (piece.size() + 1) : piece.size()));
  }
  return text;
}

// In memory of exactly its size, so that a sanitizer sees a step that reads beyond it.
template <typename Check>
void with_exact_copy(const std::string& text, const Check& check) {
  const std::unique_ptr<char[]> bytes(new char[text.size()]);
  std::copy(text.begin(), text.end(), bytes.get());
  check(std::string_view(bytes.get(), text.size()));
}

void expect_no_fewer(TriggerKernel kernel, TriggerKernel reference) {
  if (kernel == nullptr) GTEST_SKIP() << "not run: this processor has no AVX2";
  std::mt19937 random(kSeed);
  for (int round = 0; round < kRounds; ++round) {
    const std::string text = random_text(random);
    with_exact_copy(text, [&](std::string_view exact) {
      for (std::size_t begin = 0; begin < exact.size(); begin += kTriggerBlock) {
        const std::uint64_t found = kernel(exact, begin), expected = reference(exact, begin);
        ASSERT_EQ(expected & ~found, 0u) << "seed " << kSeed << ", block at " << begin << ": " << text;
        ASSERT_EQ(found & ~everywhere(exact, begin), 0u) << "beyond the end: " << text;
      }
    });
  }
}

TEST(Trigger, shuffling_misses_nothing_that_the_table_finds) {
  expect_no_fewer(triggers_by_shuffle(), triggers_by_table);
}
TEST(Trigger, shuffling_misses_nothing_in_urls_that_the_table_finds) {
  expect_no_fewer(url_triggers_by_shuffle(), url_triggers_by_table);
}

TEST(Trigger, a_piece_of_a_map_has_the_triggers_that_it_has_alone) {
  std::mt19937 random(kSeed);
  TriggerMap map;
  for (int round = 0; round < kRounds; ++round) {
    const std::string text = random_text(random);
    if (text.empty()) continue;
    map.assign(text);
    const std::size_t begin = random() % text.size(), size = random() % (text.size() - begin + 1);
    const std::string_view piece = std::string_view(text).substr(begin, size);
    if (Triggers(triggers_by_table, piece).next(0) == piece.size()) continue;
    ASSERT_TRUE(map.any(begin, size)) << "seed " << kSeed << ": " << piece;
  }
}

// Dismissed or looked at, the outcome is that of looking everywhere.
TEST(Trigger, between_triggers_there_is_nothing_to_mask) {
  const SecretNames plain({}, {}), extended({"q", "tenant*"}, {"csrf-token"});
  std::mt19937 random(kSeed);
  for (int round = 0; round < kRounds; ++round) {
    const std::string text = random_text(random);
    for (const SecretNames* names : {&plain, &extended}) {
      for (const bool cut : {false, true}) {
        std::string expected;
        const bool changed = TextScan(*names, text, cut, everywhere).run(expected);
        for (const TriggerKernel kernel : {TriggerKernel(triggers_by_table), trigger_kernel()}) {
          std::string out;
          ASSERT_EQ(TextScan(*names, text, cut, kernel).run(out), changed) << "seed " << kSeed << ": " << text;
          ASSERT_EQ(out, expected) << "seed " << kSeed << ": " << text;
        }
      }
    }
  }
}

// A URL that one pass declares clean is one whose parts have nothing to mask.
TEST(Trigger, a_clean_url_has_no_part_to_mask) {
  const SecretNames plain({}, {}), extended({"q", "tenant*"}, {"csrf-token"});
  std::mt19937 random(kSeed);
  int clean = 0;
  for (int round = 0; round < kRounds; ++round) {
    const std::string text = random_text(random);
    for (const SecretNames* names : {&plain, &extended}) {
      const UrlScan by_parts(*names, false, UrlScan::Glance::kNever), at_a_glance(*names, false);
      std::string expected, out;
      ASSERT_EQ(at_a_glance.url(text, out), by_parts.url(text, expected)) << "seed " << kSeed << ": " << text;
      ASSERT_EQ(at_a_glance.query(text, out), by_parts.query(text, expected)) << "seed " << kSeed << ": " << text;
      ASSERT_EQ(out, expected) << "seed " << kSeed << ": " << text;
      clean += expected.empty() ? 1 : 0;
    }
  }
  EXPECT_GT(clean, kRounds / 20);  // the texts are not all so hostile that nothing is declared clean
}

// In a fragment '?' is part of a name.
TEST(Trigger, a_name_in_a_fragment_is_seen_whole) {
  const SecretNames names({}, {});
  std::string out;
  EXPECT_TRUE(UrlScan(names, false).url("/p#secret?b=1", out));
  EXPECT_EQ(out, "/p#secret?b=***");
}

}  // namespace
}  // namespace logs_sdk
