// Every row of the table of answers (docs/architecture.md), each against a platform that answers so.
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

#include "src/shipper/printable.h"
#include "testing/platform_fixture.h"

namespace logs_sdk {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Behaviour = ScriptedReply::Behaviour;

std::string entry(int n) { return "{\"n\":" + std::to_string(n) + "}"; }

class AnswersTest : public PlatformFixture {
 protected:
  // Adds one entry, lets the platform answer with `headers` to 503, and tells how long the next request waits for it.
  SteadyTime::duration wait_after(std::vector<std::pair<std::string, std::string>> headers, int status = 503) {
    platform_.next_reply({.status = status, .headers = std::move(headers)});
    live_.append(0, 1);
    const std::size_t before = platform_.posts().size();
    drain();
    EXPECT_EQ(platform_.posts().size(), before + 1);
    const SteadyTime answered = clock_.steady();
    ship_until_posted(before + 2);
    EXPECT_EQ(live_.spooled().pending(), 0U);
    return clock_.steady() - answered;
  }
  std::size_t count_of(std::string_view kind) const {
    return static_cast<std::size_t>(std::count(kinds_.begin(), kinds_.end(), kind));
  }
};

// -- 400 and 422: one entry is bad

class RefusedInput : public AnswersTest, public testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Statuses, RefusedInput, testing::Values(400, 422));

TEST_P(RefusedInput, bad_entries_are_found_and_kept_as_dead_letters_and_all_around_them_arrive) {
  platform_.refusal = GetParam();
  platform_.refuses_batch_with = [](std::string_view e) { return e == entry(0) || e == entry(77) || e == entry(499); };
  live_.append(0, 700);
  drain();
  EXPECT_EQ(live_.spooled().rejected, 3U);
  EXPECT_EQ(live_.spooled().delivered, 697U);
  ASSERT_EQ(letters_.size(), 3U);
  EXPECT_EQ(letters_[1].entry, entry(77));
  EXPECT_EQ(letters_[1].status, GetParam());
  EXPECT_EQ(letters_[1].instance, live_.instance());
  EXPECT_EQ(letters_[1].reason, "answered " + std::to_string(GetParam()) + " to this entry alone");
  EXPECT_LE(platform_.posts().size(), 2 + 3 * (9 + 3)) << "log2(500) is 9";
  EXPECT_EQ(clock_.steady(), ManualClock().steady()) << "it needs no waiting";
  EXPECT_FALSE(dispatcher().any(Backoff::State::kParked));
}

TEST_F(AnswersTest, each_part_of_a_refused_batch_travels_under_an_id_of_its_own) {
  platform_.refuses_batch_with = [](std::string_view e) { return e == entry(5); };
  live_.append(0, 8);
  drain();
  std::map<std::string, std::vector<std::string>> by_id;
  for (const auto& post : platform_.posts()) {
    EXPECT_TRUE(by_id.emplace(post.batch_id, post.entries).second) << "one id, two bodies";
  }
  EXPECT_EQ(live_.verdict(5), Verdict::kRejected);
}

TEST_F(AnswersTest, a_search_goes_on_where_it_was_after_failures_in_its_middle) {
  platform_.refuses_batch_with = [](std::string_view e) { return e == entry(300); };
  live_.append(0, 500);
  const auto by_rules = [](ScriptedPlatform& platform, const RecordedRequest& request) {
    return platform.judge(request);
  };
  platform_.next(by_rules);  // all 500: refused
  platform_.next_reply({.behaviour = Behaviour::kResetBeforeAnswer});
  platform_.next(by_rules);  // the first 250: taken
  platform_.next_reply({.status = 503});
  platform_.next_unheard(Behaviour::kResetInAnswer);  // 125 of the rest: refused, unheard
  drain();
  ship_until_settled();
  const auto posts = platform_.posts();
  EXPECT_EQ(posts[1].batch_id, posts[2].batch_id) << "the same bytes again";
  EXPECT_EQ(posts[3].batch_id, posts[4].batch_id);
  EXPECT_EQ(posts[4].batch_id, posts[5].batch_id);
  EXPECT_EQ(posts[3].entries.front(), entry(250));
  EXPECT_EQ(live_.spooled().rejected, 1U);
  EXPECT_EQ(live_.verdict(300), Verdict::kRejected);
  EXPECT_LE(posts.size(), 1U + 9 + 2 + 3);
}

TEST_F(AnswersTest, a_search_at_one_address_neither_stops_the_other_nor_is_disturbed_by_it) {
  platform_.refuses_batch_with = [](std::string_view e) { return e == entry(3); };
  live_.append(0, 400);
  live_.append(kInfraStream, 3);
  live_.append(0, 400);
  platform_.next([](ScriptedPlatform& platform, const RecordedRequest& request) { return platform.judge(request); });
  platform_.next_reply({.status = 503});  // in the middle of the search
  drain();
  EXPECT_EQ(live_.spooled().delivered, 3U) << "the infrastructure entries";
  ship_until_settled();
  EXPECT_EQ(live_.spooled().delivered, 802U);
  EXPECT_EQ(live_.verdict(3), Verdict::kRejected);
}

TEST_F(AnswersTest, a_refusal_that_comes_once_costs_no_entry) {
  platform_.next_reply({.status = 400});
  live_.append(0, 500);
  drain();
  EXPECT_EQ(live_.spooled().delivered, 500U);
  EXPECT_TRUE(letters_.empty());
}

TEST_F(AnswersTest, what_a_closing_client_has_not_settled_of_a_refused_batch_stays) {
  platform_.refuses_batch_with = [](std::string_view e) { return e == entry(9); };
  platform_.before_answer = [this] { clock_.advance(milliseconds(500)); };
  live_.append(0, 16);
  dispatcher().last_attempts(clock_.steady() + seconds(2));
  EXPECT_EQ(platform_.posts().size(), 4U) << "16, 8, 4, 2: the first two were taken";
  EXPECT_GT(live_.spooled().delivered, 0U);
  EXPECT_GT(live_.spooled().pending(), 0U);
  drain();
  EXPECT_EQ(live_.spooled().delivered, 15U);
}

TEST_F(AnswersTest, the_entries_of_a_dead_process_are_searched_alike) {
  auto orphan = std::make_unique<ListRecordSource>(std::string(32, 'b'));
  orphan->append(0, 100);
  std::vector<std::unique_ptr<RecordSource>> offered;
  offered.push_back(std::move(orphan));
  options_.find_orphans = [&] { return std::exchange(offered, {}); };
  platform_.refuses_batch_with = [](std::string_view e) { return e == entry(42); };
  while (dispatcher().recovered() < 100) ship_when_due();
  EXPECT_EQ(platform_.taken(std::string(32, 'b')).size(), 99U);
  ASSERT_EQ(letters_.size(), 1U);
  EXPECT_EQ(letters_[0].entry, entry(42));
  EXPECT_EQ(letters_[0].instance, std::string(32, 'b'));
}

// -- 413

TEST_F(AnswersTest, a_body_that_is_too_large_is_halved_until_it_fits_and_the_size_is_remembered) {
  platform_.max_body_bytes = 200'000;
  for (int i = 0; i < 1000; ++i) live_.append(0, "{\"n\":\"" + std::to_string(i) + std::string(1000, 'x') + "\"}");
  drain();
  EXPECT_EQ(live_.spooled().delivered, 1000U);
  EXPECT_TRUE(letters_.empty());
  EXPECT_LE(dispatcher().counters().send_failures, 4U) << "500 KB, 250 KB, and a try or two after growing";
}

TEST_F(AnswersTest, an_entry_that_is_too_large_alone_becomes_a_dead_letter) {
  platform_.max_body_bytes = 2000;
  live_.append(0, 20);
  const std::string large = "{\"large\":\"" + std::string(3000, 'x') + "\"}";
  live_.append(0, large);
  live_.append(0, 20);
  drain();
  EXPECT_EQ(live_.spooled().delivered, 40U);
  ASSERT_EQ(letters_.size(), 1U);
  EXPECT_EQ(letters_[0].entry, large);
  EXPECT_EQ(letters_[0].reason, "answered 413 to this entry alone");
}

TEST_F(AnswersTest, after_a_size_was_refused_bodies_grow_again) {
  live_.append(0, 500);
  platform_.next_reply({.status = 413});  // meant for the moment
  drain();
  for (int i = 0; i < 10; ++i) {
    live_.append(0, 500);
    drain();
  }
  EXPECT_EQ(platform_.posts().back().entries.size(), 500U);
}

// -- 415

TEST_F(AnswersTest, a_platform_that_refuses_compression_gets_none_ever_after) {
  platform_.offers = "zstd, gzip";
  live_.append(0, 10);
  drain();
  platform_.takes_compressed = false;
  for (int i = 0; i < 3; ++i) {
    live_.append(0, 10);
    drain();
  }
  std::vector<std::string> encodings;
  for (const auto& post : platform_.posts()) encodings.push_back(post.encoding);
  EXPECT_EQ(encodings, (std::vector<std::string>{"", "zstd", "", "", ""}));
  EXPECT_NE(platform_.posts()[1].batch_id, platform_.posts()[2].batch_id) << "other bytes";
  EXPECT_EQ(live_.spooled().delivered, 40U);
}

TEST_F(AnswersTest, a_platform_that_refuses_what_is_not_compressed_is_no_reason_to_lose_an_entry) {
  platform_.next_reply({.status = 415});
  live_.append(0, 10);
  drain();
  EXPECT_TRUE(dispatcher().any(Backoff::State::kParked));
  ship_until_settled();
  EXPECT_EQ(live_.spooled().delivered, 10U);
}

// -- A person has to mend something

class Misconfigured : public AnswersTest, public testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Statuses, Misconfigured, testing::Values(301, 302, 307, 308, 401, 402, 403, 404, 405, 410));

TEST_P(Misconfigured, parks_with_one_probe_at_a_time_and_one_message_and_drops_nothing) {
  constexpr int kProbes = 20;
  for (int i = 0; i < kProbes; ++i) {
    platform_.next_reply({.status = GetParam(), .headers = {{"Location", server_.url("/elsewhere")}}});
  }
  live_.append(0, 1200);
  drain();
  const SteadyTime parked_at = clock_.steady();
  EXPECT_TRUE(dispatcher().any(Backoff::State::kParked));
  EXPECT_TRUE(dispatcher().live_blocked());
  ship_until_posted(kProbes);
  EXPECT_GT(clock_.steady() - parked_at, seconds(kProbes * 60 / 6)) << "half a minute apart in the mean";
  EXPECT_EQ(live_.spooled().pending(), 1200U);
  EXPECT_EQ(kinds_, std::vector<std::string>{"destination-parked"});
  EXPECT_NE(texts_[0].find("answered " + std::to_string(GetParam()) + ": "), std::string::npos) << texts_[0];
  for (const auto& post : platform_.posts()) EXPECT_EQ(post.target, "/api/v1/ingest/logs") << "no redirect is followed";
  ship_until_settled();
  EXPECT_EQ(kinds_, (std::vector<std::string>{"destination-parked", "destination-up"}));
  EXPECT_EQ(live_.spooled().delivered, 1200U);
}

TEST_F(AnswersTest, an_outage_of_changing_kinds_says_each_kind_once) {
  options_.max_retries = 0;
  for (int i = 0; i < 30; ++i) platform_.next_reply({.status = i % 3 == 0 ? 401 : 503});
  live_.append(0, 10);
  drain();
  ship_until_posted(31);
  EXPECT_EQ(count_of("destination-parked"), 1U);
  EXPECT_EQ(count_of("destination-down"), 1U);
  EXPECT_EQ(count_of("destination-up"), 1U);
  EXPECT_EQ(kinds_.size(), 3U);
}

// -- Later

class Passing : public AnswersTest, public testing::WithParamInterface<int> {};
INSTANTIATE_TEST_SUITE_P(Statuses, Passing, testing::Values(408, 425, 429, 500, 502, 503, 504, 599));

TEST_P(Passing, is_retried_then_probed_and_loses_nothing) {
  options_.max_retries = 3;
  for (int i = 0; i < 12; ++i) platform_.next_reply({.status = GetParam()});
  live_.append(0, 700);
  drain();
  ship_until_posted(4);
  EXPECT_TRUE(dispatcher().any(Backoff::State::kDown));
  ship_until_posted(12);
  EXPECT_EQ(live_.spooled().pending(), 700U);
  EXPECT_EQ(kinds_, std::vector<std::string>{"destination-down"});
  ship_until_settled();
  EXPECT_EQ(live_.spooled().delivered, 700U);
  EXPECT_FALSE(dispatcher().any(Backoff::State::kDown));
}

TEST_F(AnswersTest, retry_after_in_seconds_is_honoured) {
  EXPECT_EQ(wait_after({{"Retry-After", "17"}}), seconds(17));
  EXPECT_EQ(wait_after({{"Retry-After", "17"}}, 429), seconds(17));
}

TEST_F(AnswersTest, retry_after_as_a_date_is_counted_from_the_answers_own_date) {
  EXPECT_EQ(wait_after({{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}, {"Retry-After", "Sun, 06 Nov 1994 08:50:07 GMT"}}),
            seconds(30));
}

TEST_F(AnswersTest, a_huge_retry_after_is_ten_minutes) {
  EXPECT_EQ(wait_after({{"Retry-After", "99999999999999999999"}}), seconds(600));
  EXPECT_EQ(wait_after({{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}, {"Retry-After", "Sun, 06 Nov 2094 08:50:07 GMT"}}),
            seconds(600));
}

TEST_F(AnswersTest, a_retry_after_that_says_nothing_leaves_it_to_our_own_delay) {
  for (const char* value : {"-5", "", "soon", "1e3", "0x10", "3.5", "Sun, 06 Nov 1994 08:50:07 GMT"}) {
    EXPECT_LE(wait_after({{"Retry-After", value}}), Backoff::kFirstRetry) << value;
  }
  EXPECT_LE(wait_after({{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"}, {"Retry-After", "Sun, 06 Nov 1984 08:50:07 GMT"}}),
            Backoff::kFirstRetry)
      << "a date that has passed";
}

// -- The network

TEST_F(AnswersTest, what_was_taken_before_the_answer_was_lost_counts_once) {
  platform_.next_unheard(Behaviour::kResetBeforeAnswer);
  platform_.next_unheard(Behaviour::kResetInAnswer);
  live_.append(0, 10);
  drain();
  EXPECT_EQ(live_.spooled().pending(), 10U);
  ship_until_settled();
  EXPECT_EQ(live_.spooled().duplicate, 10U) << "the third request learns that all of them were there";
  EXPECT_EQ(platform_.posts()[0].batch_id, platform_.posts().back().batch_id);
}

TEST_F(AnswersTest, a_platform_that_takes_and_never_answers_gets_them_once_in_effect) {
  options_.timeout = milliseconds(100);
  platform_.next_unheard(Behaviour::kSilence);
  live_.append(0, 10);
  drain();
  EXPECT_EQ(live_.spooled().pending(), 10U);
  options_.timeout = seconds(15);
  ship_until_settled();
  EXPECT_EQ(live_.spooled().duplicate, 10U);
}

TEST_F(AnswersTest, a_connection_that_breaks_under_the_request_loses_nothing) {
  server_.next({.behaviour = Behaviour::kResetInRequest});
  live_.append(0, 500);
  drain();
  ship_until_settled();
  EXPECT_EQ(live_.spooled().delivered, 500U);
}

// -- Answers that are none

TEST_F(AnswersTest, a_portals_page_is_no_platform_and_is_said_once) {
  options_.max_retries = 0;
  for (int i = 0; i < 5; ++i) {
    platform_.next_reply({.body = "<html>Please log in</html>", .headers = {{"Content-Type", "text/html"}}});
  }
  live_.append(0, 10);
  drain();
  ship_until_posted(5);
  EXPECT_EQ(live_.spooled().pending(), 10U);
  ASSERT_EQ(kinds_, std::vector<std::string>{"destination-down"});
  EXPECT_NE(texts_[0].find("is a captive portal or a proxy in between?"), std::string::npos) << texts_[0];
  ship_until_settled();
}

TEST_F(AnswersTest, verdicts_on_another_batch_or_another_number_are_none) {
  live_.append(0, 10);
  const auto wrong = [this](std::string body) { platform_.next_reply({.body = std::move(body)}); };
  wrong(R"({"batch_id":"00000000000000000000000000000000","accepted":10,"duplicate":0,"rejected":[]})");
  for (const char* counts :
       {R"("accepted":9,"duplicate":0,"rejected":[])", R"("accepted":11,"duplicate":0,"rejected":[])",
        R"("accepted":9,"duplicate":0,"rejected":[{"index":10}])",
        R"("accepted":8,"duplicate":0,"rejected":[{"index":1},{"index":1}])"}) {
    platform_.next([counts](ScriptedPlatform&, const RecordedRequest& request) {
      return ScriptedReply{.body = R"({"batch_id":")" + request.headers.at("x-batch-id") + "\"," + counts + "}"};
    });
  }
  drain();
  ship_until_posted(5);
  EXPECT_EQ(live_.spooled().pending(), 10U);
  ship_until_settled();
  EXPECT_EQ(live_.spooled().delivered, 10U);
}

TEST_F(AnswersTest, an_address_that_has_given_verdicts_and_now_gives_none_has_not_taken_anything) {
  live_.append(0, 10);
  drain();
  live_.append(0, 10);
  for (const char* body : {"", "{}", R"({"code":0})"}) platform_.next_reply({.body = body});
  drain();
  ship_until_posted(4);
  EXPECT_EQ(live_.spooled().pending(), 10U);
  ship_until_settled();
  EXPECT_EQ(dispatcher().counters().unconfirmed, 0U);
}

TEST_F(AnswersTest, a_platform_of_the_family_that_gives_no_verdicts_is_believed_and_counted) {
  for (const ScriptedReply& reply :
       {ScriptedReply{.status = 204}, ScriptedReply{.status = 201, .body = R"({"code":200,"message":"ok"})"}}) {
    platform_.next([reply](ScriptedPlatform& platform, const RecordedRequest& request) {
      platform.judge(request);
      return reply;
    });
    live_.append(0, 10);
    drain();
  }
  EXPECT_EQ(live_.spooled().delivered, 20U);
  EXPECT_EQ(dispatcher().counters().unconfirmed, 20U);
}

// -- Verdicts

TEST_F(AnswersTest, an_entry_that_the_verdicts_reject_is_a_dead_letter_before_it_is_settled) {
  platform_.rejects = [](std::string_view e) { return e == entry(4); };
  platform_.reason = "level: not one of the five words";
  options_.keep_dead_letter = [this, keep = options_.keep_dead_letter](const DeadLetter& letter) {
    EXPECT_EQ(live_.verdict(4), std::nullopt);
    return keep(letter);
  };
  live_.append(0, 10);
  drain();
  ASSERT_EQ(letters_.size(), 1U);
  EXPECT_EQ(letters_[0].entry, entry(4));
  EXPECT_EQ(letters_[0].reason, "level: not one of the five words");
  EXPECT_EQ(letters_[0].status, 200);
  EXPECT_EQ(live_.verdict(4), Verdict::kRejected);
}

TEST_F(AnswersTest, dead_letters_that_cannot_be_kept_change_no_verdict_and_are_said_once) {
  letter_status_ = Status(Code::kConfiguration, "no space left on device (errno 28)");
  platform_.rejects = [](std::string_view) { return true; };
  for (int i = 0; i < 3; ++i) {
    live_.append(0, 10);
    drain();
  }
  EXPECT_EQ(live_.spooled().rejected, 30U);
  EXPECT_EQ(count_of("dead-letters"), 1U);
}

TEST_F(AnswersTest, a_platform_that_repeats_our_keys_does_not_get_them_written_down) {
  platform_.rejects = [](std::string_view) { return true; };
  platform_.reason = "bad clog_sk_1 with clog_pk_1, clog_sk_1";
  live_.append(0, 1);
  drain();
  ASSERT_EQ(letters_.size(), 1U);
  EXPECT_EQ(letters_[0].reason, "bad *** with ***, ***");
  for (const std::string& text : texts_) EXPECT_EQ(text.find("clog_"), std::string::npos) << text;
}

TEST_F(AnswersTest, a_repeated_key_at_the_place_where_a_long_reason_is_cut_is_not_written_down_in_part) {
  platform_.rejects = [](std::string_view) { return true; };
  for (std::size_t before = kMaxReasonBytes - 10; before <= kMaxReasonBytes; ++before) {
    platform_.reason = std::string(before, 'x') + "clog_sk_1 is bad";
    live_.append(0, 1);
    drain();
    EXPECT_EQ(letters_.back().reason, (std::string(before, 'x') + "*** is bad").substr(0, kMaxReasonBytes));
  }
  for (const std::string& text : texts_) EXPECT_EQ(text.find("xc"), std::string::npos) << text;
}

// -- Any of these, in any order

TEST_F(AnswersTest, each_entry_ends_once_whatever_the_platform_does) {
  options_.timeout = milliseconds(50);
  platform_.offers = "gzip";
  platform_.rejects = [](std::string_view e) { return e.ends_with("31}"); };
  for (int i = 0; i < 400; ++i) {
    const std::uint64_t chosen = random_.below(12);
    const bool silent = random_.one_in(8);
    platform_.next([chosen, silent](ScriptedPlatform& platform, const RecordedRequest& request) -> ScriptedReply {
      ScriptedReply reply = {.status = 503};
      switch (chosen) {
        case 0:
          reply = platform.judge(request);
          reply.behaviour = silent ? Behaviour::kSilence : Behaviour::kResetInAnswer;
          return reply;
        case 1:
          reply.behaviour = Behaviour::kResetBeforeAnswer;
          return reply;
        case 2:
          return {.status = 429, .headers = {{"Retry-After", "3"}}};
        case 3:
          return {.status = 401};
        case 4:
          return {.body = "<html>"};
        case 5:
          return request.body.size() > 60 ? ScriptedReply{.status = 400} : platform.judge(request);  // not one alone
        case 6:
          return request.body.size() > 600 ? ScriptedReply{.status = 413} : platform.judge(request);
        case 7:
          return request.headers.count("content-encoding") > 0 ? ScriptedReply{.status = 415} : platform.judge(request);
        default:
          return platform.judge(request);
      }
    });
  }
  for (int round = 0; round < 10; ++round) {
    live_.append(0, 1 + random_.below(900));
    live_.append(kInfraStream, random_.below(100));
    drain();
    clock_.advance(milliseconds(random_.below(3000)));
    ship();
  }
  ship_until_settled();
  EXPECT_EQ(live_.spooled().rejected, letters_.size());
}

}  // namespace
}  // namespace logs_sdk
