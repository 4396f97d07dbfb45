#include "src/symbols/symbolizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "src/symbols/loaded_modules.h"
#include "testing/temporary_folder.h"

namespace logs_sdk {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

[[gnu::noinline]] std::uintptr_t address_in_outer(int);

[[gnu::always_inline]] inline std::uintptr_t address_in_inlined() {
  std::uintptr_t address = 0;
#if defined(__x86_64__)
  asm volatile("lea (%%rip), %0" : "=r"(address));
#else
  asm volatile("adr %0, ." : "=r"(address));
#endif
  return address;
}

constexpr int kInlinedCallLine = __LINE__ + 1;
std::uintptr_t address_in_outer(int) { return address_in_inlined(); }

class SymbolizerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!Symbolizer::available()) GTEST_SKIP() << "not run: there is no libdw.so.1 here";
  }
  std::vector<CodePlace> places(const std::string& line) { return symbolizer.places({line})[0]; }
  static std::string here() {
    const std::uintptr_t address = address_in_outer(0);
    return raw_frames({&address, 1})[0];
  }

  Symbolizer symbolizer;
};

TEST_F(SymbolizerTest, an_address_is_a_function_with_file_and_line) {
  const std::vector<CodePlace> found = places(here());
  ASSERT_FALSE(found.empty()) << here();
  EXPECT_THAT(found.back().function, HasSubstr("address_in_outer(int)"));
  EXPECT_THAT(found.back().file, EndsWith("symbolizer_test.cc"));
  if (found.size() > 1) {  // debug information of level 1 does not tell what was inlined
    EXPECT_THAT(found[0].function, HasSubstr("address_in_inlined"));
    EXPECT_LT(found[0].line, kInlinedCallLine);
    EXPECT_EQ(found[1].line, kInlinedCallLine);
  }
}

TEST_F(SymbolizerTest, a_library_without_debug_information_gives_the_function) {
  const auto address = reinterpret_cast<std::uintptr_t>(&::strtoul);
  const std::string line = raw_frames({&address, 1})[0];
  const std::vector<CodePlace> found = places(line);
  if (found.empty()) GTEST_SKIP() << "not run: strtoul is not where its address says: " << line;
  EXPECT_THAT(found.back().function, HasSubstr("strtou"));
}

TEST_F(SymbolizerTest, another_file_at_the_same_path_says_nothing) {
  std::string line = here();
  const std::size_t id = line.rfind('[') + 1;
  line[id] = line[id] == '0' ? '1' : '0';
  EXPECT_THAT(places(line), IsEmpty());
}

TEST_F(SymbolizerTest, a_running_program_whose_file_was_replaced_is_known_all_the_same) {
  const std::string line = here();
  const std::string moved = "/nowhere/replaced" + line.substr(line.rfind("+0x"));
  EXPECT_FALSE(places(moved).empty());
}

TEST_F(SymbolizerTest, what_is_no_file_is_not_opened) {
  const TemporaryFolder folder;
  const std::string pipe = folder.file("pipe");
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  for (const std::string& path : {pipe, std::string("/dev/zero"), std::string("/"), std::string("/proc/self/mem")}) {
    EXPECT_THAT(places(path + "+0x10 [00]"), IsEmpty()) << path;
  }
}

TEST_F(SymbolizerTest, an_address_beyond_the_file_says_nothing) {
  std::string line = here();
  line.replace(line.rfind("+0x"), line.rfind(" [") - line.rfind("+0x"), "+0xfffffffffffffff0");
  EXPECT_THAT(places(line), IsEmpty());
}

TEST_F(SymbolizerTest, lines_that_are_no_frames_are_passed_over) {
  EXPECT_THAT(symbolizer.places({"", "at pay.cc:12", "...[truncated]"}), SizeIs(3));
  EXPECT_THAT(places("at pay.cc:12"), IsEmpty());
}

TEST_F(SymbolizerTest, more_frames_than_are_remembered_are_still_answered) {
  const std::string line = here();
  for (std::size_t i = 0; i < Symbolizer::kMaxKnownFrames + 10; ++i) {
    symbolizer.places({"/nowhere/" + std::to_string(i) + "+0x1 [00]"});
  }
  EXPECT_FALSE(places(line).empty());
}

// Every look at it takes a while, as if what lies between two of them did.
class SlowClock final : public Clock {
 public:
  WallTime wall() const noexcept override { return {}; }
  SteadyTime steady() const noexcept override { return now_ += std::chrono::milliseconds(300); }
  void wait_until(std::condition_variable&, std::unique_lock<std::mutex>&, SteadyTime) override {}
  void advance(std::chrono::milliseconds by) { now_ += by; }

 private:
  mutable SteadyTime now_{};
};

TEST_F(SymbolizerTest, all_stacks_together_get_so_much_time_of_each_period) {
  SlowClock clock;
  Symbolizer slow(clock);
  const auto known = [&](std::uintptr_t byte) {  // a stack of one frame, another one each time
    const std::uintptr_t address = address_in_outer(0) - byte;
    return !slow.places({raw_frames({&address, 1})[0]})[0].empty();
  };
  EXPECT_TRUE(known(0));
  EXPECT_TRUE(known(1));
  EXPECT_TRUE(known(2));
  EXPECT_TRUE(known(3)) << "begun within the time";
  EXPECT_FALSE(known(4));
  EXPECT_TRUE(known(0)) << "what was learnt costs nothing";
  clock.advance(Symbolizer::kPeriod);
  EXPECT_TRUE(known(4));
}

TEST(LoadedModulesTest, an_address_in_no_module_has_no_frame) {
  int on_the_stack = 0;
  const std::array<std::uintptr_t, 2> addresses = {reinterpret_cast<std::uintptr_t>(&on_the_stack), 1};
  EXPECT_THAT(raw_frames(addresses), ::testing::ElementsAre("", ""));
}

}  // namespace
}  // namespace logs_sdk
