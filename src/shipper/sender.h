// Sender: one attempt to deliver one batch, and what follows from the answer: verdicts for its records, or another try.
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
  Sender(const ShipperOptions& options, HttpTransport& transport, Clock& clock);

  // Posts `batch` until the timeout or `not_after`. True: every record of it is settled, and the batch is empty. False:
  // nothing is, and the destination says when it may be tried again.
  bool attempt(Batch& batch, RecordSource& source, Destination& destination, SteadyTime not_after);

  struct Counters {
    std::uint64_t batches_sent = 0;   // settled
    std::uint64_t send_failures = 0;  // attempts
    std::uint64_t unconfirmed = 0;    // records
  };
  const Counters& counters() const noexcept { return counters_; }

 private:
  HttpRequest request_for(const Batch& batch, const RecordSource& source, const Destination& destination) const;
  void settle(const Batch& batch, RecordSource& source, const Answer& answer);
  void succeeded(Destination& destination);
  void failed(Destination& destination, std::optional<std::chrono::seconds> retry_after, const std::string& why);
  void refused(Destination& destination, std::optional<std::chrono::seconds> retry_after, const std::string& why);
  void report_rejections(const std::vector<Rejection>& rejected, std::size_t count);
  void say(Severity severity, std::string_view kind, const std::string& text) const;

  const ShipperOptions* options_;
  HttpTransport* transport_;
  Clock* clock_;
  std::vector<std::pair<std::string, std::string>> constant_headers_;
  Compressor compressor_;
  std::vector<RecordId> scratch_;  // of settle(); kept for its memory
  Counters counters_;
};

}  // namespace logs_sdk::inline v1

#endif  // LOGS_SDK_SHIPPER_SENDER_H_
