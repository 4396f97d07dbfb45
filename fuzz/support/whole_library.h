// The library from the calls of an application to the bytes of the spool, without threads, files and time.
//
// EntryWriter is what LogSDK::send, upload_infra_log and a finished exchange come to when the library has started:
// empty fields are filled, the entry is masked, encoded and appended. In the place of the spool's files stands a record
// that is kept, so that an input costs microseconds, and the same input always does the same.
// Thread-safety: none.
#ifndef LOGS_SDK_FUZZ_SUPPORT_WHOLE_LIBRARY_H_
#define LOGS_SDK_FUZZ_SUPPORT_WHOLE_LIBRARY_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fuzz/support/entry_check.h"
#include "fuzz/support/promise.h"
#include "logs_sdk/config.h"
#include "src/audit/entry_audit.h"
#include "src/capture/capture.h"
#include "src/capture/exchange_pool.h"
#include "src/capture/exchange_sink.h"
#include "src/entry/field_table.h"
#include "src/sdk/entry_writer.h"
#include "src/spool/segment_format.h"
#include "src/spool/spool.h"
#include "testing/manual_clock.h"
#include "testing/seeded_random.h"

namespace logs_sdk::fuzz {

// The limits of a spool, and the last record that was appended to it.
class KeptRecord final : public Spool {
 public:
  Appended append(Stream, std::string_view payload) noexcept override {
    if (payload.size() > max_record_bytes()) return Appended::kDropped;
    promise(!record_, "one call makes one record");
    record_.emplace(payload);
    return Appended::kSpooled;
  }
  void count_drop(DropReason) noexcept override { promise(false, "no input makes the library give an entry up"); }
  std::size_t max_record_bytes() const noexcept override { return max_payload_bytes(kMinSegmentBytes); }

  // None: it was too large.
  std::optional<std::string> take() { return std::exchange(record_, std::nullopt); }

  std::uint64_t pending_estimate() const noexcept override { return 0; }
  void maintain() override {}
  void wait_for_work(SteadyTime) override {}
  void interrupt() noexcept override {}
  std::vector<std::unique_ptr<Orphan>> adopt_orphans(std::size_t) override { return {}; }
  void abandon_after_fork() noexcept override {}
  const std::string& instance() const noexcept override { return instance_; }
  std::vector<Record> read(const BatchLimits&) override { return {}; }
  void rewind() override {}
  void settle(std::span<const RecordId>, Verdict) override {}
  LedgerTotals spooled() const override { return {}; }
  LedgerTotals in_memory() const override { return {}; }

 private:
  const std::string instance_ = std::string(32, 'a');
  std::optional<std::string> record_;
};

// Of an exchange, what is masked piece by piece and joined afterwards: the headers of one name, and host and path.
inline bool is_joined(std::string_view field) {
  return field == info(Field::kFullUrl).name || field == info(Field::kRequestHeaders).name ||
         field == info(Field::kResponseHeaders).name;
}

class WholeLibrary final : public ExchangeSink {
 public:
  explicit WholeLibrary(const Config& config)
      : limits_{.max_body_bytes = config.max_body_size, .max_stack_bytes = config.max_stack_size},
        capture_(config, TrustedProxies::parse(config.trusted_proxies).value()),
        writer_(capture_, EntryEncoder(limits_, {"shop", "production", "orders", "node-1", "4711"}),
                InfraEncoder(limits_, "shop", "node-1"), spool_) {}

  // The last record, held against what is promised of an entry of that kind; none when it was too large for a spool.
  std::optional<std::string> send(LogEntry entry) {
    writer_.write(entry, clock_.wall(), random_);
    return checked(EntryKind::kEntry);
  }
  std::optional<std::string> upload(InfraLogEntry entry, Exchange& within) {
    writer_.write(entry, clock_.wall(), within);
    return checked(EntryKind::kInfra);
  }

  Exchange begin() {
    ExchangeState* const state = pool_.take();
    promise(state != nullptr, "there is an exchange to be had");
    state->begin({.sink = this,
                  .uuid = next_uuid7(clock_.wall()),
                  .wall = clock_.wall(),
                  .steady = clock_.steady(),
                  .max_body_bytes = capture_.max_body_bytes()});
    return Exchange(state);
  }
  // Of the exchange that was finished.
  std::optional<std::string> finished() { return checked(EntryKind::kEntry, true); }
  SteadyTime now() const { return clock_.steady(); }

  void finish(ExchangeState* state, Outcome outcome) noexcept override {
    promise(!state->damaged, "nothing but want of memory damages an exchange");
    writer_.write(*state, outcome, clock_.steady());
    pool_.give_back(state);
  }
  void settle_identity(ExchangeState& state) noexcept override { capture_.settle_identity(state); }

 private:
  std::optional<std::string> checked(EntryKind kind, bool of_exchange = false) {
    std::optional<std::string> record = spool_.take();
    if (!record) return record;
    check_entry(*record, kind, limits_);
    const EntryForm form = kind == EntryKind::kEntry ? EntryForm::kEntry : EntryForm::kInfra;
    const auto findings = audit_entry(capture_.masker(), form, *record);
    promise(findings.has_value(), "an audit can read what was captured", *record);
    for (const std::string_view field : findings->fields) {
      if (!is_as_masked(*record) || (of_exchange && is_joined(field))) continue;
      promise(false, "what is masked is not masked again", std::string(field) + " of " + *record);
    }
    return record;
  }

  const EntryLimits limits_;
  ManualClock clock_;
  SeededRandom random_{1};
  KeptRecord spool_;
  const Capture capture_;
  ExchangePool pool_;
  const EntryWriter writer_;
};

// Configurations that an input may choose from, made when first asked for.
class Libraries {
 public:
  // `max_body_bytes`: the least that is not below it.
  WholeLibrary& with_bodies_of(std::int64_t max_body_bytes) {
    constexpr std::array<std::int64_t, 4> kSizes = {0, 32, 4096, 65'536};
    std::size_t choice = 0;
    while (choice + 1 < kSizes.size() && kSizes[choice] < max_body_bytes) ++choice;
    if (!made_[choice]) {
      Config config;
      config.max_body_size = static_cast<std::size_t>(kSizes[choice]);
      config.max_stack_size = std::min<std::size_t>(config.max_body_size * 2, 65'536);
      config.mask_extra = {"tenant*"};
      made_[choice] = std::make_unique<WholeLibrary>(config);
    }
    return *made_[choice];
  }

 private:
  std::array<std::unique_ptr<WholeLibrary>, 4> made_;
};

}  // namespace logs_sdk::fuzz

#endif  // LOGS_SDK_FUZZ_SUPPORT_WHOLE_LIBRARY_H_
