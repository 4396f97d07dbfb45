#include "src/symbols/raw_frame.h"

#include <gtest/gtest.h>

namespace logs_sdk {
namespace {

std::string text_of(const RawFrame& frame) {
  std::string text;
  append_raw_frame(frame, text);
  return text;
}

TEST(RawFrameTest, a_frame_is_read_as_it_was_written) {
  for (const RawFrame& frame : {RawFrame{"/usr/bin/shop", 0x1a2b, "00ff"}, RawFrame{"/a b+0x1 [c]/lib.so", 0, "ab"},
                                RawFrame{"/none", ~std::uint64_t{0}, ""}}) {
    const std::string text = text_of(frame);
    const auto read = parse_raw_frame(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(read->module, frame.module);
    EXPECT_EQ(read->offset, frame.offset);
    EXPECT_EQ(read->build_id, frame.build_id);
  }
}

TEST(RawFrameTest, what_only_looks_like_a_frame_is_none) {
  for (const char* line :
       {"", "]", " []", "+0x1 []", "/a+0x []", "/a+0xg [ab]", "/a+0x1 [ab", "/a+0x1[ab]", "/a+0x1 [AG]", "/a+0x1 [ab] ",
        "/a+0x11111111111111111 [ab]", "app::pay(int) at pay.cc:12", "/a+1 [ab]", "/a+0x-1 [ab]"}) {
    EXPECT_FALSE(parse_raw_frame(line)) << line;
  }
}

}  // namespace
}  // namespace logs_sdk
