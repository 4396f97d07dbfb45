// The masking corpus (testing/masking_corpus), run against the masker itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "src/masking/masker.h"
#include "testing/masking_corpus.h"

namespace logs_sdk {
namespace {

using Where = MaskingCase::Where;

const std::vector<MaskingCase>& corpus() {
  static const std::vector<MaskingCase> cases =
      read_masking_corpus(std::filesystem::path(LOGS_SDK_SOURCE_DIR) / "testing/masking_corpus");
  return cases;
}

// The masker of the options of `of`.
const Masker& masker_of(const MaskingCase& of) {
  static std::map<std::pair<std::vector<std::string>, std::vector<std::string>>, std::unique_ptr<Masker>> maskers;
  auto& masker = maskers[{of.extra, of.allow}];
  if (masker == nullptr) masker = std::make_unique<Masker>(of.extra, of.allow);
  return *masker;
}

bool mask(const MaskingCase& of, const std::string& in, Extent extent, std::string& out) {
  const Masker& masker = masker_of(of);
  switch (of.where) {
    case Where::kBody:
      return masker.mask_body(of.of, in, extent, out);
    case Where::kHeader:
      return masker.mask_header(of.of, in, out, extent);
    case Where::kTag:
      return masker.mask_value(of.of, in, out, extent);
    case Where::kUrl:
      return masker.mask_url(in, out, extent);
    case Where::kQuery:
      return masker.mask_query(in, out, extent);
    case Where::kText:
      return masker.mask_text(in, out, extent);
  }
  return false;
}

std::string masked(const MaskingCase& of, const std::string& in, Extent extent) {
  std::string out;
  return mask(of, in, extent, out) ? out : in;
}

Extent extent_of(const MaskingCase& of) { return of.cut ? Extent::kCut : Extent::kWhole; }

TEST(MaskerCorpus, each_case_comes_out_as_it_says) {
  for (const MaskingCase& each : corpus())
    EXPECT_EQ(masked(each, each.input, extent_of(each)), each.output) << each.name;
}

TEST(MaskerCorpus, what_is_masked_stays_as_it_is) {
  for (const MaskingCase& each : corpus()) {
    EXPECT_EQ(masked(each, each.output, extent_of(each)), each.output) << each.name;
    EXPECT_EQ(masked(each, each.output, Extent::kWhole), each.output) << each.name;
  }
}

TEST(MaskerCorpus, half_of_the_cases_survive) {
  const auto survivors =
      std::count_if(corpus().begin(), corpus().end(), [](const auto& each) { return each.survives(); });
  EXPECT_GE(corpus().size(), 400u);
  EXPECT_GE(2 * static_cast<std::size_t>(survivors), corpus().size());
}

// So much of a secret at the end of what is shown tells nothing: a few characters, the first groups of a card, what a
// vendor puts in front of all of its keys.
std::size_t harmless_bytes(const std::string& secret) {
  constexpr std::size_t kMaxPrefixBytes = 15;
  if (secret[0] >= '0' && secret[0] <= '9') return 7;
  const std::size_t prefix = secret.substr(0, kMaxPrefixBytes).find_last_of("_-.");
  return prefix == std::string::npos ? 4 : std::max<std::size_t>(prefix + 1, 4);
}

TEST(MaskerCorpus, no_beginning_of_a_case_shows_its_secrets) {
  for (const MaskingCase& each : corpus()) {
    for (const std::string& secret : each.secrets) {
      const std::size_t begin = each.input.find(secret);
      for (std::size_t size = 0; size <= each.input.size(); ++size) {
        const std::string out = masked(each, each.input.substr(0, size), Extent::kCut);
        ASSERT_EQ(out.find(secret), std::string::npos) << each.name << ", the first " << size << " bytes";
        if (begin == std::string::npos || size <= begin + harmless_bytes(secret)) continue;
        const std::string beginning = secret.substr(0, size - begin);
        ASSERT_EQ(out.find(beginning), std::string::npos) << each.name << ", the first " << size << " bytes";
      }
    }
  }
}

TEST(MaskerCorpus, any_beginning_that_was_masked_stays_as_it_is) {
  for (const MaskingCase& each : corpus()) {
    for (std::size_t size = 0; size < each.input.size(); ++size) {
      const std::string once = masked(each, each.input.substr(0, size), Extent::kCut);
      ASSERT_EQ(masked(each, once, Extent::kCut), once) << each.name << ", the first " << size << " bytes";
      ASSERT_LE(once.size(), 12 * size + 64) << each.name;
    }
  }
}

}  // namespace
}  // namespace logs_sdk
