#include "src/capture/exception_text.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace logs_sdk {
namespace {

template <typename Thrown>
ExceptionText text_of(const Thrown& thrown) {
  return exception_text(std::make_exception_ptr(thrown));
}

TEST(ExceptionTextTest, the_code_of_a_system_error_stands_behind_its_text) {
  const ExceptionText text = text_of(std::system_error(ENOENT, std::generic_category(), "opening the basket"));
  EXPECT_EQ(text.type, "std::system_error");
  EXPECT_EQ(text.message, "opening the basket: No such file or directory (generic:2)");
}

TEST(ExceptionTextTest, causes_follow_each_with_its_type) {
  ExceptionText text;
  try {
    try {
      throw std::out_of_range("no item 7");
    } catch (...) {
      std::throw_with_nested(std::runtime_error("no basket"));
    }
  } catch (...) {
    text = exception_text(std::current_exception());
  }
  EXPECT_EQ(text.type, "std::runtime_error");
  EXPECT_EQ(text.message, "no basket; caused by std::out_of_range: no item 7");
}

TEST(ExceptionTextTest, what_is_no_std_exception_has_its_type_and_what_text_it_has) {
  EXPECT_EQ(text_of(42).type, "int");
  EXPECT_EQ(text_of(42).message, "");
  EXPECT_EQ(text_of(std::string("why")).message, "why");
  EXPECT_EQ(text_of<const char*>("because").message, "because");
  EXPECT_EQ(text_of<const char*>(nullptr).message, "");
  EXPECT_EQ(exception_text(nullptr).type, "");
}

TEST(ExceptionTextTest, a_loop_of_causes_ends) {
  std::exception_ptr inner = std::make_exception_ptr(1);
  for (int i = 0; i < 100; ++i) {
    try {
      try {
        std::rethrow_exception(inner);
      } catch (...) {
        std::throw_with_nested(std::runtime_error("again"));
      }
    } catch (...) {
      inner = std::current_exception();
    }
  }
  EXPECT_LT(exception_text(inner).message.size(), 500u);
}

}  // namespace
}  // namespace logs_sdk
