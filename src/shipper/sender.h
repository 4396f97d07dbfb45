// Sender: one attempt to deliver one batch, and what follows from the answer: verdicts for its records, another form of
// the batch, or another try.
//
// Thread-safety: none; the shipper's thread.
#ifndef LOGS_SDK_SHIPPER_SENDER_H_
#define LOGS_SDK_SHIPPER_SENDER_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "src/base/clock.h"
#include "src/base/compression.h"
#include "src/shipper/answer.h"
#include "src/shipper/batch.h"
#include "src/shipper/destination.h"
#include "src/shipper/http_transport.h"
#include "src/shipper/shipper.h"

namespace logs_sdk::inline v1 {

class Sender {
 public:
  // All outlive the sender.
  Sender(const ShipperOptions& options, HttpTransport& transport, Clock& clock, Random& random);

  // Posts what is at the front of `batch`, until the timeout or `not_after`; how many records have got their verdicts
  // and left it. Without any the destination says when it may be tried again: at once where it refused the form of what
  // was sent and another one is left.
  std::size_t attempt(Batch& batch, RecordSource& source, Destination& destination, SteadyTime not_after);

  struct Counters {
    std::uint64_t batches_sent = 0;   // requests by which something was settled
    std::uint64_t send_failures = 0;  // requests by which nothing was
    std::uint64_t unconfirmed = 0;    // records
  };
  const Counters& counters() const noexcept { return counters_; }

 private:
  HttpRequest request_for(const Batch& batch, const RecordSource& source, const Destination& destination) const;
  // -- What follows from an answer
  std::size_t take(Batch& batch, RecordSource& source, Destination& destination, const Answer& answer, int status);
  std::size_t try_otherwise(Batch& batch, RecordSource& source, Destination& destination, const Answer& answer,
                            int status);
  void reject_alone(Batch& batch, RecordSource& source, int status);
  void succeeded(Destination& destination);
  void failed(Destination& destination, std::optional<std::chrono::seconds> retry_after, const std::string& why);
  void refused(Destination& destination, std::optional<std::chrono::seconds> retry_after, const std::string& why);

  void settle(const Batch& batch, RecordSource& source, const std::vector<Rejection>& rejected, std::size_t duplicate);
  void keep_dead_letters(const Batch& batch, const RecordSource& source, const std::vector<Rejection>& rejected,
                         int status);
  // A platform's reason as it may be written down.
  std::string shown(std::string reason) const;
  void say(Severity severity, std::string_view kind, const std::string& text) const;

  const ShipperOptions* options_;
  HttpTransport* transport_;
  Clock* clock_;
  Random* random_;
  std::vector<std::pair<std::string, std::string>> constant_headers_;
  Compressor compressor_;
  std::vector<RecordId> scratch_;  // of settle(); kept for its memory
  Counters counters_;
  bool dead_letters_fail_ = false;  // and that was said
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_SENDER_H_
