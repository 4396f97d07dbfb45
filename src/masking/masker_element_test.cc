// XML elements in text: masked by their names, from tag to tag.
#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "src/masking/masker.h"

namespace logs_sdk {
namespace {

std::string text(std::string_view in, Extent extent = Extent::kWhole) {
  static const Masker masker({}, {});
  std::string out;
  masker.text(in, out, extent);
  return out;
}

struct Case {
  std::string_view in, out;
};

TEST(MaskerElement, elements_with_a_secret_name_lose_their_content) {
  const Case cases[] = {
      {"<password>hunter2</password>", "<password>***</password>"},
      {"<u>bob</u><Password>a b</Password><x/>", "<u>bob</u><Password>***</Password><x/>"},
      {"<ns:apiKey>abc</ns:apiKey>", "<ns:apiKey>***</ns:apiKey>"},
      {"<secret type='plain'>abc</secret>", "<secret type='plain'>***</secret>"},
      {"<token>abc", "<token>***"},
  };
  for (const Case& c : cases) EXPECT_EQ(text(c.in), c.out) << c.in;
}

TEST(MaskerElement, other_elements_and_brackets_stay) {
  const std::string_view cases[] = {"<user>bob</user>",        "<password/><user>bob</user>",
                                    "<password></password>",   "<total_tokens>42</total_tokens>",
                                    "std::vector<Token> grew", "a -> b => c > d"};
  for (const std::string_view c : cases) EXPECT_EQ(text(c), c);
}

TEST(MaskerElement, an_element_cut_within_its_content_is_masked_to_the_end) {
  EXPECT_EQ(text("<password>hun", Extent::kCut), "<password>***");
}

TEST(MaskerElement, hostile_megabytes_take_linear_time) {
  for (const std::string_view unit : {"<token>", "a<token>", "a<token></b>", "<password", "<<", ">"}) {
    std::string in;
    while (in.size() < 1 << 20) in.append(unit);
    EXPECT_LE(text(in).size(), 3 * in.size()) << unit;
  }
}

}  // namespace
}  // namespace logs_sdk
