// The stack of a throw as it reaches the platform, from programs of every form.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <sstream>
#include <string>
#include <vector>

#include "logs_sdk/logs_sdk.h"
#include "testing/platform_sink.h"
#include "testing/temporary_folder.h"
#include "tests/sdk/victim_process.h"
#include "tests/throw_stack/nested_throw.h"

namespace logs_sdk {
namespace {

using ::testing::AllOf;
using ::testing::ContainsRegex;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;
using Json = PlatformSink::Json;

std::string program(const std::string& form) { return LOGS_SDK_THROWER + form; }

class ThrowFormsTest : public ::testing::TestWithParam<const char*> {
 protected:
  std::vector<std::string> environment() const {
    return {"LOGS_SDK_ENDPOINT=" + sink.url(), "LOGS_SDK_API_KEY=k",
            "LOGS_SDK_API_SECRET=s",           "LOGS_SDK_PROJECT_SLUG=test",
            "LOGS_SDK_FLUSH_INTERVAL=0.05",    "LOGS_SDK_OFFLINE_DIR=" + folder.file("spool")};
  }
  // The entry of a program that runs to its end.
  Json entry_of(const std::string& form, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), program(form));
    VictimProcess process = VictimProcess::running(std::move(arguments), environment());
    const std::string said = process.read_all();
    EXPECT_EQ(process.wait(), 0) << said;
    return sink.await_entries(1)[0];
  }
  static std::vector<std::string> lines(const Json& entry) {
    std::istringstream stack(entry.at("error_stack").get<std::string>());
    std::vector<std::string> all;
    for (std::string line; std::getline(stack, line);) all.push_back(line);
    return all;
  }
  static std::string location(const Json& entry) { return entry.at("panic_location").get<std::string>(); }
  static void expect_common(const Json& entry) {
    EXPECT_EQ(entry.at("error_type"), "panic");
    EXPECT_EQ(entry.at("error_message"), "std::runtime_error: the card was refused");
    EXPECT_EQ(entry.at("is_error"), true);
  }

  TemporaryFolder folder;
  PlatformSink sink;
};

const std::string kThrowPlace = "nested_throw.h:" + std::to_string(shop::kThrowLine);

TEST_P(ThrowFormsTest, function_file_and_line_of_the_throw_reach_the_platform_with_who_called_it) {
  const Json entry = entry_of(GetParam(), {"throw"});
  expect_common(entry);
  EXPECT_THAT(location(entry), AllOf(StartsWith("shop::charge_card(int) at "), EndsWith(kThrowPlace)));
  const std::vector<std::string> stack = lines(entry);
  ASSERT_GE(stack.size(), 3u) << entry.at("error_stack");
  EXPECT_EQ(stack.back(), location(entry));
  EXPECT_THAT(stack[stack.size() - 2], HasSubstr("shop::place_order(int) at "));
  EXPECT_THAT(entry.at("error_stack").get<std::string>(), HasSubstr("main at "));
}

constexpr const char* kForms[] = {"shared",         "static",  "optimised",
                                  "no_pie",
#ifndef LOGS_SDK_SANITIZED
                                  "static_runtime", "address", "thread",
                                  "undefined"
#endif
};
INSTANTIATE_TEST_SUITE_P(Forms, ThrowFormsTest, ::testing::ValuesIn(kForms),
                         [](const auto& form) { return std::string(form.param); });

TEST_F(ThrowFormsTest, without_debug_information_the_function_is_shown_with_module_and_offset) {
  const Json entry = entry_of("symbols", {"throw"});
  expect_common(entry);
  EXPECT_THAT(location(entry), MatchesRegex("shop::charge_card\\(int\\) \\(/.*/thrower_symbols\\+0x[0-9a-f]+\\)"));
}

TEST_F(ThrowFormsTest, of_a_stripped_program_module_and_offset_stay_with_the_build_id) {
  const Json entry = entry_of("nothing", {"throw"});
  expect_common(entry);
  EXPECT_THAT(location(entry), MatchesRegex("/.*/thrower_nothing\\+0x[0-9a-f]+ \\[[0-9a-f]{40}\\]"));
}

TEST_F(ThrowFormsTest, a_throw_in_a_plug_in_is_found_there) {
  const Json entry = entry_of("shared", {"plugin", LOGS_SDK_PLUGIN});
  expect_common(entry);
  EXPECT_THAT(location(entry), AllOf(StartsWith("shop::charge_card(int) at "), EndsWith(kThrowPlace)));
  EXPECT_THAT(entry.at("error_stack").get<std::string>(), HasSubstr("plugin::price(int) at "));
}

TEST_F(ThrowFormsTest, what_the_standard_library_throws_was_thrown_by_its_caller) {
  const Json entry = entry_of("shared", {"standard"});
  EXPECT_THAT(entry.at("error_message").get<std::string>(), StartsWith("std::out_of_range: "));
  EXPECT_THAT(location(entry), Not(HasSubstr("__throw")));
  EXPECT_THAT(entry.at("error_stack").get<std::string>(), ContainsRegex("take_item\\(.*at .*thrower\\.cc:"));
}

TEST_F(ThrowFormsTest, without_the_library_an_entry_has_everything_but_the_stack) {
  const Json entry = entry_of("without", {"throw"});
  expect_common(entry);
  EXPECT_THAT(entry.at("error_stack").get<std::string>(), IsEmpty());
  EXPECT_THAT(location(entry), IsEmpty());
}

TEST_F(ThrowFormsTest, the_entry_of_a_killed_process_comes_with_its_stack_by_the_next) {
  sink.set_down(true);
  {
    VictimProcess victim = VictimProcess::running({program("shared"), "wait"}, environment());
    ASSERT_EQ(victim.read_line(), "ready");
    ASSERT_TRUE(WIFSIGNALED(victim.kill_now()));
  }
  sink.set_down(false);
  Config config;  // of this program, which links no throw stack itself
  config.endpoint = sink.url();
  config.api_key = "k";
  config.api_secret = "s";
  config.project_slug = "test";
  config.flush_interval = std::chrono::milliseconds(50);
  config.offline_dir = folder.file("spool");
  LogSDK next(config);
  next.start();
  const Json entry = sink.await_entries(1)[0];
  expect_common(entry);
  EXPECT_THAT(location(entry), AllOf(StartsWith("shop::charge_card(int) at "), EndsWith(kThrowPlace)));
  EXPECT_TRUE(next.close(std::chrono::seconds(30)));
  EXPECT_EQ(next.stats().recovered, 1u);
}

}  // namespace
}  // namespace logs_sdk
