#include "src/shipper/sender.h"

#include <algorithm>
#include <optional>
#include <span>

#include "src/shipper/printable.h"

namespace logs_sdk::inline v1 {

Sender::Sender(const ShipperOptions& options, HttpTransport& transport, Clock& clock)
    : options_(&options), transport_(&transport), clock_(&clock) {
  constant_headers_ = {
      {"Content-Type", "application/json"},
      {"X-API-Key", options.api_key},
      {"X-API-Secret", options.api_secret},
      {"X-SDK-Type", options.sdk_type},
      {"X-SDK-Version", options.sdk_version},
      {"X-SDK-Hash", options.sdk_hash.empty() ? "local-dev" : options.sdk_hash},
      {"User-Agent", "logs-sdk-" + options.sdk_type + "/" + options.sdk_version},
  };
  // An empty secret is left out: 0.3.0 sent none, and a platform may take that.
  std::erase_if(constant_headers_, [](const auto& header) { return header.second.empty(); });
}

bool Sender::attempt(Batch& batch, RecordSource& source, Destination& destination, SteadyTime not_after) {
  if (!batch.sealed()) {
    batch.seal(destination.encoding, compressor_, ledger_text(source.spooled(), source.in_memory()));
  }
  const SteadyTime deadline = std::min(not_after, clock_->steady() + options_->timeout);
  const Result<HttpResponse> result = transport_->post(request_for(batch, source, destination), deadline);
  if (!result.ok()) {
    failed(destination, std::nullopt, printable(result.status().message()));
    return false;
  }
  const HttpResponse& response = result.value();
  const Answer answer = judge(response, {batch.id(), batch.count(), destination.confirms});
  if (answer.accepted_encoding) destination.encoding = *answer.accepted_encoding;
  switch (answer.row) {
    case Row::kConfirmed:
    case Row::kUnconfirmed:
      destination.confirms |= answer.row == Row::kConfirmed;
      settle(batch, source, answer);
      succeeded(destination);
      batch.clear();
      return true;
    case Row::kPassing:
    case Row::kMismatch:
    case Row::kForeign:
      failed(destination, answer.retry_after, explain(answer.row, response.status));
      return false;
    case Row::kTooLarge:
    case Row::kEncodingRefused:
    case Row::kInputRefused:
    case Row::kRefused:
      break;
  }
  refused(destination, answer.retry_after, explain(answer.row, response.status));
  return false;
}

HttpRequest Sender::request_for(const Batch& batch, const RecordSource& source, const Destination& destination) const {
  HttpRequest request;
  request.url = destination.url;
  request.headers = constant_headers_;
  request.headers.emplace_back("X-Batch-Id", batch.id());
  request.headers.emplace_back("X-Logs-Instance", source.instance());
  request.headers.emplace_back("X-Logs-Ledger", batch.ledger());
  if (batch.encoding() != Encoding::kIdentity) {
    request.headers.emplace_back("Content-Encoding", encoding_name(batch.encoding()));
  }
  request.body = batch.payload();
  return request;
}

void Sender::settle(const Batch& batch, RecordSource& source, const Answer& answer) {
  const std::span<const RecordId> all = batch.records();
  std::vector<bool> is_rejected(all.size());
  scratch_.clear();
  for (const Rejection& rejection : answer.rejected) {
    is_rejected[rejection.index] = true;
    scratch_.push_back(all[rejection.index]);
  }
  if (!scratch_.empty()) source.settle(scratch_, Verdict::kRejected);
  scratch_.clear();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!is_rejected[i]) scratch_.push_back(all[i]);
  }
  // Which of them were the duplicates is not told (answer.h): the first so many are noted as such.
  const std::span<const RecordId> taken = scratch_;
  if (answer.duplicate > 0) source.settle(taken.first(answer.duplicate), Verdict::kDuplicate);
  if (taken.size() > answer.duplicate) source.settle(taken.subspan(answer.duplicate), Verdict::kDelivered);
  ++counters_.batches_sent;
  if (answer.row == Row::kUnconfirmed) counters_.unconfirmed += all.size();
  report_rejections(answer.rejected, all.size());
}

void Sender::succeeded(Destination& destination) {
  const Backoff::State before = destination.backoff.state();
  destination.backoff.succeed();
  if (before == Backoff::State::kDown || before == Backoff::State::kParked) {
    say(Severity::kInfo, "destination-up", display_url(destination.url) + " takes entries again");
  }
}

void Sender::failed(Destination& destination, std::optional<std::chrono::seconds> retry_after, const std::string& why) {
  ++counters_.send_failures;
  const Backoff::State before = destination.backoff.state();
  destination.backoff.fail(clock_->steady(), retry_after);
  if (destination.backoff.state() == Backoff::State::kDown && before != Backoff::State::kDown) {
    say(Severity::kWarning, "destination-down",
        display_url(destination.url) + " does not take entries, they wait in the spool: " + why);
  }
}

void Sender::refused(Destination& destination, std::optional<std::chrono::seconds> retry_after,
                     const std::string& why) {
  ++counters_.send_failures;
  const Backoff::State before = destination.backoff.state();
  destination.backoff.park(clock_->steady(), retry_after);
  if (before != Backoff::State::kParked) {
    say(Severity::kError, "destination-parked",
        display_url(destination.url) + " refuses entries, they wait in the spool: " + why);
  }
}

void Sender::report_rejections(const std::vector<Rejection>& rejected, std::size_t count) {
  if (rejected.empty()) return;
  const Rejection& first = rejected.front();
  say(Severity::kWarning, "rejected",
      "the platform rejects " + std::to_string(rejected.size()) + " of " + std::to_string(count) +
          " entries, the first because: " + (first.reason.empty() ? "no reason given" : first.reason));
}

void Sender::say(Severity severity, std::string_view kind, const std::string& text) const {
  if (options_->on_message) options_->on_message(severity, kind, text);
}

}  // namespace logs_sdk::inline v1
