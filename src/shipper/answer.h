// What an answer of the platform means. A pure function of the answer, the batch, and what this address has answered
// before; what follows from each row is the Sender's part (sender.h).
#ifndef LOGS_SDK_SHIPPER_ANSWER_H_
#define LOGS_SDK_SHIPPER_ANSWER_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "src/base/compression.h"
#include "src/shipper/answer_body.h"
#include "src/shipper/http_transport.h"

namespace logs_sdk::inline v1 {

// The rows of the table of answers (docs/architecture.md, "answers").
enum class Row {
  kConfirmed,        // 2xx with our batch_id, and the counts add up: a verdict for each entry
  kUnconfirmed,      // 200, 201, 202, 204, empty or a plain object: a platform of the original family took them all
  kMismatch,         // 2xx with verdicts of another batch, or none from an address that has given verdicts before
  kForeign,          // any other 2xx: a captive portal or a proxy has answered
  kPassing,          // 408, 425, 429, 5xx, or no status at all: later
  kTooLarge,         // 413
  kEncodingRefused,  // 415
  kInputRefused,     // 400, 422
  kRefused,          // 401, 402, 403, 404, 405, 410, 3xx and whatever else: a person has to mend something
};

struct Question {
  std::string_view batch_id;
  std::size_t count = 0;          // entries in the batch
  bool confirmed_before = false;  // this address has given verdicts before
};

struct Answer {
  Row row = Row::kPassing;
  // kConfirmed only. The platform counts duplicates without naming them. Of the entries that were not rejected, any
  // `duplicate` many may be noted as such: which ones cannot be known, and the sums are right whichever are taken.
  std::size_t duplicate = 0;
  std::vector<Rejection> rejected;  // kConfirmed only; every index below `count`, each once
  std::optional<std::chrono::seconds> retry_after;
  std::optional<Encoding> accepted_encoding;  // absent: this answer says nothing about it
};

Answer judge(const HttpResponse& response, const Question& question);

// For a message: "answered 401: check api_key and api_secret".
std::string explain(Row row, int status);

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_ANSWER_H_
