#include "src/sdk/stack_rewriter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "src/entry/byte_buffer.h"
#include "src/entry/entry_encoder.h"
#include "src/sdk/readable_stack.h"
#include "src/symbols/loaded_modules.h"

namespace logs_sdk {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::SizeIs;
using Json = nlohmann::json;

[[gnu::noinline]] void known_function() { asm volatile(""); }

std::string known_frame() {
  const auto address = reinterpret_cast<std::uintptr_t>(&known_function);
  return raw_frames({&address, 1})[0];
}

std::string encoded(const std::string& stack, const std::string& location, const std::vector<TagView>& tags = {}) {
  EntryView view;
  view.uuid = "0190f3b0c8d07d2a8f3e5b6c7d8e9f00";
  view.path = "/a\"b";
  view.error_stack = stack;
  view.panic_location = location;
  view.tags = tags;
  ByteBuffer bytes;
  EntryEncoder(EntryLimits{.max_stack_bytes = 65536}, ProcessIdentity{}).encode(view, bytes);
  return std::string(bytes.view());
}

TagView text_tag(std::string_view name, std::string_view text) {
  TagView tag;
  tag.name = name;
  tag.text = text;
  return tag;
}

class StackRewriterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!Symbolizer::available()) GTEST_SKIP() << "not run: there is no libdw.so.1 here";
  }
  StackRewriter rewriter{8192, [] { FAIL() << "nothing is missing"; }};
  std::string out;
};

TEST_F(StackRewriterTest, frames_become_functions_and_everything_else_stays_byte_for_byte) {
  const std::string frame = known_frame();
  const std::string entry = encoded("/nowhere+0x1 [00]\n" + frame, frame, {text_tag("basket", "7")});
  ASSERT_TRUE(rewriter.rewrite(entry, out));
  Json before = Json::parse(entry), after = Json::parse(out);
  EXPECT_THAT(after.at("panic_location").get<std::string>(), HasSubstr("known_function()"));
  EXPECT_EQ(after.at("error_stack"), "/nowhere+0x1 [00]\n" + after.at("panic_location").get<std::string>());
  EXPECT_EQ(out.substr(0, out.find("\"error_stack\"")), entry.substr(0, entry.find("\"error_stack\"")));
  EXPECT_EQ(out.substr(out.find(",\"tags\"")), entry.substr(entry.find(",\"tags\"")));
}

TEST_F(StackRewriterTest, an_entry_without_frames_is_left_alone) {
  for (const std::string& stack : {std::string(), std::string("at pay.cc:12\nat main.cc:3")}) {
    EXPECT_FALSE(rewriter.rewrite(encoded(stack, "pay at pay.cc:12"), out));
    EXPECT_FALSE(rewriter.rewrite(encoded(stack, ""), out));
  }
  EXPECT_FALSE(rewriter.rewrite(encoded("/nowhere+0x1 [00]", "/nowhere+0x1 [00]"), out)) << "nothing is known of it";
  for (const char* other :
       {"", "{}", "not even JSON", ",\"tags\":{", ",\"error_stack\":,\"panic_location\":,\"tags\":{"}) {
    EXPECT_FALSE(rewriter.rewrite(other, out)) << other;
  }
}

TEST_F(StackRewriterTest, tags_that_are_called_as_the_fields_are_do_not_mislead_it) {
  const std::string frame = known_frame();
  const std::vector<TagView> tags = {text_tag("error_stack", frame), text_tag("panic_location", frame),
                                     text_tag("tags", "{")};
  EXPECT_FALSE(rewriter.rewrite(encoded("", "", tags), out));
  ASSERT_TRUE(rewriter.rewrite(encoded(frame, frame, tags), out));
  const Json after = Json::parse(out);
  EXPECT_THAT(after.at("panic_location").get<std::string>(), HasSubstr("known_function()"));
  EXPECT_EQ(after.at("tags").at("error_stack"), frame);
}

TEST_F(StackRewriterTest, without_a_stack_the_location_is_still_made_readable) {
  ASSERT_TRUE(rewriter.rewrite(encoded("", known_frame()), out));
  const Json after = Json::parse(out);
  EXPECT_EQ(after.at("error_stack"), "");
  EXPECT_THAT(after.at("panic_location").get<std::string>(), HasSubstr("known_function()"));
}

TEST_F(StackRewriterTest, what_grows_beyond_the_limit_loses_its_oldest_frames) {
  std::string stack;
  for (int i = 0; i < 20; ++i) stack += known_frame() + "\n";
  StackRewriter narrow(300, [] {});
  ASSERT_TRUE(narrow.rewrite(encoded(stack, known_frame()), out));
  const Json after = Json::parse(out);
  const std::string kept = after.at("error_stack").get<std::string>();
  EXPECT_LE(kept.size(), 300u);
  EXPECT_TRUE(kept.starts_with("...[truncated]\n"));
  EXPECT_THAT(kept, EndsWith(after.at("panic_location").get<std::string>()));
}

TEST_F(StackRewriterTest, any_part_of_an_entry_is_read_without_harm) {
  const std::string entry = encoded(known_frame(), known_frame());
  for (std::size_t size = 0; size < entry.size(); ++size) rewriter.rewrite(entry.substr(0, size), out);
  EXPECT_TRUE(rewriter.rewrite(entry, out));
}

TEST(ReadableStackTest, what_throws_and_what_is_ours_is_left_out_and_the_newest_of_the_rest_is_the_location) {
  const std::vector<std::string_view> lines = {"/a+0x1 [ab]", "/a+0x2 [ab]", "/a+0x3 [ab]", "/libstdc++.so+0x4 [cd]"};
  const std::vector<std::vector<CodePlace>> places = {
      {{"main", "main.cc", 3}},
      {{"logs_sdk::v1::httplib::detail::Watched<>::operator()()", "httplib.h", 9}},
      {{"std::vector<int>::at(unsigned long)", "vector", 5}, {"shop::pay(int)", "pay.cc", 7}},
      {{"std::__throw_out_of_range_fmt(char const*, ...)", "", 0}}};
  const ReadableStack readable = readable_stack(lines, places);
  EXPECT_EQ(readable.stack,
            "main at main.cc:3\nshop::pay(int) at pay.cc:7\nstd::vector<int>::at(unsigned long) at vector:5");
  EXPECT_EQ(readable.location, "std::vector<int>::at(unsigned long) at vector:5");
}

TEST(ReadableStackTest, a_function_without_debug_information_shows_module_and_offset) {
  EXPECT_EQ(readable_stack({"/a+0x1f [ab]"}, {{{"pay", "", 0}}}).location, "pay (/a+0x1f)");
}

TEST(ReadableStackTest, names_that_are_not_utf8_are_repaired) {
  EXPECT_EQ(readable_stack({"/a+0x1 [ab]"}, {{{"pay", "\xff.cc", 1}}}).location, "pay at \xEF\xBF\xBD.cc:1");
}

TEST(ReadableStackTest, where_there_is_nothing_but_throwing_that_is_shown) {
  EXPECT_EQ(readable_stack({"/a+0x1 [ab]"}, {{{"std::__throw_bad_alloc()", "", 0}}}).stack,
            "std::__throw_bad_alloc() (/a+0x1)");
}

}  // namespace
}  // namespace logs_sdk
