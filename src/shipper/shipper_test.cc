#include "src/shipper/shipper.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <string>
#include <vector>

#include "src/shipper/backoff.h"
#include "src/shipper/curl_transport.h"
#include "src/shipper/destination.h"
#include "testing/list_record_source.h"
#include "testing/manual_clock.h"
#include "testing/scripted_http_server.h"
#include "testing/scripted_transport.h"
#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Behaviour = ScriptedReply::Behaviour;

// ---- The thread, on a clock that stands still
// ------------------------------------------------------------------------

class ShipperTest : public testing::Test {
 protected:
  ShipperTest() { options_.endpoint = "https://logs.example/logs"; }

  void TearDown() override {
    shipper_.reset();  // its thread may still be settling
    EXPECT_EQ(live_.spooled(), live_.counted()) << "the ledger does not add up";
  }

  Shipper& shipper() {
    if (!shipper_) {
      auto transport = std::make_unique<ScriptedTransport>();
      transport_ = transport.get();
      shipper_ = std::make_unique<Shipper>(options_, live_, std::move(transport), clock_, random_);
    }
    return *shipper_;
  }
  ScriptedTransport& transport() {
    shipper();
    return *transport_;
  }
  SteadyTime in(seconds time) { return clock_.steady() + time; }

  ShipperOptions options_;
  ManualClock clock_;
  SeededRandom random_;
  ListRecordSource live_;
  ScriptedTransport* transport_ = nullptr;
  std::unique_ptr<Shipper> shipper_;
};

TEST_F(ShipperTest, does_nothing_before_it_is_started) {
  live_.append(0, 1);
  EXPECT_FALSE(shipper().flush(in(seconds(10))));
  shipper().stop(in(seconds(10)));
  EXPECT_TRUE(transport().sent().empty());
}

TEST_F(ShipperTest, ships_when_the_flush_interval_has_passed) {
  shipper().start();
  clock_.await_waiters(1);
  live_.append(0, 3);
  clock_.advance(options_.flush_interval);
  transport().await_sent(1);
}

TEST_F(ShipperTest, ships_when_it_is_woken) {
  shipper().start();
  live_.append(0, 3);
  shipper().wake();
  transport().await_sent(1);
}

TEST_F(ShipperTest, is_woken_for_one_address_while_what_waits_for_the_other_is_held) {
  options_.max_retries = 0;
  transport().next_status(401);
  shipper().start();
  live_.append(kInfraStream, 1);
  shipper().wake();
  transport().await_sent(1);
  clock_.await_waiters(1);
  live_.append(0, 3);
  shipper().wake();
  transport().await_sent(2);
  EXPECT_EQ(transport().sent()[1].count(), 3U);
}

TEST_F(ShipperTest, flush_returns_when_everything_is_settled) {
  shipper().start();
  live_.append(0, 1200);
  EXPECT_TRUE(shipper().flush(in(seconds(10))));
  EXPECT_EQ(live_.spooled().pending(), 0U);
  EXPECT_EQ(shipper().status().batches_sent, 3U);
  EXPECT_TRUE(shipper().flush(in(seconds(10)))) << "with nothing to ship";
}

TEST_F(ShipperTest, flush_says_at_once_that_the_destination_is_down) {
  options_.max_retries = 0;
  transport().next_failure();
  shipper().start();
  live_.append(0, 1);
  EXPECT_FALSE(shipper().flush(in(seconds(10))));
  EXPECT_TRUE(shipper().status().destination_down);
  EXPECT_EQ(shipper().status().send_failures, 1U);
}

TEST_F(ShipperTest, its_status_tells_a_platform_that_refuses_from_one_that_is_away) {
  options_.max_retries = 0;
  transport().next_status(401);
  shipper().start();
  live_.append(0, 1);
  EXPECT_FALSE(shipper().flush(in(seconds(10))));
  EXPECT_TRUE(shipper().status().parked);
  EXPECT_FALSE(shipper().status().destination_down);
  clock_.await_waiters(1);
  clock_.advance(Backoff::kMaxStep);
  transport().await_sent(2);
  EXPECT_TRUE(shipper().flush(in(seconds(10))));
  EXPECT_FALSE(shipper().status().parked);
}

TEST_F(ShipperTest, flush_waits_through_the_retries) {
  transport().next_failure();
  shipper().start();
  live_.append(0, 1);
  auto flushed = std::async(std::launch::async, [&] { return shipper().flush(in(seconds(100))); });
  transport().await_sent(1);
  clock_.await_waiters(2);  // the caller of flush, and the thread until the retry
  clock_.advance(Backoff::kFirstRetry);
  EXPECT_TRUE(flushed.get());
}

TEST_F(ShipperTest, flush_gives_up_at_its_deadline) {
  transport().next_silence();
  shipper().start();
  live_.append(0, 1);
  auto flushed = std::async(std::launch::async, [&] { return shipper().flush(in(seconds(2))); });
  transport().await_sent(1);
  clock_.await_waiters(1);
  clock_.advance(seconds(2));
  EXPECT_FALSE(flushed.get());
}

TEST_F(ShipperTest, stop_ships_what_is_left) {
  shipper().start();
  live_.append(0, 1200);
  shipper().stop(in(seconds(2)));
  EXPECT_EQ(live_.spooled().pending(), 0U);
  EXPECT_EQ(shipper().status().batches_sent, 3U);
}

TEST_F(ShipperTest, stop_cuts_a_silent_request_off_at_its_deadline_not_before_and_keeps_the_records) {
  transport().next_silence();
  shipper().start();
  live_.append(0, 5);
  shipper().wake();
  transport().await_sent(1);
  auto stopped = std::async(std::launch::async, [&] { shipper().stop(in(seconds(2))); });
  clock_.await_waiters(1);
  clock_.advance(seconds(2) - std::chrono::microseconds(1));
  EXPECT_EQ(stopped.wait_for(seconds(0)), std::future_status::timeout);
  clock_.advance(std::chrono::microseconds(1));
  stopped.get();
  EXPECT_EQ(live_.spooled().pending(), 5U);
}

TEST_F(ShipperTest, stop_with_a_platform_that_is_down_makes_one_attempt_and_waits_for_nothing) {
  options_.max_retries = 20;
  live_.append(0, 1200);
  for (int i = 0; i < 3; ++i) transport().next_failure();
  shipper().start();
  shipper().stop(in(seconds(2)));
  EXPECT_EQ(transport().sent().size(), 1U);
  EXPECT_EQ(clock_.steady(), ManualClock().steady());
  EXPECT_EQ(live_.spooled().pending(), 1200U);
}

TEST_F(ShipperTest, stop_with_a_slow_platform_ships_what_its_deadline_allows) {
  const auto slow = [this](const ScriptedTransport::Sent& sent) {
    clock_.advance(seconds(1));
    return ScriptedTransport::accept_all(sent);
  };
  for (int i = 0; i < 9; ++i) transport().next_from(slow);
  live_.append(0, 4000);
  shipper().start();
  shipper().stop(in(seconds(3)));
  EXPECT_EQ(transport().sent().size(), 3U);
  EXPECT_EQ(live_.spooled().delivered, 1500U);
  EXPECT_EQ(live_.spooled().pending(), 2500U);
}

TEST_F(ShipperTest, stop_can_be_repeated_and_ends_flushes) {
  transport().next_silence();
  shipper().start();
  live_.append(0, 1);
  auto flushed = std::async(std::launch::async, [&] { return shipper().flush(in(seconds(100))); });
  transport().await_sent(1);
  shipper().stop(clock_.steady());
  shipper().stop(in(seconds(1)));
  EXPECT_FALSE(flushed.get());
  EXPECT_FALSE(shipper().flush(in(seconds(1))));
  shipper().start();
}

TEST_F(ShipperTest, the_thread_takes_no_signals) {
  std::promise<sigset_t> mask;
  transport().next_from([&](const ScriptedTransport::Sent& sent) {
    sigset_t blocked;
    pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    mask.set_value(blocked);
    return ScriptedTransport::accept_all(sent);
  });
  shipper().start();
  live_.append(0, 1);
  shipper().wake();
  sigset_t blocked = mask.get_future().get();
  for (const int signal : {SIGTERM, SIGINT, SIGPIPE, SIGALRM, SIGUSR1, SIGCHLD}) {
    EXPECT_EQ(sigismember(&blocked, signal), 1) << signal;
  }
  sigset_t own;
  pthread_sigmask(SIG_SETMASK, nullptr, &own);
  EXPECT_EQ(sigismember(&own, SIGTERM), 0);
}

TEST_F(ShipperTest, an_exception_inside_it_does_not_end_the_application) {
  std::promise<void> said;
  options_.on_message = [&](Severity, std::string_view kind, std::string_view) {
    if (kind == "shipper-exception") said.set_value();
  };
  transport().next_from([](const ScriptedTransport::Sent&) -> Result<HttpResponse> { throw std::bad_alloc(); });
  shipper().start();
  live_.append(0, 2);
  shipper().wake();
  said.get_future().get();
  shipper().stop(in(seconds(2)));
  EXPECT_EQ(live_.spooled().pending(), 0U);
}

TEST_F(ShipperTest, a_forked_child_can_do_nothing_with_it_and_destroy_it) {
  shipper().start();
  clock_.await_waiters(1);  // the lock of the test's clock is free when it is forked
  const pid_t child = fork();
  if (child == 0) {
    live_.append(0, 1);
    shipper().wake();
    const bool flushed = shipper().flush(in(seconds(1)));
    shipper().stop(in(seconds(1)));
    shipper_.reset();
    _exit(flushed ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
  live_.append(0, 1);
  EXPECT_TRUE(shipper().flush(in(seconds(10)))) << "the parent's goes on";
}

// ---- With libcurl, a real server, and the machine's clock
// ------------------------------------------------------------

// Small numbers: every jitter is a moment, every batch id another.
class SmallRandom final : public Random {
 public:
  std::uint64_t next() noexcept override { return ++last_; }

 private:
  std::uint64_t last_ = 0;
};

class ShipperOverHttp : public testing::Test {
 protected:
  ShipperOverHttp() {
    options_.api_key = "clog_pk_1";
    options_.sdk_version = "1.0.0";
    options_.max_retries = 20;
  }

  static ScriptedReply take_everything(const RecordedRequest& request) {
    const auto count = static_cast<std::size_t>(std::count(request.body.begin(), request.body.end(), '{')) - 1;
    ScriptedReply reply = verdicts(request, count);
    reply.headers = {{"Accept-Encoding", "zstd, gzip"}};
    return reply;
  }
  Shipper& start(const std::string& endpoint) {
    options_.endpoint = endpoint;
    shipper_ = std::make_unique<Shipper>(options_, live_, make_curl_transport({}), system_clock(), random_);
    shipper_->start();
    return *shipper_;
  }
  static SteadyTime in(milliseconds time) { return system_clock().steady() + time; }

  ShipperOptions options_;
  SmallRandom random_;
  ListRecordSource live_;
  ScriptedHttpServer server_{take_everything};
  std::unique_ptr<Shipper> shipper_;
};

TEST_F(ShipperOverHttp, every_record_arrives_compressed_from_the_second_batch_on) {
  Shipper& shipper = start(server_.url());
  live_.append(0, 1200);
  EXPECT_TRUE(shipper.flush(in(seconds(60))));
  const std::vector<RecordedRequest> requests = server_.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(requests[0].headers.count("content-encoding"), 0U);
  EXPECT_EQ(requests[1].headers.at("content-encoding"), "zstd");
  EXPECT_LT(requests[1].wire_bytes, requests[1].body.size());
  EXPECT_EQ(requests[2].body.substr(0, 21), "{\"logs\":[{\"n\":1000},{");
  EXPECT_EQ(live_.spooled().delivered, 1200U);
  EXPECT_EQ(server_.connections(), 1);
}

TEST_F(ShipperOverHttp, resets_errors_and_slowness_lose_nothing) {
  Shipper& shipper = start(server_.url());
  server_.next({.behaviour = Behaviour::kResetBeforeAnswer});
  server_.next({.behaviour = Behaviour::kResetInAnswer});
  server_.next({.behaviour = Behaviour::kResetInRequest});
  server_.next({.status = 503, .behaviour = Behaviour::kSlowAnswer, .pause = milliseconds(1)});
  live_.append(0, 700);
  EXPECT_TRUE(shipper.flush(in(seconds(60))));
  EXPECT_EQ(live_.spooled().delivered, 700U);
}

TEST_F(ShipperOverHttp, stop_with_a_dead_endpoint_keeps_the_records) {
  std::string endpoint;
  {
    const ScriptedHttpServer gone;
    endpoint = gone.url();
  }
  Shipper& shipper = start(endpoint);
  live_.append(0, 3);
  shipper.stop(in(seconds(60)));
  EXPECT_EQ(live_.spooled().pending(), 3U);
}

TEST_F(ShipperOverHttp, stop_with_a_silent_endpoint_ends_at_its_deadline) {
  server_.next({.behaviour = Behaviour::kSilence});
  Shipper& shipper = start(server_.url());
  live_.append(0, 3);
  shipper.wake();
  server_.await_requests(1);
  shipper.stop(in(milliseconds(50)));  // the timeout of the request itself is 15 s
  EXPECT_EQ(shipper.status().send_failures, 1U);
  EXPECT_EQ(live_.spooled().pending(), 3U);
}

TEST_F(ShipperOverHttp, stop_with_a_slow_endpoint_waits_for_its_answer) {
  server_.next_from([](const RecordedRequest& request) {
    ScriptedReply reply = take_everything(request);
    reply.behaviour = Behaviour::kSlowAnswer;
    reply.pause = milliseconds(1);
    return reply;
  });
  Shipper& shipper = start(server_.url());
  live_.append(0, 3);
  shipper.stop(in(seconds(60)));
  EXPECT_EQ(live_.spooled().delivered, 3U);
}

TEST_F(ShipperOverHttp, it_can_be_destroyed_while_a_request_hangs) {
  server_.next({.behaviour = Behaviour::kSilence});
  Shipper& shipper = start(server_.url());
  live_.append(0, 1);
  shipper.wake();
  server_.await_requests(1);
  shipper_.reset();
  EXPECT_EQ(live_.spooled().pending(), 1U);
}

}  // namespace
}  // namespace logs_sdk
