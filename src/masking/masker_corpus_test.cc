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

}  // namespace
}  // namespace logs_sdk
