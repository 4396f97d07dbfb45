#include "src/sdk/messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <vector>

#include "testing/manual_clock.h"

namespace logs_sdk {
namespace {

using ::testing::ElementsAre;

class MessagesTest : public ::testing::Test {
 protected:
  ManualClock clock;
  std::vector<std::string> said;
  Messages messages{[this](MessageLevel, std::string_view text) { said.emplace_back(text); }, clock};
};

TEST_F(MessagesTest, a_kind_speaks_once_a_minute) {
  messages.say(MessageLevel::kWarning, "disk", "one");
  messages.say(MessageLevel::kWarning, "disk", "two");
  messages.say(MessageLevel::kWarning, "network", "three");
  clock.advance(std::chrono::seconds(59));
  messages.say(MessageLevel::kWarning, "disk", "four");
  clock.advance(std::chrono::seconds(1));
  messages.say(MessageLevel::kWarning, "disk", "five");
  EXPECT_THAT(said, ElementsAre("one", "three", "five"));
}

TEST_F(MessagesTest, more_kinds_than_there_is_room_for_are_still_limited) {
  for (int round = 0; round < 2; ++round) {
    for (std::size_t i = 0; i < 2 * Messages::kMaxKinds; ++i) messages.say(MessageLevel::kInfo, std::to_string(i), "x");
  }
  EXPECT_EQ(said.size(), Messages::kMaxKinds);
}

TEST_F(MessagesTest, what_a_receiver_throws_is_swallowed) {
  Messages angry([](MessageLevel, std::string_view) { throw 1; }, clock);
  angry.say(MessageLevel::kError, "kind", "text");
}

TEST_F(MessagesTest, without_a_receiver_one_line_goes_to_stderr) {
  Messages plain(nullptr, clock);
  ::testing::internal::CaptureStderr();
  plain.say(MessageLevel::kWarning, "kind", "two\nlines\x1b[31m");
  plain.say(MessageLevel::kError, "long", std::string(5000, 'x'));
  const std::string captured = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(captured.substr(0, captured.find('\n') + 1), "logs-sdk: warning: two lines [31m\n");
  EXPECT_THAT(captured, ::testing::EndsWith("xxx\n"));
  EXPECT_LT(captured.size(), 1200u);
}

TEST_F(MessagesTest, a_closed_pipe_at_stderr_does_not_end_the_process) {
  EXPECT_EXIT(
      {
        int ends[2];
        if (pipe(ends) != 0) _exit(1);
        close(ends[0]);
        dup2(ends[1], STDERR_FILENO);
        signal(SIGPIPE, SIG_DFL);
        Messages(nullptr, clock).say(MessageLevel::kWarning, "kind", "text");
        _exit(0);
      },
      ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace logs_sdk
