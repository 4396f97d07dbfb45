// What the entry of a failed exchange must say.
#ifndef LOGS_SDK_TESTS_ERRORS_ERROR_ENTRY_H_
#define LOGS_SDK_TESTS_ERRORS_ERROR_ENTRY_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

namespace logs_sdk::inline v1 {

inline void expect_error(const nlohmann::json& entry, int status, const std::string& type) {
  EXPECT_EQ(entry.at("status_code"), status);
  EXPECT_EQ(entry.at("error_type"), type);
  EXPECT_EQ(entry.at("is_error"), !type.empty());
}

// The exception was thrown by `function`, in a file of that name.
inline void expect_throw(const nlohmann::json& entry, const std::string& function, const std::string& file) {
  const auto location = entry.at("panic_location").get<std::string>();
  EXPECT_THAT(location, ::testing::HasSubstr(function));
  EXPECT_THAT(location, ::testing::HasSubstr(file + ":"));
  EXPECT_THAT(entry.at("error_stack").get<std::string>(), ::testing::EndsWith(location));
}

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_TESTS_ERRORS_ERROR_ENTRY_H_
