#include "src/shipper/answer.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "testing/seeded_random.h"

namespace logs_sdk {
namespace {

const std::string kId = "0123456789abcdef0123456789abcdef";

HttpResponse answer_with(int status, std::string body) { return {status, {}, std::move(body)}; }

// Verdicts on three entries.
std::string verdicts(const std::string& counts) { return "{\"batch_id\":\"" + kId + "\"," + counts + "}"; }

Row row_of(int status, std::string body, bool confirmed_before = false) {
  return judge(answer_with(status, std::move(body)), {kId, 3, confirmed_before}).row;
}

TEST(Answer, verdicts_that_add_up_are_taken) {
  const Answer answer = judge(
      answer_with(200, verdicts(R"("accepted":1,"duplicate":1,"rejected":[{"index":2,"uuid":"u","reason":"bad"}])")),
      {kId, 3});
  EXPECT_EQ(answer.row, Row::kConfirmed);
  EXPECT_EQ(answer.duplicate, 1U);
  ASSERT_EQ(answer.rejected.size(), 1U);
  EXPECT_EQ(answer.rejected[0].index, 2U);
  EXPECT_EQ(answer.rejected[0].reason, "bad");
}

TEST(Answer, verdicts_are_taken_with_any_2xx_and_with_members_unknown_to_us) {
  EXPECT_EQ(row_of(207, verdicts(R"("accepted":3,"duplicate":0,"rejected":[])")), Row::kConfirmed);
  EXPECT_EQ(row_of(200, verdicts(R"("accepted":3,"later":[{"x":[]}],"duplicate":0,"rejected":[])")), Row::kConfirmed);
}

TEST(Answer, a_rejection_needs_no_reason) {
  EXPECT_EQ(row_of(200, verdicts(R"("accepted":2,"duplicate":0,"rejected":[{"index":0}])")), Row::kConfirmed);
}

TEST(Answer, verdicts_that_do_not_fit_the_batch_settle_nothing) {
  const std::vector<std::string> bodies = {
      R"({"batch_id":"ffffffffffffffffffffffffffffffff","accepted":3,"duplicate":0,"rejected":[]})",
      R"({"batch_id":17,"accepted":3,"duplicate":0,"rejected":[]})",
      verdicts(R"("accepted":2,"duplicate":0,"rejected":[])"),
      verdicts(R"("accepted":4,"duplicate":0,"rejected":[])"),
      verdicts(R"("accepted":3,"duplicate":0)"),
      verdicts(R"("accepted":-1,"duplicate":4,"rejected":[])"),
      verdicts(R"("accepted":3.0,"duplicate":0,"rejected":[])"),
      verdicts(R"("accepted":"3","duplicate":0,"rejected":[])"),
      verdicts(R"("accepted":9223372036854775807,"duplicate":9223372036854775807,"rejected":[])"),
      verdicts(R"("accepted":2,"duplicate":0,"rejected":[{"index":3,"reason":"outside"}])"),
      verdicts(R"("accepted":2,"duplicate":0,"rejected":[{"reason":"which?"}])"),
      verdicts(R"("accepted":2,"duplicate":0,"rejected":[{"index":0,"index":1}])"),
      verdicts(R"("accepted":2,"duplicate":0,"rejected":[7])"),
      verdicts(R"("accepted":1,"duplicate":0,"rejected":[{"index":1},{"index":1}])"),
      verdicts(R"("accepted":0,"duplicate":0,"rejected":[{"index":0},{"index":1},{"index":2},{"index":0}])"),
      verdicts(R"("accepted":2,"duplicate":1,"rejected":null)"),
  };
  for (const std::string& body : bodies) EXPECT_EQ(row_of(200, body), Row::kMismatch) << body;
}

TEST(Answer, a_platform_of_the_family_is_believed_without_verdicts) {
  for (const int status : {200, 201, 202, 204}) EXPECT_EQ(row_of(status, ""), Row::kUnconfirmed) << status;
  for (const char* body : {" \r\n", "{}", R"({"ok":true})", R"({"code":0})", R"({"code":200,"data":{"n":[1]}})"}) {
    EXPECT_EQ(row_of(200, body), Row::kUnconfirmed) << body;
  }
}

TEST(Answer, a_body_that_tells_of_a_failure_settles_nothing) {
  for (const char* body : {R"({"error":"no"})", R"({"error":null})", R"({"code":500})", R"({"code":"0"})",
                           R"({"code":0.5})", R"({"code":{}})", R"({"code":-1})"}) {
    EXPECT_EQ(row_of(200, body), Row::kForeign) << body;
  }
}

TEST(Answer, what_no_platform_sends_settles_nothing) {
  for (const char* body :
       {"<html>Please log in</html>", "OK", "[]", "true", "{\"a\":1", "{} {}", "\xFF", "{\"a\":1,\"a\"}"}) {
    EXPECT_EQ(row_of(200, body), Row::kForeign) << body;
  }
  EXPECT_EQ(row_of(203, ""), Row::kForeign);
  EXPECT_EQ(row_of(206, "{}"), Row::kForeign);
}

TEST(Answer, a_name_that_comes_twice_makes_it_nobodys_answer) {
  EXPECT_EQ(row_of(200, verdicts(R"("accepted":3,"accepted":3,"duplicate":0,"rejected":[])")), Row::kForeign);
}

TEST(Answer, an_address_that_has_given_verdicts_is_held_to_them) {
  for (const char* body : {"", "{}", "<html>", R"({"error":1})"})
    EXPECT_EQ(row_of(200, body, true), Row::kMismatch) << body;
  EXPECT_EQ(row_of(200, verdicts(R"("accepted":3,"duplicate":0,"rejected":[])"), true), Row::kConfirmed);
}

TEST(Answer, every_other_status_has_its_row) {
  for (const int status : {0, 100, 408, 425, 429, 500, 502, 503, 504, 599, 700}) {
    EXPECT_EQ(row_of(status, "{}"), Row::kPassing) << status;
  }
  for (const int status : {300, 301, 302, 304, 307, 308, 401, 402, 403, 404, 405, 406, 409, 410, 418, 451}) {
    EXPECT_EQ(row_of(status, "{}"), Row::kRefused) << status;
  }
  EXPECT_EQ(row_of(413, ""), Row::kTooLarge);
  EXPECT_EQ(row_of(415, ""), Row::kEncodingRefused);
  EXPECT_EQ(row_of(400, ""), Row::kInputRefused);
  EXPECT_EQ(row_of(422, ""), Row::kInputRefused);
}

TEST(Answer, reasons_are_whole_and_without_control_characters) {
  const std::string reason = "a\\u001b[2J\\u0000b" + std::string(5000, 'x');
  const Answer answer = judge(
      answer_with(200, verdicts(R"("accepted":2,"duplicate":0,"rejected":[{"index":0,"reason":")" + reason + "\"}]")),
      {kId, 3});
  ASSERT_EQ(answer.rejected.size(), 1U);
  EXPECT_EQ(answer.rejected[0].reason, "a [2J b" + std::string(5000, 'x'));
}

TEST(Answer, headers_tell_when_to_come_back_and_what_to_compress_with) {
  HttpResponse response = answer_with(503, "");
  EXPECT_FALSE(judge(response, {kId, 3}).retry_after);
  EXPECT_FALSE(judge(response, {kId, 3}).accepted_encoding);
  response.headers = {{"date", "Sun, 06 Nov 1994 08:49:37 GMT"},
                      {"retry-after", "Sun, 06 Nov 1994 08:49:47 GMT"},
                      {"accept-encoding", "gzip"}};
  EXPECT_EQ(judge(response, {kId, 3}).retry_after, std::chrono::seconds(10));
  EXPECT_EQ(judge(response, {kId, 3}).accepted_encoding, Encoding::kGzip);
}

// Damage: whatever happens to an answer on its way, it never settles an entry in another way than it was meant.
TEST(Answer, a_damaged_answer_is_whole_or_settles_nothing) {
  const std::string whole = verdicts(R"("accepted":1,"duplicate":1,"rejected":[{"index":2,"uuid":"u","reason":"r"}])");
  for (std::size_t size = 1; size < whole.size(); ++size) {
    const Row row = row_of(200, whole.substr(0, size));
    EXPECT_TRUE(row == Row::kForeign || row == Row::kMismatch) << size;
  }
  SeededRandom random;
  for (int round = 0; round < 20'000; ++round) {
    std::string damaged = whole;
    damaged[random.below(damaged.size())] = static_cast<char>(random.next());
    const Answer answer = judge(answer_with(200, damaged), {kId, 3});
    if (answer.row != Row::kConfirmed) continue;
    EXPECT_EQ(answer.duplicate, 1U) << damaged;
    EXPECT_EQ(answer.rejected.size(), 1U) << damaged;
  }
}

TEST(Explain, says_what_a_person_can_do) {
  EXPECT_EQ(explain(Row::kRefused, 401), "answered 401: check api_key and api_secret");
  EXPECT_EQ(explain(Row::kRefused, 407), "answered 407: check proxy, which wants a user and a password");
  EXPECT_EQ(explain(Row::kRefused, 302), "answered 302: check endpoint, redirects are not followed");
  EXPECT_EQ(explain(Row::kPassing, 503), "answered 503");
  EXPECT_NE(explain(Row::kForeign, 200).find("captive portal"), std::string::npos);
}

}  // namespace
}  // namespace logs_sdk
