#include "src/shipper/sender.h"

#include <algorithm>
#include <optional>
#include <span>

#include "src/shipper/printable.h"

namespace logs_sdk::inline v1 {

Sender::Sender(const ShipperOptions& options, HttpTransport& transport, Clock& clock, Random& random)
    : options_(&options), transport_(&transport), clock_(&clock), random_(&random) {
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

std::size_t Sender::attempt(Batch& batch, RecordSource& source, Destination& destination, SteadyTime not_after) {
  if (!batch.sealed()) {
    // What was read fits; what was rewritten may have grown, and then travels in two.
    const std::size_t max_body_bytes = std::min(destination.max_body_bytes(), Batch::kMaxBodyBytes);
    batch.seal({destination.encoding(), max_body_bytes, ledger_text(source.spooled(), source.in_memory())}, compressor_,
               *random_);
  }
  const SteadyTime deadline = std::min(not_after, clock_->steady() + options_->timeout);
  const Result<HttpResponse> result = transport_->post(request_for(batch, source, destination), deadline);
  if (!result.ok()) {
    failed(destination, std::nullopt, printable(result.status().message()));
    return 0;
  }
  const int status = result.value().status;
  const Answer answer = judge(result.value(), {batch.id(), batch.count(), destination.confirms});
  if (answer.accepted_encoding) destination.offers(*answer.accepted_encoding);
  switch (answer.row) {
    case Row::kConfirmed:
    case Row::kUnconfirmed:
      return take(batch, source, destination, answer, status);
    case Row::kTooLarge:
    case Row::kEncodingRefused:
    case Row::kInputRefused:
      return try_otherwise(batch, source, destination, answer, status);
    case Row::kPassing:
    case Row::kMismatch:
    case Row::kForeign:
      failed(destination, answer.retry_after, explain(answer.row, status));
      return 0;
    case Row::kRefused:
      break;
  }
  refused(destination, answer.retry_after, explain(answer.row, status));
  return 0;
}

std::size_t Sender::take(Batch& batch, RecordSource& source, Destination& destination, const Answer& answer,
                         int status) {
  const std::size_t count = batch.count();
  destination.confirms |= answer.row == Row::kConfirmed;
  if (answer.row == Row::kUnconfirmed) counters_.unconfirmed += count;
  keep_dead_letters(batch, source, answer.rejected, status);
  settle(batch, source, answer.rejected, answer.duplicate);
  batch.taken();
  destination.takes_body();
  succeeded(destination);
  return count;
}

// The platform is there and refuses the form of what was sent: it gets another one at once.
std::size_t Sender::try_otherwise(Batch& batch, RecordSource& source, Destination& destination, const Answer& answer,
                                  int status) {
  if (answer.row == Row::kEncodingRefused && batch.encoding() == Encoding::kIdentity) {
    refused(destination, answer.retry_after, explain(answer.row, status));
    return 0;
  }
  destination.backoff.succeed();
  if (answer.row == Row::kEncodingRefused) {
    destination.refuses_encoding();
    batch.reopen();
  } else if (batch.count() == 1) {
    reject_alone(batch, source, status);
    return 1;
  } else if (answer.row == Row::kTooLarge) {
    destination.finds_too_large(batch.body_bytes());
    batch.reopen();
  } else {
    batch.refused();
  }
  ++counters_.send_failures;
  return 0;
}

// The answer means the one record that travelled and nothing else.
void Sender::reject_alone(Batch& batch, RecordSource& source, int status) {
  const std::vector<Rejection> rejected = {{0, "answered " + std::to_string(status) + " to this entry alone"}};
  keep_dead_letters(batch, source, rejected, status);
  settle(batch, source, rejected, 0);
  batch.refused();
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

void Sender::settle(const Batch& batch, RecordSource& source, const std::vector<Rejection>& rejected,
                    std::size_t duplicate) {
  const std::span<const RecordId> all = batch.records();
  std::vector<bool> is_rejected(all.size());
  scratch_.clear();
  for (const Rejection& rejection : rejected) {
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
  if (duplicate > 0) source.settle(taken.first(duplicate), Verdict::kDuplicate);
  if (taken.size() > duplicate) source.settle(taken.subspan(duplicate), Verdict::kDelivered);
  ++counters_.batches_sent;
}

void Sender::keep_dead_letters(const Batch& batch, const RecordSource& source, const std::vector<Rejection>& rejected,
                               int status) {
  if (rejected.empty()) return;
  Status kept;
  for (const Rejection& rejection : rejected) {
    const std::string reason = shown(rejection.reason);
    if (!options_->keep_dead_letter) break;
    Status letter =
        options_->keep_dead_letter({source.instance(), batch.stream(), status, reason, batch.entry(rejection.index)});
    if (!letter.ok()) kept = std::move(letter);
  }
  const std::string& first = rejected.front().reason;
  say(Severity::kWarning, "rejected",
      "the platform rejects " + std::to_string(rejected.size()) + " of " + std::to_string(batch.count()) +
          " entries, the first because: " + (first.empty() ? "no reason given" : shown(first)));
  if (!kept.ok() && !dead_letters_fail_) {
    say(Severity::kWarning, "dead-letters", "rejected entries cannot be kept as dead letters: " + kept.message());
  }
  dead_letters_fail_ = !kept.ok();
}

// A platform may repeat in a reason what it was sent. Keys go first: of one that is cut a part would stay.
std::string Sender::shown(std::string reason) const {
  constexpr std::string_view kMask = "***";
  for (const std::string* key : {&options_->api_key, &options_->api_secret}) {
    if (key->empty()) continue;
    for (std::size_t at = reason.find(*key); at != std::string::npos; at = reason.find(*key, at + kMask.size())) {
      reason.replace(at, key->size(), kMask);
    }
  }
  return printable(reason);
}

void Sender::succeeded(Destination& destination) {
  destination.backoff.succeed();
  if (destination.back_up()) {
    say(Severity::kInfo, "destination-up", display_url(destination.url) + " takes entries again");
  }
}

void Sender::failed(Destination& destination, std::optional<std::chrono::seconds> retry_after, const std::string& why) {
  ++counters_.send_failures;
  destination.backoff.fail(clock_->steady(), retry_after);
  if (destination.backoff.state() == Backoff::State::kDown && destination.first_since_up(Backoff::State::kDown)) {
    say(Severity::kWarning, "destination-down",
        display_url(destination.url) + " does not take entries, they wait in the spool: " + why);
  }
}

void Sender::refused(Destination& destination, std::optional<std::chrono::seconds> retry_after,
                     const std::string& why) {
  ++counters_.send_failures;
  destination.backoff.park(clock_->steady(), retry_after);
  if (destination.first_since_up(Backoff::State::kParked)) {
    say(Severity::kError, "destination-parked",
        display_url(destination.url) + " refuses entries, they wait in the spool: " + why);
  }
}

void Sender::say(Severity severity, std::string_view kind, const std::string& text) const {
  if (options_->on_message) options_->on_message(severity, kind, text);
}

}  // namespace logs_sdk::inline v1
