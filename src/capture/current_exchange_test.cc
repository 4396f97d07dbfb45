#include "logs_sdk/current_exchange.h"

#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "src/capture/capture_fixture.h"

namespace logs_sdk {
namespace {

class CurrentExchangeTest : public CaptureFixture {};

TEST_F(CurrentExchangeTest, outside_of_a_request_it_is_inert_and_takes_every_call) {
  EXPECT_FALSE(current_exchange());
  current_exchange().set_user("ada");
  current_exchange().add_tag("colour", std::string("red"));
  current_exchange().mark_business_error("no");
  EXPECT_EQ(current_exchange().uuid(), "");
  EXPECT_EQ(current_exchange().trace_id(), "");
}

TEST_F(CurrentExchangeTest, within_a_scope_it_is_the_adapters_exchange) {
  Exchange& exchange = begin();
  {
    const CurrentExchangeScope scope(exchange);
    EXPECT_EQ(&current_exchange(), &exchange);
    current_exchange().set_user("ada");
    current_exchange().set_session("s-1");
    current_exchange().add_tag("colour", std::string("red"));
    current_exchange().mark_business_error("sold out");
  }
  EXPECT_FALSE(current_exchange());
  const EntryView& entry = finish();
  EXPECT_EQ(entry.user_id, "ada");
  EXPECT_EQ(entry.session_id, "s-1");
  EXPECT_EQ(entry.error_type, "business_error");
  EXPECT_TRUE(entry.is_error);
  ASSERT_NE(tag("colour"), nullptr);
  EXPECT_EQ(tag("colour")->text, "red");
}

TEST_F(CurrentExchangeTest, scopes_nest_and_the_outer_one_comes_back) {
  Exchange outer, inner;
  const CurrentExchangeScope first(outer);
  {
    const CurrentExchangeScope second(inner);
    EXPECT_EQ(&current_exchange(), &inner);
  }
  EXPECT_EQ(&current_exchange(), &outer);
}

TEST_F(CurrentExchangeTest, setting_tells_what_was_before) {
  Exchange exchange;
  EXPECT_EQ(set_current_exchange(&exchange), nullptr);
  EXPECT_EQ(set_current_exchange(nullptr), &exchange);
  EXPECT_NE(&current_exchange(), &exchange);
}

TEST_F(CurrentExchangeTest, each_thread_has_its_own) {
  Exchange& exchange = begin();
  const CurrentExchangeScope scope(exchange);
  bool seen_elsewhere = true;
  std::thread([&] { seen_elsewhere = static_cast<bool>(current_exchange()); }).join();
  EXPECT_FALSE(seen_elsewhere);
  EXPECT_TRUE(current_exchange());
}

TEST_F(CurrentExchangeTest, what_a_mistake_has_moved_into_the_inert_one_is_ended_and_not_there_for_the_next) {
  current_exchange() = std::move(begin());
  EXPECT_FALSE(current_exchange());
  EXPECT_EQ(recorder_->finished, 1);
}

TEST_F(CurrentExchangeTest, in_a_forked_child_the_parents_exchange_is_current_and_inert) {
  Exchange& exchange = begin();
  const CurrentExchangeScope scope(exchange);
  const pid_t child = fork();
  if (child == 0) {
    current_exchange().set_user("child");
    _exit(current_exchange().uuid().empty() && current_exchange().trace_id().empty() ? 0 : 1);
  }
  int status = 1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  current_exchange().set_user("parent");
  EXPECT_EQ(finish().user_id, "parent");
}

}  // namespace
}  // namespace logs_sdk
