// JSON that is well-formed stays so, as a parser says that shares nothing with the masker.
#include <gtest/gtest.h>
#include <rapidjson/reader.h>
#include <rapidjson/stream.h>

#include <filesystem>
#include <string>

#include "src/masking/masker.h"
#include "testing/masking_corpus.h"

namespace logs_sdk {
namespace {

bool is_json(const std::string& text) {
  rapidjson::StringStream stream(text.c_str());
  rapidjson::BaseReaderHandler<> nothing;
  rapidjson::Reader reader;
  return !reader.Parse(stream, nothing).IsError() && stream.Tell() == text.size();
}

TEST(MaskerJson, well_formed_json_stays_well_formed) {
  std::size_t documents = 0;
  for (const MaskingCase& each :
       read_masking_corpus(std::filesystem::path(LOGS_SDK_SOURCE_DIR) / "testing/masking_corpus")) {
    if (!is_json(each.input) || each.where != MaskingCase::Where::kBody) continue;
    const Masker masker(each.extra, each.allow);
    std::string out;
    masker.body(each.of, each.input, Extent::kWhole, out);
    EXPECT_TRUE(is_json(out)) << each.name << ": " << out;
    ++documents;
  }
  EXPECT_GE(documents, 100u);
}

}  // namespace
}  // namespace logs_sdk
