#include "src/shipper/answer.h"

#include <algorithm>
#include <utility>

#include "src/shipper/accept_encoding.h"
#include "src/shipper/retry_after.h"

namespace logs_sdk::inline v1 {
namespace {

// The first header of that name (in lower case), or nothing.
std::optional<std::string_view> find_header(const HttpResponse& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return std::nullopt;
}

bool fits(const AnswerBody& body, const Question& question) {
  if (body.batch_id != question.batch_id) return false;
  // Each number is below 2^63, so the sum of two does not wrap.
  const std::uint64_t rest = question.count - body.rejected.size();  // the reader took no more than `count`
  if (body.accepted + body.duplicate != rest) return false;
  std::vector<bool> seen(question.count);
  return std::all_of(body.rejected.begin(), body.rejected.end(), [&](const Rejection& rejection) {
    if (rejection.index >= question.count || seen[rejection.index]) return false;
    seen[rejection.index] = true;
    return true;
  });
}

bool is_success_of_the_family(int status) { return status == 200 || status == 201 || status == 202 || status == 204; }

void judge_success(const HttpResponse& response, const Question& question, Answer& answer) {
  AnswerBody body = read_answer_body(response.body, question.count);
  const bool verdicts = body.kind == AnswerBody::Kind::kVerdicts || body.kind == AnswerBody::Kind::kBadVerdicts;
  if (body.kind == AnswerBody::Kind::kVerdicts && fits(body, question)) {
    answer.row = Row::kConfirmed;
    answer.duplicate = static_cast<std::size_t>(body.duplicate);
    answer.rejected = std::move(body.rejected);
  } else if (verdicts || question.confirmed_before) {
    answer.row = Row::kMismatch;
  } else if (is_success_of_the_family(response.status) && body.kind != AnswerBody::Kind::kOther) {
    answer.row = Row::kUnconfirmed;
  } else {
    answer.row = Row::kForeign;
  }
}

Row row_of_failure(int status) {
  switch (status) {
    case 400:
    case 422:
      return Row::kInputRefused;
    case 413:
      return Row::kTooLarge;
    case 415:
      return Row::kEncodingRefused;
    case 408:
    case 425:
    case 429:
      return Row::kPassing;
    default:
      return status >= 300 && status < 500 ? Row::kRefused : Row::kPassing;
  }
}

std::string advice(int status) {
  if (status >= 300 && status < 400) return "check endpoint, redirects are not followed";
  switch (status) {
    case 401:
    case 403:
      return "check api_key and api_secret";
    case 402:
      return "check the account at the platform";
    case 407:
      return "check proxy, which wants a user and a password";
    case 404:
    case 405:
    case 410:
      return "check endpoint";
    default:
      return "the platform refuses what this version sends";
  }
}

}  // namespace

Answer judge(const HttpResponse& response, const Question& question) {
  Answer answer;
  if (const auto header = find_header(response, "retry-after")) {
    answer.retry_after = parse_retry_after(*header, find_header(response, "date").value_or(""));
  }
  if (const auto header = find_header(response, "accept-encoding")) answer.accepted_encoding = best_encoding(*header);
  if (response.status >= 200 && response.status < 300) {
    judge_success(response, question, answer);
  } else {
    answer.row = row_of_failure(response.status);
  }
  return answer;
}

std::string explain(Row row, int status) {
  const std::string answered = "answered " + std::to_string(status);
  switch (row) {
    case Row::kConfirmed:
    case Row::kUnconfirmed:
    case Row::kPassing:
      return answered;
    case Row::kMismatch:
      return answered + ", but not with verdicts on what was sent";
    case Row::kForeign:
      return answered + ", but not as a platform does: is a captive portal or a proxy in between?";
    case Row::kTooLarge:
    case Row::kEncodingRefused:
    case Row::kInputRefused:
    case Row::kRefused:
      break;
  }
  return answered + ": " + advice(status);
}

}  // namespace logs_sdk::inline v1
