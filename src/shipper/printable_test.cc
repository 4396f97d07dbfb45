#include "src/shipper/printable.h"

#include <gtest/gtest.h>

namespace logs_sdk {
namespace {

TEST(Printable, text_stays_as_it_is) {
  EXPECT_EQ(printable("status_code: not a number, \xE4\xB8\xAD"), "status_code: not a number, \xE4\xB8\xAD");
}

TEST(Printable, control_characters_become_spaces) {
  EXPECT_EQ(printable("a\r\nb\x1B[31m\x7F\tc"), "a  b [31m  c");
  EXPECT_EQ(printable("a\xC2\x9B"
                      "31m"),
            "a 31m");  // CSI as one C1 character
}

TEST(Printable, bytes_that_are_not_utf8_become_question_marks) {
  EXPECT_EQ(printable("\xFF[\xC3]\xE4\xB8"), "?[?]??");
  EXPECT_EQ(printable("\xED\xA0\x80"), "???");  // a surrogate
  EXPECT_EQ(printable("\xC0\xAF"), "??");       // an overlong slash
}

TEST(Printable, a_cut_never_splits_a_character) {
  EXPECT_EQ(printable("ab\xE4\xB8\xAD", 5), "ab\xE4\xB8\xAD");
  EXPECT_EQ(printable("ab\xE4\xB8\xAD", 4), "ab");
  EXPECT_EQ(printable(std::string(1000, 'x')).size(), kMaxReasonBytes);
}

}  // namespace
}  // namespace logs_sdk
